import type { EntityManager } from 'typeorm';
import { recordHistory } from '../../persons/history.js';
import { FAILURES_BEFORE_FLAG } from '../domain/ladder.js';
import { openTasks } from './open-tasks.js';

/** What one e-mail that was refused or came back says of the address it went to. */
export interface AddressFailure {
  readonly emailId: string;
  readonly wrong: boolean;
}

interface Flagged {
  readonly personId: string;
  readonly reason: string;
}

/**
 * Flags addresses, of whoever is registered with them: one that does not exist at once, any other when as many e-mails
 * in a row as for a number failed. No e-mail proves that one arrives; one that was taken and did not come back ends
 * the row. An agent is asked to check each.
 */
export async function flagAddresses(tx: EntityManager, failures: readonly AddressFailure[]): Promise<void> {
  if (failures.length === 0) return;
  const [flagged]: [Flagged[], number] = await tx.query(
    `WITH verdict AS (
       SELECT f.email_id, bool_or(f.wrong) AS wrong
         FROM unnest($1::uuid[], $2::boolean[]) AS f(email_id, wrong) GROUP BY f.email_id
     ), judged AS (
       SELECT v.*, lately.failures FROM verdict v CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE last.result <> 'accepted')::int AS failures FROM (
           SELECT a.result FROM delivery_attempt a
            WHERE a.recipient_id = v.email_id AND a.channel = 'email'
              AND a.result IN ('accepted', 'undelivered', 'refused')
            ORDER BY a.real_started_at DESC LIMIT $3) AS last) AS lately
     ), target AS (
       SELECT p.id, j.wrong FROM person p JOIN judged j USING (email_id)
        WHERE p.email_flagged_at IS NULL AND (j.wrong OR j.failures >= $3)
        ORDER BY p.id FOR NO KEY UPDATE OF p
     )
     UPDATE person p
        SET email_flagged_at = app_now(),
            email_flag_reason = CASE WHEN t.wrong THEN 'wrong-address' ELSE 'three-returns' END
       FROM target t WHERE p.id = t.id
     RETURNING p.id AS "personId", p.email_flag_reason AS reason`,
    [failures.map(({ emailId }) => emailId), failures.map(({ wrong }) => wrong), FAILURES_BEFORE_FLAG],
  );
  for (const { personId, reason } of flagged)
    await recordHistory(tx, null, { event: 'person.address-flagged', personId, detail: { reason } });
  await openTasks(
    tx,
    flagged.map(({ personId, reason }) => ({
      ...{ kind: 'correct-address', reason, personId, convocationId: null, messageId: null },
    })),
  );
}
