import type { EntityManager } from 'typeorm';
import { Conflict } from '../../shared/domain-error.js';
import type { Instant } from '../../shared/time.js';

/** SQL condition on the convocation `c`: its promise has had its one reminder of the day itself. */
export const HAS_SPARE = `EXISTS (SELECT FROM message spare WHERE spare.convocation_id = c.id
  AND spare.kind = 'reminder' AND spare.occurrence = 0 AND spare.promise_version = c.promise_version)`;

export interface SpareReminder {
  readonly convocationId: string;
  readonly promiseVersion: number;
  readonly dueAt: Instant;
  readonly usefulUntil: Instant;
}

/**
 * What was never sent is final (contract, section 4): one more reminder, of the day itself, says it instead, once a
 * promise. The open task « joindre autrement » follows it, and closes when it arrives.
 * @throws Conflict when the promise has had it
 */
export async function planSpareReminder(tx: EntityManager, spare: SpareReminder): Promise<void> {
  const inserted: { id: string }[] = await tx.query(
    `INSERT INTO message (convocation_id, promise_version, kind, occurrence, wanted_channel, ladder_step, due_at, first_due_at,
       useful_until)
     VALUES ($1, $2, 'reminder', 0, 'sms', 1, $3, $3, $4)
     ON CONFLICT ON CONSTRAINT message_once DO NOTHING RETURNING id`,
    [spare.convocationId, spare.promiseVersion, spare.dueAt.toString(), spare.usefulUntil.toString()],
  );
  if (inserted[0] === undefined) throw new Conflict('message');
  await tx.query(
    `UPDATE agent_task SET message_id = $2
      WHERE convocation_id = $1 AND kind = 'reach-otherwise' AND closed_at IS NULL`,
    [spare.convocationId, inserted[0].id],
  );
}
