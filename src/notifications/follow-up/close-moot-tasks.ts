import type { EntityManager } from 'typeorm';
import { hasArrived, hasArrivedByText } from './reach.query.js';

/** The convocation `c` of the task `t` is no longer what somebody was asked to tell. */
const OVER = `(t.promise_version IS DISTINCT FROM c.promise_version OR c.state <> CASE m.kind
  WHEN 'cancellation' THEN 'cancelled' WHEN 'after-absence' THEN 'missed' ELSE 'booked' END)`;

/** Longer than a transaction lasts: both hours are those at which theirs began, and the two may cross. */
const CROSSED = `interval '1 minute'`;

/**
 * A text of the same promise arrived since the task was opened; of a task about no message, whenever it did: it was
 * opened for want of a proof.
 * @param condition SQL about the message `x`, told for `own`
 */
const toldSince = (condition: string) => `EXISTS (
  SELECT FROM message own JOIN message x ON x.id = coalesce(own.told_by_message_id, own.id)
   WHERE own.convocation_id = c.id AND own.promise_version = c.promise_version
     AND (CASE WHEN m.kind IN ('cancellation', 'after-absence') THEN own.kind = m.kind
               ELSE own.kind IN ('summons', 'reminder', 'rescheduling') END)
     AND (t.message_id IS NULL OR coalesce(x.settled_at, x.accepted_at) >= t.opened_at - ${CROSSED}) AND ${condition})`;

/**
 * Closes tasks that ask for nothing any more: the convocation was cancelled, moved or marked, the text arrived after
 * all, or the number or address is no longer flagged. One that an e-mail closed says so: nothing acknowledges it, and an
 * e-mail that comes back opens it again.
 * @param convocationIds of these convocations only; null: all there are
 */
export async function closeMootTasks(
  tx: EntityManager,
  convocationIds: readonly string[] | null = null,
): Promise<void> {
  await tx.query(
    `WITH moot AS (
       SELECT t.id, NOT ${OVER} AND NOT ${toldSince(hasArrivedByText('x', 'own'))} AS by_email
         FROM agent_task t JOIN convocation c ON c.id = t.convocation_id LEFT JOIN message m ON m.id = t.message_id
        WHERE t.closed_at IS NULL AND t.kind = 'reach-otherwise' AND (${OVER} OR ${toldSince(hasArrived('x', 'own'))})
          AND ($1::uuid[] IS NULL OR t.convocation_id = ANY($1::uuid[]))
       UNION ALL
       SELECT t.id, false FROM agent_task t JOIN person p ON p.id = t.person_id
        WHERE t.closed_at IS NULL AND CASE t.kind WHEN 'correct-number' THEN p.phone_flagged_at IS NULL
                                     WHEN 'correct-address' THEN p.email_flagged_at IS NULL ELSE false END
          AND $1::uuid[] IS NULL
     ), locked AS (
       SELECT t.id, moot.by_email FROM agent_task t JOIN moot USING (id) WHERE t.closed_at IS NULL ORDER BY t.id FOR UPDATE OF t SKIP LOCKED
     ), closed AS (
       UPDATE agent_task t SET closed_at = app_now(), outcome = 'no-longer-needed'
         FROM locked WHERE t.id = locked.id AND t.closed_at IS NULL
       RETURNING t.kind, t.person_id, t.convocation_id, locked.by_email
     )
     INSERT INTO history_entry (event, person_id, convocation_id, detail)
     SELECT 'task.closed', person_id, convocation_id, jsonb_strip_nulls(jsonb_build_object(
              'kind', kind, 'outcome', 'no-longer-needed', 'by', CASE WHEN by_email THEN 'email' END))
       FROM closed`,
    [convocationIds],
  );
}
