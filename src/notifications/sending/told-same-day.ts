import type { EntityManager } from 'typeorm';
import { STILL_HOLDS } from '../follow-up/follow-up-facts.query.js';

/** SQL: what another text told waits again, on its own. @param notBefore SQL; null: now */
const release = (notBefore = 'NULL') => `
  UPDATE message m SET state = 'planned', reason = NULL, told_by_message_id = NULL, settled_at = NULL,
         due_at = greatest(m.due_at, app_now(), ${notBefore}), updated_at = app_now()
   WHERE m.state = 'withdrawn' AND m.told_by_message_id IS NOT NULL`;

/**
 * SQL, to be followed by the messages that will not leave: what they were to say for other appointments of the day
 * is planned again, each on its own; too late, the sweeper expires it and an agent is told.
 */
export const RELEASE_TOLD = `${release()} AND m.told_by_message_id IN`;

/** Of a text that is tried again later. */
const NEXT_TRY = `(SELECT teller.due_at FROM message teller
  WHERE teller.id = m.told_by_message_id AND teller.state = 'planned' AND teller.due_at < m.useful_until)`;

/**
 * These messages did not arrive: what they told for others is told by itself, while it holds; not before they are tried
 * again themselves, where they are.
 */
export async function releaseTold(tx: EntityManager, tellers: readonly string[]): Promise<void> {
  if (tellers.length === 0) return;
  await tx.query(
    `${release(NEXT_TRY)} AND m.told_by_message_id = ANY($1::uuid[]) AND m.useful_until > app_now()
     AND EXISTS (SELECT FROM convocation c WHERE c.id = m.convocation_id AND ${STILL_HOLDS})`,
    [tellers],
  );
}

/** These were told by a text that is tried again, and that does not say them this time. */
export async function releaseUnsaid(tx: EntityManager, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await tx.query(`${release()} AND m.id = ANY($1::uuid[])`, [messageIds]);
}
