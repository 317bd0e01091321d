import type { EntityManager } from 'typeorm';
import { elevated } from '../../platform/elevated.js';
import { Conflict } from '../../shared/domain-error.js';
import type { Instant } from '../../shared/time.js';
import { apartFrom } from '../domain/spacing.js';

/** SQL condition on the convocation `c`: its promise has had its one reminder of the day itself. */
export const HAS_SPARE = `EXISTS (SELECT FROM message spare WHERE spare.convocation_id = c.id
  AND spare.kind = 'reminder' AND spare.occurrence = 0 AND spare.promise_version = c.promise_version)`;

/** SQL, of the person of the convocation `c`: the messages about each of their appointments, as `near`. */
const NEAR = `message near JOIN convocation whose ON whose.id = near.convocation_id AND whose.person_id = c.person_id`;

/** SQL condition on the convocation `c`: a text to its person leaves, or left and may arrive, within three hours. */
export const TEXT_IS_NEAR = `EXISTS (SELECT FROM ${NEAR} WHERE near.state IN ('queued', 'sending', 'uncertain')
  OR near.state = 'planned' AND near.due_at < (SELECT app_now()) + interval '3 hours'
  OR near.accepted_at > (SELECT app_now()) - interval '3 hours' AND near.state NOT IN ('undelivered', 'failed'))`;

export interface SpareReminder {
  readonly convocationId: string;
  readonly promiseVersion: number;
  readonly dueAt: Instant;
  readonly usefulUntil: Instant;
}

/**
 * What was never sent is final: one more reminder, of the day itself, says it instead, once a
 * promise. The open task « joindre autrement » follows it, and closes when it arrives.
 * @throws Conflict when the promise has had it, or another text to the person waits for about the same hour
 */
export async function planSpareReminder(tx: EntityManager, spare: SpareReminder): Promise<void> {
  const isNear = await elevated(tx, () => isNearAnother(tx, spare));
  if (isNear || (await planSpareReminders(tx, [spare])) === 0) throw new Conflict('message');
}

/** Asked for at night it leaves in the morning, with what waits for the morning too. */
async function isNearAnother(tx: EntityManager, { convocationId, dueAt }: SpareReminder): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `SELECT FROM convocation c WHERE c.id = $1 AND (${TEXT_IS_NEAR} OR EXISTS (
       SELECT FROM ${NEAR} WHERE near.state = 'planned' AND near.due_at < $2))`,
    [convocationId, apartFrom(dueAt).toString()],
  );
  return rows.length > 0;
}

/** The same for many; a promise that has had its own is passed over. @returns how many were planned */
export async function planSpareReminders(
  tx: EntityManager,
  spares: readonly SpareReminder[],
): Promise<number> {
  if (spares.length === 0) return 0;
  const inserted: { id: string; convocationId: string }[] = await tx.query(
    `INSERT INTO message (convocation_id, promise_version, kind, occurrence, wanted_channel, ladder_step, due_at, first_due_at,
       useful_until)
     SELECT s.id, s.version, 'reminder', 0, 'sms', 1, s.due_at, s.due_at, s.useful_until
       FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::timestamptz[]) AS s(id, version, due_at, useful_until)
     ON CONFLICT ON CONSTRAINT message_once DO NOTHING RETURNING id, convocation_id AS "convocationId"`,
    [
      spares.map(({ convocationId }) => convocationId),
      spares.map(({ promiseVersion }) => promiseVersion),
      spares.map(({ dueAt }) => dueAt.toString()),
      spares.map((spare) => spare.usefulUntil.toString()),
    ],
  );
  await tx.query(
    `UPDATE agent_task t SET message_id = s.id FROM unnest($1::uuid[], $2::uuid[]) AS s(convocation_id, id)
      WHERE t.convocation_id = s.convocation_id AND t.kind = 'reach-otherwise' AND t.closed_at IS NULL`,
    [inserted.map(({ convocationId }) => convocationId), inserted.map(({ id }) => id)],
  );
  return inserted.length;
}
