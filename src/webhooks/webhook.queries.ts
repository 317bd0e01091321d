import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { reach } from '../access/domain/rights.js';
import { NotFound } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { type Instant, instantOf } from '../shared/time.js';
import type { CallError, WebhookEvent } from './domain/webhook.js';

export type DeliveryStatus = 'waiting' | 'calling' | 'delivered' | 'dead';

export interface EndpointView {
  readonly id: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly timeZone: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly createdAt: Instant;
  readonly createdBy: string | null;
  /** First failure since the last success. */
  readonly failingSince: Instant | null;
  readonly disabledAt: Instant | null;
  readonly disabledReason: 'agent' | 'failing' | null;
  /** The secret of before still signs until then. */
  readonly oldSecretUntil: Instant | null;
  /** The one before it too: it was replaced twice in a week. */
  readonly olderSecretUntil: Instant | null;
  /** Of the last 30 days, test calls apart. */
  readonly delivered: number;
  readonly waiting: number;
  readonly dead: number;
}

export interface DeliveryView {
  readonly id: string;
  readonly event: WebhookEvent | 'test';
  readonly state: string;
  readonly occurredAt: Instant;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly dueAt: Instant;
  readonly answerStatus: number | null;
  readonly answerError: CallError | null;
  readonly latencyMs: number | null;
}

type Dated<T> = {
  [K in keyof T]: T[K] extends Instant ? Date : T[K] extends Instant | null ? Date | null : T[K];
};

const count = (status: string) =>
  `(SELECT count(*)::int FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.event <> 'test'
     AND d.status ${status} AND d.occurred_at > app_now() - interval '30 days')`;
const COLUMNS = `e.id, e.organization_id AS "organizationId", o.name AS "organizationName", o.time_zone AS "timeZone",
  e.url, e.events, e.created_at AS "createdAt", a.first_name || ' ' || a.last_name AS "createdBy",
  e.failing_since AS "failingSince", e.disabled_at AS "disabledAt", e.disabled_reason AS "disabledReason",
  CASE WHEN e.old_secret_until > app_now() THEN e.old_secret_until END AS "oldSecretUntil",
  CASE WHEN e.older_secret_until > app_now() THEN e.older_secret_until END AS "olderSecretUntil",
  ${count("= 'delivered'")} AS delivered, ${count("IN ('waiting', 'calling')")} AS waiting, ${count("= 'dead'")} AS dead`;
const ENDPOINTS = `webhook_endpoint e JOIN organization o ON o.id = e.organization_id
  LEFT JOIN named_agent a ON a.id = e.created_by`;
const REACHED = '($1::boolean OR e.organization_id = ANY ($2::uuid[]))';

/** By service, then the oldest first. */
export async function listEndpoints(tx: EntityManager, actor: Actor): Promise<readonly EndpointView[]> {
  const rows: Dated<EndpointView>[] = await tx.query(
    `SELECT ${COLUMNS} FROM ${ENDPOINTS} WHERE ${REACHED} ORDER BY o.name, e.created_at, e.id LIMIT 500`,
    scope(actor),
  );
  return rows.map(endpointOf);
}

/** What a change of an endpoint needs to know. */
export interface ManagedEndpoint {
  readonly id: string;
  readonly organizationId: string;
  readonly disabledAt: Date | null;
}

/** @throws NotFound when missing or not the actor's to manage */
export function findManagedEndpoint(tx: EntityManager, actor: Actor, id: string): Promise<ManagedEndpoint> {
  return reachedEndpoint(
    tx,
    actor,
    id,
    `e.id, e.organization_id AS "organizationId", e.disabled_at AS "disabledAt" FROM webhook_endpoint e`,
  );
}

/** As `findManagedEndpoint`, with all that its page shows. */
export async function findEndpoint(tx: EntityManager, actor: Actor, id: string): Promise<EndpointView> {
  return endpointOf(await reachedEndpoint(tx, actor, id, `${COLUMNS} FROM ${ENDPOINTS}`));
}

async function reachedEndpoint<Row>(tx: EntityManager, actor: Actor, id: string, what: string): Promise<Row> {
  if (!isUuid(id)) throw new NotFound('webhook');
  const rows: Row[] = await tx.query(`SELECT ${what} WHERE ${REACHED} AND e.id = $3`, [...scope(actor), id]);
  const row = rows[0];
  if (row === undefined) throw new NotFound('webhook');
  return row;
}

/** The last ones of an endpoint, those given up first. @returns at most 50 */
export async function listDeliveries(
  tx: EntityManager,
  endpointId: string,
): Promise<readonly DeliveryView[]> {
  const rows: Dated<DeliveryView>[] = await tx.query(
    `SELECT id, event, state, occurred_at AS "occurredAt", status, attempts, due_at AS "dueAt",
       answer_status AS "answerStatus", answer_error AS "answerError", latency_ms AS "latencyMs"
     FROM webhook_delivery WHERE endpoint_id = $1
     ORDER BY (status = 'dead' AND event <> 'test') DESC, occurred_at DESC, id LIMIT 50`,
    [endpointId],
  );
  return rows.map((row) => ({ ...row, occurredAt: instantOf(row.occurredAt), dueAt: instantOf(row.dueAt) }));
}

/** What administrators should know: endpoints that were disabled for failing, and deliveries given up. */
export async function webhookTroubles(
  tx: EntityManager,
  actor: Actor,
): Promise<{ readonly disabled: number; readonly dead: number }> {
  const rows: { disabled: number; dead: number }[] = await tx.query(
    `SELECT count(*) FILTER (WHERE e.disabled_reason = 'failing')::int AS disabled,
            coalesce(sum(${count("= 'dead'")}), 0)::int AS dead
       FROM webhook_endpoint e WHERE ${REACHED}`,
    scope(actor),
  );
  return rows[0] ?? { disabled: 0, dead: 0 };
}

/** Endpoints that were disabled for failing: one count, for a page that everybody opens. */
export async function countDisabled(tx: EntityManager, actor: Actor): Promise<number> {
  const rows: { count: number }[] = await tx.query(
    `SELECT count(*)::int AS count FROM webhook_endpoint e WHERE disabled_reason = 'failing' AND ${REACHED}`,
    scope(actor),
  );
  return rows[0]?.count ?? 0;
}

function scope(actor: Actor): [boolean, readonly string[]] {
  const { everywhere, organizationIds } = reach(actor, 'webhook.manage');
  return [everywhere, organizationIds];
}

function endpointOf(row: Dated<EndpointView>): EndpointView {
  const instant = (date: Date | null) => (date === null ? null : instantOf(date));
  return {
    ...row,
    createdAt: instantOf(row.createdAt),
    failingSince: instant(row.failingSince),
    disabledAt: instant(row.disabledAt),
    oldSecretUntil: instant(row.oldSecretUntil),
    olderSecretUntil: instant(row.olderSecretUntil),
  };
}
