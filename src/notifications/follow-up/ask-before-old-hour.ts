import type { EntityManager } from 'typeorm';
import { closeMootTasks } from './close-moot-tasks.js';
import { type NewTask, openTasks } from './open-tasks.js';

/** The newest promise of the convocation `c` before the present one that the person was told, by a text or by an agent. */
export const LAST_TOLD = `greatest(
  (SELECT max(own.promise_version) FROM message own JOIN message told ON told.id = coalesce(own.told_by_message_id, own.id)
    WHERE own.convocation_id = c.id AND own.promise_version < c.promise_version
      AND told.state IN ('accepted', 'delivered')),
  (SELECT max(closed.promise_version) FROM agent_task closed WHERE closed.convocation_id = c.id
      AND closed.promise_version < c.promise_version AND closed.outcome IN ('reached', 'done')), 0)`;

/** SQL: the next of the hours at which the person of the convocation `c` may still come, because nothing newer was told. */
export const OLD_HOUR = `
  SELECT min(promised.at) AS at
    FROM (SELECT (h.detail #>> '{from,promiseVersion}')::int AS version,
                 ((h.detail #>> '{from,date}') || ' ' || (h.detail #>> '{from,time}'))::timestamp
                   AT TIME ZONE (h.detail #>> '{from,timeZone}') AS at
            FROM history_entry h WHERE h.convocation_id = c.id AND h.event = 'convocation.rescheduled') AS promised
   WHERE promised.version >= ${LAST_TOLD} AND promised.at > app_now()`;

/** Before the hour that is off, a person is on the way: a text that waits until then comes too late. */
const ON_THE_WAY = `interval '1 hour'`;

/**
 * Somebody who was promised another hour comes at it unless told before. Where the text about the change waits until
 * less than an hour before it, or is not planned at all, an agent is asked to tell; the text leaves all the same.
 * @param convocationIds that were moved or cancelled, with the wish that the person be told
 */
export async function askBeforeOldHour(tx: EntityManager, convocationIds: readonly string[]): Promise<void> {
  if (convocationIds.length === 0) return;
  // A task about an older promise would stand in the way.
  await closeMootTasks(tx, convocationIds);
  const tasks: NewTask[] = await tx.query(
    `SELECT 'reach-otherwise' AS kind, 'old-hour' AS reason, c.person_id AS "personId", c.id AS "convocationId",
            m.id AS "messageId", least(off.at, c.starts_at) AS "actBefore"
       FROM convocation c
       LEFT JOIN message m ON m.convocation_id = c.id AND m.promise_version = c.promise_version
        AND m.kind = CASE c.state WHEN 'cancelled' THEN 'cancellation' ELSE 'rescheduling' END
       CROSS JOIN LATERAL (SELECT least((${OLD_HOUR}), CASE c.state WHEN 'cancelled' THEN c.starts_at END) AS at) AS off
      WHERE c.id = ANY($1::uuid[]) AND c.state IN ('booked', 'cancelled')
        AND CASE WHEN m.id IS NULL THEN off.at IS NOT NULL
                 ELSE m.state = 'planned' AND m.due_at > app_now() AND m.due_at > off.at - ${ON_THE_WAY} END`,
    [convocationIds],
  );
  await openTasks(tx, tasks);
}
