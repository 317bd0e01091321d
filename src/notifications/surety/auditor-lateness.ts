import { type Invariant, NOW } from './auditor-invariant.js';

/** Wanted shares of what leaves, by seconds after its hour (I4). */
const WANTED = [
  { seconds: 10, share: 0.95 },
  { seconds: 60, share: 0.99 },
] as const;
/** One outage, however long, is caught up within an hour or two; what comes back more often is slowness. */
const LATE_HOURS = 3;
/** An hour in which fewer left says nothing of a share, unless several of them were late. */
const LEAST_IN_AN_HOUR = 20;
const SEVERAL = 3;

const IS_LATE = `wait > interval '${WANTED[0].seconds} seconds'`;
const FAILS = WANTED.map(
  ({ seconds, share }) => `avg((wait <= interval '${seconds} seconds')::int) < ${share}`,
).join(' OR ');

/**
 * Messages of the last 24 hours that left for their own sake, with their last call: from the hour they were last put
 * off to (the pace, the hours of a service, an operator that asks for patience) until the attempt was committed, just
 * before the call. Outside of holds, and of the quarter of an hour in which what was held leaves.
 */
const LEFT = `
  SELECT m.id, date_trunc('hour', a.started_at) AS hour, a.started_at - m.due_at AS wait
    FROM message m
    JOIN delivery_attempt a ON a.message_id = m.id AND a.number = m.attempts AND a.started_at >= m.due_at
   WHERE m.state NOT IN ('planned', 'queued', 'sending') AND m.lane = 0
     AND m.first_due_at > ${NOW} - interval '24 hours' AND m.first_due_at <= ${NOW}
     AND NOT EXISTS (SELECT FROM sending_hold h WHERE h.since < a.started_at
                       AND (h.released_at IS NULL OR h.released_at > m.due_at - interval '15 minutes'))`;

/** I4 on time. What a longer outage leaves waiting is I1 once it is over. */
export const LATENESS_INVARIANTS: readonly Invariant[] = [
  {
    invariant: 'I4',
    name: 'late-often',
    sentence:
      'messages left late, over 10 s (wanted: 95 % sooner) or over 60 s (99 %) after their hour, in three hours of the last 24 or more',
    sql: `WITH left_on AS MATERIALIZED (${LEFT}),
            late_hour AS MATERIALIZED (SELECT hour FROM left_on GROUP BY hour
                                       HAVING (count(*) >= ${LEAST_IN_AN_HOUR}
                                               OR count(*) FILTER (WHERE ${IS_LATE}) >= ${SEVERAL}) AND (${FAILS}))
          SELECT id FROM left_on JOIN late_hour USING (hour)
           WHERE ${IS_LATE} AND (SELECT count(*) FROM late_hour) >= ${LATE_HOURS} AND (SELECT ${FAILS} FROM left_on)`,
  },
];
