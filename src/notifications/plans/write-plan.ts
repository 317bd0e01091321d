import type { EntityManager } from 'typeorm';
import type { Instant } from '../../shared/time.js';
import type { Channel, MessageKind } from '../domain/notification.states.js';
import { PLAN_CHANGED } from '../domain/plan-difference.js';
import { RELEASE_TOLD } from '../sending/told-same-day.js';

/** A message as it is planned. */
export interface Planned {
  readonly kind: MessageKind;
  readonly occurrence: number;
  readonly dueAt: Instant;
  readonly usefulUntil: Instant;
  /** Null: the mobile first. */
  readonly channel: Channel | null;
}

/** A planned text, and the promise it tells of. */
export interface PlannedFor extends Planned {
  readonly convocationId: string;
  readonly promiseVersion: number;
  /** Part of an act on many persons: what is due for its own sake passes before it. */
  readonly isBulk: boolean;
}

/**
 * The unique key makes a second plan of the same intent harmless; a withdrawn one holds again, unless another text of
 * that day said it.
 * @returns how many rows are planned by it
 */
export async function writePlan(tx: EntityManager, planned: readonly PlannedFor[]): Promise<number> {
  if (planned.length === 0) return 0;
  const rows: unknown[] = await tx.query(
    `INSERT INTO message (convocation_id, promise_version, kind, occurrence, due_at, first_due_at, useful_until,
       wanted_channel, lane)
     SELECT p.convocation_id, p.promise_version, p.kind, p.occurrence, p.due_at, p.due_at, p.useful_until, p.channel,
            p.lane
       FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::text[],
         $8::int[]) AS p(convocation_id, promise_version, kind, occurrence, due_at, useful_until, channel, lane)
     ON CONFLICT ON CONSTRAINT message_once DO UPDATE
       SET state = 'planned', reason = NULL, due_at = excluded.due_at, first_due_at = excluded.first_due_at,
           useful_until = excluded.useful_until, wanted_channel = excluded.wanted_channel, lane = excluded.lane,
           settled_at = NULL, followed_up_at = NULL, updated_at = app_now()
       WHERE message.state = 'withdrawn' AND message.told_by_message_id IS NULL
     RETURNING 1`,
    [
      planned.map((message) => message.convocationId),
      planned.map((message) => message.promiseVersion),
      planned.map((message) => message.kind),
      planned.map((message) => message.occurrence),
      planned.map((message) => message.dueAt.toString()),
      planned.map((message) => message.usefulUntil.toString()),
      planned.map((message) => message.channel),
      planned.map((message) => (message.isBulk ? 1 : 0)),
    ],
  );
  return rows.length;
}

/**
 * Those of these kinds that have not left; the convocation changed. One that was useful no longer is told apart, as
 * `over`: it was due, and nothing left. What they were to say for others waits again. What
 * a plan had set aside is of the past too: another plan gives it back no more.
 */
export async function withdrawUnsent(
  tx: EntityManager,
  convocationId: string,
  kinds: readonly MessageKind[],
): Promise<void> {
  await tx.query(
    `WITH gone AS (
       UPDATE message SET state = 'withdrawn', reason = CASE WHEN useful_until <= app_now() THEN 'over' END,
              settled_at = app_now(), updated_at = app_now()
        WHERE convocation_id = $1 AND kind = ANY($2) AND state IN ('planned', 'queued') RETURNING id
     ), set_aside AS (
       UPDATE message SET reason = NULL, updated_at = app_now()
        WHERE convocation_id = $1 AND kind = ANY($2) AND state = 'withdrawn' AND reason = $3
     )
     ${RELEASE_TOLD} (SELECT id FROM gone)`,
    [convocationId, kinds, PLAN_CHANGED],
  );
}
