import type { EntityManager } from 'typeorm';
import { recordHistory } from '../../persons/history.js';
import { FAILURES_BEFORE_FLAG } from '../domain/ladder.js';
import { openTasks } from './open-tasks.js';

/** What one failed text says of the number it went to. */
export interface NumberFailure {
  readonly phoneId: string;
  readonly wrong: boolean;
  readonly at: Date;
}

interface Flagged {
  readonly personId: string;
  readonly phoneId: string;
  readonly reason: string;
}

/**
 * Counts failures in a row at each number, of whoever is registered with it; a proof of reach since then forgives
 * them. A wrong number at once, and any other at the third failure, is flagged, and an agent is asked to check it.
 * @returns the numbers flagged just now
 */
export async function countFailures(
  tx: EntityManager,
  failures: readonly NumberFailure[],
): Promise<ReadonlySet<string>> {
  if (failures.length === 0) return new Set();
  const [rows]: [(Flagged & { flagged: boolean })[], number] = await tx.query(
    `WITH verdict AS (
       SELECT phone_id, bool_or(wrong) AS wrong, count(*)::int AS failures, max(at) AS at
         FROM unnest($1::uuid[], $2::boolean[], $3::timestamptz[]) AS f(phone_id, wrong, at) GROUP BY phone_id
     ), target AS (
       SELECT p.id, v.*, p.phone_flagged_at IS NOT NULL AS was_flagged FROM person p JOIN verdict v USING (phone_id)
        WHERE v.wrong OR p.phone_reached_at IS NULL OR p.phone_reached_at < v.at
        ORDER BY p.id FOR NO KEY UPDATE OF p
     )
     UPDATE person p
        SET phone_failures = p.phone_failures + t.failures,
            phone_flagged_at = CASE WHEN t.wrong OR p.phone_failures + t.failures >= $4
                                    THEN coalesce(p.phone_flagged_at, app_now()) ELSE p.phone_flagged_at END,
            phone_flag_reason = CASE WHEN t.was_flagged THEN p.phone_flag_reason WHEN t.wrong THEN 'wrong-number'
                                     WHEN p.phone_failures + t.failures >= $4 THEN 'three-failures' END
       FROM target t WHERE p.id = t.id
     RETURNING p.id AS "personId", p.phone_id AS "phoneId", p.phone_flag_reason AS reason,
               p.phone_flagged_at IS NOT NULL AND NOT t.was_flagged AS flagged`,
    [
      failures.map(({ phoneId }) => phoneId),
      failures.map(({ wrong }) => wrong),
      failures.map(({ at }) => at),
      FAILURES_BEFORE_FLAG,
    ],
  );
  const flagged = rows.filter((row) => row.flagged);
  await askForCheck(tx, flagged);
  return new Set(flagged.map(({ phoneId }) => phoneId));
}

async function askForCheck(tx: EntityManager, flagged: readonly Flagged[]): Promise<void> {
  for (const { personId, reason } of flagged)
    await recordHistory(tx, null, { event: 'person.number-flagged', personId, detail: { reason } });
  await openTasks(
    tx,
    flagged.map(({ personId, reason }) => ({
      kind: 'correct-number',
      reason,
      personId,
      convocationId: null,
      messageId: null,
    })),
  );
}
