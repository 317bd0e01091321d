import type { EntityManager } from 'typeorm';
import { sealingOf } from '../../src/platform/sealing.js';
import { WebhookSecrets } from '../../src/webhooks/webhook-secrets.js';
import { AGENTS } from './agents.js';
import { idOf } from './chance.js';
import { agentId, organizationId } from './ids.js';
import { serviceOf } from './services.js';

const HOST = 'https://greffe.logiciel.example/mon-suivi-justice';

/**
 * Another program that was told what happens, until its server went away: the receiver is fiction, so the webhook is
 * disabled, as one is after a week of failures. Nobody has seen its secret: who activates it replaces that first.
 */
export async function writePrograms(tx: EntityManager): Promise<void> {
  const service = serviceOf('spip-92');
  const id = idOf('webhook spip-92');
  const secrets = new WebhookSecrets(sealingOf(tx));
  const admin = AGENTS.find(({ role }) => role === 'admin');
  await tx.query(
    `INSERT INTO webhook_endpoint (id, organization_id, url, events, secret_sealed, created_at, created_by,
       failing_since, disabled_at, disabled_reason)
     VALUES ($1, $2, $3, '{booked,attended,missed}', $5, app_now() - interval '60 days', $4,
       app_now() - interval '8 days', app_now() - interval '1 day', 'failing')`,
    [
      id,
      organizationId(service),
      HOST,
      admin === undefined ? null : agentId(admin),
      secrets.seal(id, secrets.make()),
    ],
  );
  await tx.query(
    `INSERT INTO webhook_delivery (endpoint_id, event_id, event, occurred_at, convocation_id, organization_id, state,
       status, attempts, answer_status, answer_error, latency_ms, settled_at)
     SELECT $1, gen_random_uuid(), c.state, c.outcome_at, c.id, c.organization_id, c.state,
            CASE WHEN is_late THEN 'dead' ELSE 'delivered' END, CASE WHEN is_late THEN 8 ELSE 1 END,
            CASE WHEN NOT is_late THEN 204 END, CASE WHEN is_late THEN 'refused' END,
            40 + n % 90, c.outcome_at + interval '1 minute'
       FROM (SELECT *, row_number() OVER (ORDER BY outcome_at DESC) AS n,
                    outcome_at > app_now() - interval '8 days' AS is_late
               FROM convocation WHERE organization_id = $2 AND state IN ('attended', 'missed')
                AND outcome_at BETWEEN app_now() - interval '25 days' AND app_now() - interval '2 days'
              ORDER BY outcome_at DESC LIMIT 60) c`,
    [id, organizationId(service)],
  );
}
