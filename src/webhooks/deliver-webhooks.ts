import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import { IS_HELD } from '../notifications/surety/sending-hold.js';
import { Failpoints } from '../platform/failpoints.js';
import { prepared } from '../platform/prepared.js';
import type { AfterCommit } from '../platform/scheduled-tasks.js';
import { Transaction } from '../platform/transaction.js';
import { type CallResult, signature, type WebhookPayload } from './domain/webhook.js';
import { recordCall } from './record-call.js';
import { WebhookHttp } from './webhook-http.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** Calls open at once to one endpoint, by all workers together: a slow one holds itself back and nobody else. */
const OPEN_PER_ENDPOINT = 10;
/** Seconds after which a call without a result was lost with its worker: it is made again, under the same id. */
const LOST_AFTER_SECONDS = 60;

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'user-agent': 'mon-suivi-justice-webhook',
};

interface Claimed {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly event: WebhookPayload['event'];
  readonly occurredAt: Date;
  readonly convocationId: string | null;
  readonly organizationId: string;
  readonly state: string;
  /** This one included. */
  readonly attempts: number;
  readonly url: string;
  /** Those in force, the newest first. */
  readonly secrets: readonly Buffer[];
  /** Real time, not that of the demo: the receiver compares it with its own. */
  readonly unixSeconds: number;
}

/**
 * Claims what is due, commits that it is being called, then calls outside of any transaction. Calls are not waited
 * for: the next round begins while a slow receiver thinks. A call that was taken gives its place to the next one that
 * waits for the endpoint; one that failed does not, so that what is broken is not hammered.
 */
@Injectable()
export class DeliverWebhooks implements OnModuleDestroy {
  private readonly log = new Logger(DeliverWebhooks.name);
  private readonly open = new Set<Promise<void>>();
  private isStopping = false;

  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly secrets: WebhookSecrets,
    private readonly http: WebhookHttp,
    private readonly failpoints: Failpoints,
  ) {}

  async execute(tx: EntityManager): Promise<AfterCommit | undefined> {
    await tx.query(SWEEP, [LOST_AFTER_SECONDS]);
    const claimed = await this.claim(tx, null, OPEN_PER_ENDPOINT);
    if (claimed.length === 0) return undefined;
    return () => {
      this.callAll(claimed);
      return Promise.resolve();
    };
  }

  /** Resolves when no call is open. */
  async settled(): Promise<void> {
    while (this.open.size > 0) await Promise.allSettled(this.open);
  }

  /** What is cut off is a failure like another: it is called again by the next worker. */
  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    await this.http.close();
    await this.settled();
  }

  /** @param endpointId null: all of them @param most for each */
  private async claim(
    tx: EntityManager,
    endpointId: string | null,
    most: number,
  ): Promise<readonly Claimed[]> {
    const given = [this.env.APP_ENV, OPEN_PER_ENDPOINT, endpointId, most];
    const [claimed]: [Claimed[], number] = await tx.query(CLAIM, given);
    return claimed;
  }

  private callAll(claimed: readonly Claimed[]): void {
    this.failpoints.pass('webhook-claimed');
    for (const one of claimed) {
      const call = this.call(one)
        .catch((error: unknown) => this.log.error(error instanceof Error ? error.message : String(error)))
        .finally(() => this.open.delete(call));
      this.open.add(call);
    }
  }

  private async call(one: Claimed): Promise<void> {
    const body = JSON.stringify(payloadOf(one));
    const secrets = this.secretsOf(one);
    const result: CallResult =
      secrets === null
        ? { status: null, error: 'secret', latencyMs: 0 }
        : await this.http.post({
            ...{ url: one.url, body },
            headers: { ...HEADERS, 'msj-signature': signature(secrets, one.unixSeconds, body) },
          });
    this.failpoints.pass('webhook-called');
    const { end, next } = await this.transaction.run(async (tx) => {
      const end = await recordCall(tx, one, result);
      const isFree = end === 'delivered' && !this.isStopping;
      return { end, next: isFree ? await this.claim(tx, one.endpointId, 1) : [] };
    });
    if (end !== 'retried' && end !== 'delivered')
      this.log.warn({ endpointId: one.endpointId, event: one.event, end }, 'webhook');
    if (next.length > 0) this.callAll(next);
  }

  /** Null when the newest cannot be opened: nothing leaves unsigned. An old one that cannot be is left out. */
  private secretsOf({ endpointId, secrets }: Claimed): readonly string[] | null {
    const [newest, ...old] = secrets.map((one) => this.secrets.tryOpen(endpointId, one));
    return newest === undefined ? null : [newest, ...old.filter((one) => one !== undefined)];
  }
}

function payloadOf(one: Claimed): WebhookPayload {
  const { eventId, event, occurredAt, convocationId, organizationId, state } = one;
  return { id: eventId, event, occurredAt: occurredAt.toISOString(), convocationId, organizationId, state };
}

const SWEEP = prepared(`
UPDATE webhook_delivery SET status = 'waiting', due_at = called_at, answer_status = NULL, answer_error = 'lost'
 WHERE status = 'calling' AND called_at < app_now() - make_interval(secs => $1)`);

/** A copy of another environment's database calls nobody, nor does one on hold. */
const CLAIM = prepared(`
WITH due AS MATERIALIZED (
  SELECT d.id FROM webhook_endpoint e CROSS JOIN LATERAL (
    SELECT w.id FROM webhook_delivery w
     WHERE w.endpoint_id = e.id AND w.status = 'waiting' AND w.due_at <= app_now()
     ORDER BY w.due_at
     LIMIT (SELECT greatest(0, least($4::int, $2::int - count(*))) FROM webhook_delivery o
             WHERE o.endpoint_id = e.id AND o.status = 'calling')
     FOR UPDATE SKIP LOCKED) d
   WHERE ($3::uuid IS NULL OR e.id = $3)
     AND e.disabled_at IS NULL AND NOT ${IS_HELD} AND (SELECT name FROM environment) = $1
)
UPDATE webhook_delivery w SET status = 'calling', attempts = w.attempts + 1, called_at = app_now()
  FROM due, webhook_endpoint e
 WHERE w.id = due.id AND e.id = w.endpoint_id
RETURNING w.id, e.id AS "endpointId", w.event_id AS "eventId", w.event, w.occurred_at AS "occurredAt",
  w.convocation_id AS "convocationId", w.organization_id AS "organizationId", w.state, w.attempts, e.url,
  array_remove(ARRAY[e.secret_sealed,
    CASE WHEN e.old_secret_until > app_now() THEN e.old_secret_sealed END,
    CASE WHEN e.older_secret_until > app_now() THEN e.older_secret_sealed END], NULL) AS secrets,
  extract(epoch FROM now())::int AS "unixSeconds"`);
