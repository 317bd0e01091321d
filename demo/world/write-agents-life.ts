import type { EntityManager } from 'typeorm';
import { AGENTS } from './agents.js';
import { agentId, organizationId } from './ids.js';
import { serviceOf } from './services.js';

function idOfAgent(lastName: string): string {
  const agent = AGENTS.find((one) => one.lastName === lastName);
  if (agent === undefined) throw new Error(`no agent of the demo is called ${lastName}`);
  return agentId(agent);
}

/** Somebody away and who stands in, an alert, and a move that waits for the answer of the service in Nanterre. */
export async function writeAgentsLife(tx: EntityManager, today: string): Promise<void> {
  const nanterre = organizationId(serviceOf('spip-92'));
  await tx.query(
    `INSERT INTO agent_absence (agent_id, replacement_id, starts_on, ends_on, starts_at, ends_at)
     SELECT $1, $2, d.first, d.first + 11, d.first::timestamp AT TIME ZONE 'Europe/Paris',
            (d.first + 12)::timestamp AT TIME ZONE 'Europe/Paris' FROM (SELECT $3::date - 2 AS first) d`,
    [idOfAgent('Sarrasin'), idOfAgent('Caradec'), today],
  );
  await tx.query(
    `INSERT INTO agent_alert (level, text, organization_id, starts_at, ends_at, written_by_agent_id)
     VALUES ('info', 'Jeudi, l’accueil ferme à 16\u00a0h\u00a0: pas de convocation après 15\u00a0h\u00a030.', $1,
             app_now() - interval '2 hours', app_now() + interval '6 days', $2)`,
    [nanterre, idOfAgent('Vaugrenard')],
  );
  await tx.query(
    `INSERT INTO agent_transfer (agent_id, asked_email, from_organization_id, to_organization_id, side, asked_by_agent_id)
     SELECT a.id, a.email, a.organization_id, $2, 'receiving', $3 FROM agent a WHERE a.id = $1`,
    [idOfAgent('Desforges'), organizationId(serviceOf('spip-973')), idOfAgent('Counamama')],
  );
}
