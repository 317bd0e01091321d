/**
 * Reads what the database adds up by itself (`attendance_cell`, `attendance_delta`): the figures of the definition
 * `OUTCOME_COUNTS` over the rows, exactly and at any moment, without counting the rows.
 *
 * Days surely past or surely ahead come from the cells, whole months from those of a month. Today, at each place, an
 * outcome counts once its hour is past: the few rows of today that the hour still decides are read by an index.
 * All of it is one statement, so that cells, differences and rows belong together.
 */

/** How finely cells are needed: the coarser, the fewer are read. */
export type Detail = 'service' | 'type' | 'place';

export interface RollUpRead {
  /** SQL giving organization_id, tag (any text), first and last (promised local dates, both included). */
  readonly windows: string;
  readonly detail: Detail;
  /** SQL over `type_code` and `place_id`, as far as `detail` goes. */
  readonly only?: string;
  /** SQL over `organization_id`, `tag`, `first_day`, `type_code`, `place_id`: the first output columns, and the order. */
  readonly groups: readonly { readonly name: string; readonly sql: string }[];
  readonly counts?: string;
}

const LAYERS: Readonly<Record<Detail, { readonly month: number; readonly day: number }>> = {
  service: { month: 1, day: 4 },
  type: { month: 2, day: 5 },
  place: { month: 3, day: 5 },
};

/** `tense`: -1 past, 0 today (its outcomes count, minus those still ahead), 1 ahead: only what is cancelled counts. */
export const COUNTS = `
  coalesce(sum(attended) FILTER (WHERE tense <= 0), 0)::integer AS attended,
  coalesce(sum(missed) FILTER (WHERE tense <= 0), 0)::integer AS missed,
  coalesce(sum(excused) FILTER (WHERE tense <= 0), 0)::integer AS excused,
  sum(cancelled_by_service + cancelled_by_person + cancelled_by_court)::integer AS cancelled,
  coalesce(sum(booked) FILTER (WHERE tense < 0), 0)::integer AS unknown`;

/** Cancelled by whom, and rescheduled at least once among the past ones that were not cancelled. */
export const DETAILED_COUNTS = `${COUNTS},
  sum(cancelled_by_service)::integer AS "cancelledByService",
  sum(cancelled_by_person)::integer AS "cancelledByPerson",
  sum(cancelled_by_court)::integer AS "cancelledByCourt",
  (coalesce(sum(moved_marked) FILTER (WHERE tense <= 0), 0)
    + coalesce(sum(moved_booked) FILTER (WHERE tense < 0), 0))::integer AS rescheduled`;

/** Columns of `DETAILED_COUNTS` after those of `COUNTS`, in their order. */
export const DETAIL_NAMES = [
  'cancelledByService',
  'cancelledByPerson',
  'cancelledByCourt',
  'rescheduled',
] as const;

/** Groups of which nothing can be said yet are left out. */
const SAYS_SOMETHING = `
  sum(CASE WHEN tense <= 0 THEN attended + missed + excused ELSE 0 END + CASE WHEN tense < 0 THEN booked ELSE 0 END
    + cancelled_by_service + cancelled_by_person + cancelled_by_court) <> 0`;

/** Longer than any local day; and than any transaction of ours, for what is marked while we read. */
const LONGEST_DAY = `interval '26 hours'`;
const LONGEST_TRANSACTION = `interval '1 minute'`;

/** @returns a statement with the parameters of its `windows` and `only` */
export function rollUpSql({ windows, detail, only = 'true', groups, counts = COUNTS }: RollUpRead): string {
  const names = groups.map(({ name }) => name).join(', ');
  return `WITH ${CLOCK}, windows AS MATERIALIZED (${windows}), ${piecesSql(LAYERS[detail])},
counted AS (${[CELLS, DELTAS, UNMARKED_TODAY, MARKED_AHEAD].map((part) => part(only)).join('\nUNION ALL')})
SELECT ${groups.map(({ name, sql }) => `${sql} AS ${name}`).join(', ')}, ${counts}
  FROM counted GROUP BY ${names} HAVING ${SAYS_SOMETHING} ORDER BY ${names}`;
}

/** A clock that is moved (demo and test databases) may go back before what was marked. */
const CLOCK = `clock AS MATERIALIZED (
  SELECT now, (now AT TIME ZONE 'UTC')::date AS utc_day,
         now + CASE WHEN EXISTS (SELECT FROM clock_offset) THEN ${LONGEST_DAY} ELSE ${LONGEST_TRANSACTION} END AS doubtful_until
    FROM (SELECT app_now() AS now) AS asked
)`;

/**
 * A window is whole months, which cost one cell each, between two rests of days. The month or two in which it is
 * today somewhere are read by days.
 */
function piecesSql(layer: { readonly month: number; readonly day: number }): string {
  return `pieces AS MATERIALIZED (
  SELECT organization_id, tag, piece.*
    FROM windows CROSS JOIN clock
   CROSS JOIN LATERAL (SELECT last + 1 AS ended,
                              date_trunc('month', first + interval '1 month' - interval '1 day')::date AS next_month) AS bound
   CROSS JOIN LATERAL (SELECT least(next_month, ended) AS a,
                              greatest(date_trunc('month', ended::timestamp)::date, least(next_month, ended)) AS b,
                              date_trunc('month', utc_day - interval '1 day')::date AS now_from,
                              date_trunc('month', utc_day + interval '1 month 1 day')::date AS now_until) AS month
   CROSS JOIN LATERAL (VALUES (${layer.day}, first, a), (${layer.month}, a, least(b, now_from)),
                              (${layer.day}, greatest(a, now_from), least(b, now_until)),
                              (${layer.month}, greatest(a, now_until), b), (${layer.day}, b, ended)) AS piece (layer, since, until)
   WHERE since < until
)`;
}

/** Rows of today's date at a place are today there; other days need no zone. */
const tense = (day: string) => `CASE WHEN ${day} < utc_day - 1 THEN -1 WHEN ${day} > utc_day + 1 THEN 1
         ELSE sign(${day} - (now AT TIME ZONE time_zone)::date)::integer END AS tense`;

/** A lateral subquery that the planner may not turn around: one short index scan for each piece, whatever it believes. */
const CELLS = (only: string) => `
  SELECT organization_id, tag, cell.* FROM pieces CROSS JOIN LATERAL (
    SELECT first_day, type_code, place_id, ${tense('first_day')}, attended, missed, excused, booked,
           cancelled_by_service, cancelled_by_person, cancelled_by_court, moved_marked, moved_booked
      FROM attendance_cell AS c CROSS JOIN clock
     WHERE c.layer = pieces.layer AND c.organization_id = pieces.organization_id
       AND first_day >= since AND first_day < until AND ${only} OFFSET 0) AS cell`;

const DELTAS = (only: string) => `
  SELECT organization_id, tag, local_date, type_code, place_id, ${tense('local_date')},
         CASE state WHEN 'attended' THEN n ELSE 0 END, CASE state WHEN 'missed' THEN n ELSE 0 END,
         CASE state WHEN 'excused' THEN n ELSE 0 END, CASE state WHEN 'booked' THEN n ELSE 0 END,
         CASE cancelled_by WHEN 'service' THEN n ELSE 0 END, CASE cancelled_by WHEN 'person' THEN n ELSE 0 END,
         CASE cancelled_by WHEN 'court' THEN n ELSE 0 END,
         CASE WHEN moved AND state IN ('attended', 'missed', 'excused') THEN n ELSE 0 END,
         CASE WHEN moved AND state = 'booked' THEN n ELSE 0 END
    FROM attendance_delta JOIN windows USING (organization_id) CROSS JOIN clock
   WHERE local_date BETWEEN first AND last AND ${only}`;

/** Past since some hours at most, and nobody marked it. */
const UNMARKED_TODAY = (only: string) => `
  SELECT organization_id, tag, part.* FROM windows CROSS JOIN clock CROSS JOIN LATERAL (
    SELECT local_date, type_code, place_id, -1, 0, 0, 0, 1, 0, 0, 0, 0, (promise_version > 1)::integer
      FROM convocation AS c
     WHERE c.organization_id = windows.organization_id AND state = 'booked'
       AND starts_at > now - ${LONGEST_DAY} AND starts_at <= now AND ${isToday(only)} OFFSET 0) AS part
   WHERE ${HOLDS_TODAY}`;

/** Its cell says today, its hour says later: taken back. */
const MARKED_AHEAD = (only: string) => `
  SELECT organization_id, tag, part.* FROM windows CROSS JOIN clock CROSS JOIN LATERAL (
    SELECT local_date, type_code, place_id, 0, -(state = 'attended')::integer, -(state = 'missed')::integer,
           -(state = 'excused')::integer, 0, 0, 0, 0, -(promise_version > 1)::integer, 0
      FROM convocation AS c
     WHERE c.organization_id = windows.organization_id AND state IN ('attended', 'missed', 'excused')
       AND (outcome_at IS NULL OR outcome_at < starts_at)
       AND starts_at > now AND starts_at < now + ${LONGEST_DAY} AND ${isToday(only)}
     UNION ALL
    SELECT local_date, type_code, place_id, 0, -(state = 'attended')::integer, -(state = 'missed')::integer,
           -(state = 'excused')::integer, 0, 0, 0, 0, -(promise_version > 1)::integer, 0
      FROM convocation AS c
     WHERE c.organization_id = windows.organization_id AND state IN ('attended', 'missed', 'excused')
       AND outcome_at >= starts_at
       AND starts_at > now AND starts_at < doubtful_until AND ${isToday(only)} OFFSET 0) AS part
   WHERE ${HOLDS_TODAY}`;

const HOLDS_TODAY = 'first <= utc_day + 1 AND last >= utc_day - 1';
const isToday = (only: string) =>
  `local_date = (now AT TIME ZONE c.time_zone)::date AND local_date BETWEEN first AND last AND ${only}`;
