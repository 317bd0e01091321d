import type { EntityManager } from 'typeorm';
import { BATCH } from '../plans/replan-batch.js';
import type { ReplanProgress } from '../plans/replan.queries.js';

/** How far planning again has come since a trial was stopped; undefined when the stop itself did all of it. */
export async function stopProgress(tx: EntityManager, trialId: string): Promise<ReplanProgress | undefined> {
  const rows: ReplanProgress[] = await tx.query(
    `SELECT sum(r.moved)::int AS moved, sum(r.added)::int AS added, sum(r.withdrawn)::int AS withdrawn,
            sum(r.altered)::int AS altered, sum(r.total)::int AS total, sum(least(r.reached, r.total))::int AS reached,
            bool_and(r.finished_at IS NOT NULL) AS "isFinished"
       FROM trial t JOIN trial_population tp ON tp.trial_id = t.id
       JOIN replan r ON r.created_at = t.finished_at AND r.organization_id = tp.organization_id
                    AND r.type_code = tp.type_code
      WHERE t.id = $1 AND t.state = 'stopped' HAVING sum(r.total) > ${BATCH}`,
    [trialId],
  );
  return rows[0];
}
