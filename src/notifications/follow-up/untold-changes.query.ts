import type { EntityManager } from 'typeorm';
import { OLD_HOUR } from './ask-before-old-hour.js';
import { STILL_HOLDS } from './follow-up-facts.query.js';
import type { NewTask } from './open-tasks.js';
import { SETTLED_BY_AGENT } from './reach.query.js';

/** Minutes after its hour at which a text that has not left is in trouble, and not merely in its turn. */
const OVERDUE_MINUTES = 5;

/**
 * Cancellations and moves whose text is overdue, and whose hour that is off comes within so many hours: the person would
 * come at it. Along the index of what waits, so that it costs what is late.
 */
export async function untoldChanges(
  tx: EntityManager,
  { hours }: { readonly hours: number },
): Promise<readonly NewTask[]> {
  return tx.query(
    `SELECT 'reach-otherwise' AS kind, 'still-waiting' AS reason, c.person_id AS "personId", c.id AS "convocationId",
            m.id AS "messageId", off.at AS "actBefore"
       FROM message m
       JOIN convocation c ON c.id = m.convocation_id
       CROSS JOIN LATERAL (SELECT CASE m.kind WHEN 'cancellation' THEN c.starts_at ELSE (${OLD_HOUR}) END AS at) AS off
      WHERE m.state IN ('planned', 'queued') AND m.state IN ('planned', 'queued', 'sending')
        AND m.first_due_at <= (SELECT app_now()) - make_interval(mins => $1)
        AND m.kind IN ('cancellation', 'rescheduling') AND ${STILL_HOLDS} AND NOT ${SETTLED_BY_AGENT}
        AND off.at > app_now() AND off.at <= app_now() + make_interval(secs => $2)`,
    [OVERDUE_MINUTES, hours * 3600],
  );
}
