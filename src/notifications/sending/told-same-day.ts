import type { EntityManager } from 'typeorm';

/**
 * SQL, to be followed by the messages that will not leave: what they were to say for other appointments of the day
 * is planned again, each on its own; too late, the sweeper expires it and an agent is told.
 */
export const RELEASE_TOLD = `
  UPDATE message t SET state = 'planned', reason = NULL, told_by_message_id = NULL, settled_at = NULL,
         due_at = greatest(t.due_at, app_now()), updated_at = app_now()
   WHERE t.state = 'withdrawn' AND t.told_by_message_id IS NOT NULL AND t.told_by_message_id IN`;

/** These messages did not arrive and nothing follows for them: what they told for others is told by itself, while it holds. */
export async function releaseTold(tx: EntityManager, tellers: readonly string[]): Promise<void> {
  if (tellers.length === 0) return;
  await tx.query(
    `${RELEASE_TOLD} (SELECT unnest($1::uuid[]))
     AND EXISTS (SELECT FROM convocation c WHERE c.id = t.convocation_id AND c.state = 'booked'
                   AND c.promise_version = t.promise_version AND t.useful_until > app_now())`,
    [tellers],
  );
}
