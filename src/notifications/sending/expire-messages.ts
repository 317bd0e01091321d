import type { EntityManager } from 'typeorm';
import { STILL_HOLDS } from '../follow-up/follow-up-facts.query.js';
import { RELEASE_TOLD } from './told-same-day.js';

/**
 * Kept, dated, and shown to the agents of the convocation; withdrawn where that has changed or is over, so that nobody
 * is asked to tell what holds no longer.
 * @param which SQL query of ids that locks them
 * @param reason SQL of what is kept with `m`
 */
export async function expireMessages(
  tx: EntityManager,
  which: string,
  reason: string,
  parameters: readonly unknown[] = [],
): Promise<void> {
  await tx.query(
    `WITH settled AS (
       UPDATE message m
          SET state = CASE WHEN ${STILL_HOLDS} THEN 'expired' ELSE 'withdrawn' END,
              reason = CASE WHEN ${STILL_HOLDS} THEN ${reason}
                            WHEN m.useful_until <= app_now() THEN 'over' END,
              settled_at = app_now(), updated_at = app_now()
         FROM convocation c
        WHERE c.id = m.convocation_id AND m.state IN ('planned', 'queued') AND m.id IN (${which})
       RETURNING m.id, m.state
     )
     ${RELEASE_TOLD} (SELECT id FROM settled WHERE state = 'withdrawn')`,
    [...parameters],
  );
}
