import { COUNTED, OUTCOME_COUNTS } from './attendance.query.js';
import { PHONE_DIMENSION, PHONE_VALUES, TYPE_DIMENSION } from './domain/breakdown.js';

const OUTCOMES = ['attended', 'missed', 'excused'];

/**
 * Months of services to count again, newest first: those from two months ago on, and those whose outcomes (of the
 * roll-up, which is exact at any moment) are no longer the sum of their cells. Every dimension tells every convocation;
 * the youngest one is asked, so that months counted before it came are counted again.
 */
export const STALE_MONTHS = `
WITH counted AS (
  SELECT organization_id, month, sum(attended) AS attended, sum(missed) AS missed, sum(excused) AS excused,
         sum(cancelled) AS cancelled
    FROM (SELECT organization_id, first_day AS month, attended, missed, excused,
                 cancelled_by_service + cancelled_by_person + cancelled_by_court AS cancelled
            FROM attendance_cell WHERE layer = 1
           UNION ALL
          SELECT organization_id, date_trunc('month', local_date::timestamp)::date,
                 ${OUTCOMES.map((state) => `CASE state WHEN '${state}' THEN n ELSE 0 END`).join(', ')},
                 CASE state WHEN 'cancelled' THEN n ELSE 0 END
            FROM attendance_delta) AS rolled
   GROUP BY 1, 2
), told AS (
  SELECT organization_id, month, sum(attended) AS attended, sum(missed) AS missed, sum(excused) AS excused,
         sum(cancelled) AS cancelled
    FROM breakdown_cell WHERE dimension = '${PHONE_DIMENSION}' GROUP BY 1, 2
)
SELECT coalesce(c.organization_id, t.organization_id) AS "organizationId", coalesce(c.month, t.month)::text AS month
  FROM counted c FULL JOIN told t ON t.organization_id = c.organization_id AND t.month = c.month
 WHERE coalesce(c.month, t.month) >= date_trunc('month', app_now() AT TIME ZONE 'UTC') - interval '2 months'
    OR (c.attended, c.missed, c.excused, c.cancelled) IS DISTINCT FROM (t.attended, t.missed, t.excused, t.cancelled)
 ORDER BY 2 DESC, 1`;

/** Furthest of the messages of a kind; a text that another one of the same day replaced got as far as that one. */
const furthest = (kind: string) => `
  CASE min(CASE coalesce(told.state, m.state)
             WHEN 'delivered' THEN 1 WHEN 'accepted' THEN 2 WHEN 'undelivered' THEN 3
             WHEN 'suppressed' THEN 5 WHEN 'withdrawn' THEN CASE WHEN m.reason = 'over' THEN 4 END ELSE 4 END) FILTER (WHERE m.kind = '${kind}')
    WHEN 1 THEN 'delivered' WHEN 2 THEN 'accepted' WHEN 3 THEN 'undelivered' WHEN 4 THEN 'not-handed-over'
    WHEN 5 THEN 'no-means' ELSE 'none' END`;

/** Age on the promised date. */
const AGE = `
  CASE WHEN p.birth_date IS NULL THEN 'unknown'
       ELSE (ARRAY['under-18', '18-24', '25-34', '35-49', '50-64', '65-up'])[
         1 + width_bucket(extract(year FROM age(c.local_date, p.birth_date)), ARRAY[18, 25, 35, 50, 65]::numeric[])]
   END`;

/** Days from the booking to the promised date. */
const DELAY = `(ARRAY['0-3', '4-7', '8-14', '15-30', '31-up'])[
  1 + width_bucket(c.local_date - (c.created_at AT TIME ZONE c.time_zone)::date, ARRAY[4, 8, 15, 31])]`;

/** First convocation of the person that was not cancelled, at any service. */
const ORDER = `CASE WHEN EXISTS (SELECT FROM convocation e WHERE e.person_id = c.person_id
                                    AND e.starts_at < c.starts_at AND e.state <> 'cancelled') THEN 'later' ELSE 'first' END`;

/** As registered on the night of the count: what it was on the day is not kept. */
const REACH = `CASE WHEN p.sms_refused_at IS NOT NULL THEN 'refused' WHEN p.phone_mobile THEN 'mobile' ELSE 'no-mobile' END`;

/** Any number, a landline too: what earlier dashboards asked. As registered on the night of the count. */
const PHONE = `CASE WHEN number.person_id IS NULL THEN '${PHONE_VALUES[1]}' ELSE '${PHONE_VALUES[0]}' END`;

/** $1: services; $2: first day of the month. */
export const FOLD_CELLS = `
WITH c AS MATERIALIZED (
  SELECT c.*, ${AGE} AS age, ${DELAY} AS delay, ${ORDER} AS "order", ${REACH} AS reach, ${PHONE} AS phone,
         extract(isodow FROM c.local_date) || ' ' || to_char(c.local_time, 'HH24:MI') AS slot, message.*
    FROM convocation c JOIN person p ON p.id = c.person_id
    LEFT JOIN person_with_phone number ON number.person_id = c.person_id
    CROSS JOIN LATERAL (
      SELECT ${furthest('summons')} AS summons, ${furthest('reminder')} AS reminder
        FROM message m LEFT JOIN message told ON told.id = m.told_by_message_id
       WHERE m.convocation_id = c.id AND m.promise_version = c.promise_version) AS message
   WHERE c.organization_id = ANY($1)
     AND c.starts_at >= $2::date - interval '2 days' AND c.starts_at < $2::date + interval '1 month 2 days'
     AND c.local_date >= $2::date AND c.local_date < $2::date + interval '1 month' AND ${COUNTED}
), cells AS (
  INSERT INTO breakdown_cell (organization_id, month, dimension, value, type_code, attended, missed, excused,
    cancelled, unknown)
  SELECT c.organization_id, $2, d.dimension, d.value, c.type_code, ${OUTCOME_COUNTS}
    FROM c CROSS JOIN LATERAL (VALUES
      ('age', c.age), ('order', c."order"), ('delay', c.delay), ('summons', c.summons), ('reminder', c.reminder),
      ('reach', c.reach), ('${PHONE_DIMENSION}', c.phone), ('slot', c.slot)
    ) AS d(dimension, value)
   GROUP BY 1, 3, 4, 5 RETURNING *
), totals AS (
  INSERT INTO breakdown_total (organization_id, month, dimension, value, attended, missed, excused, cancelled, unknown)
  SELECT organization_id, month, d.dimension, d.value, sum(attended), sum(missed), sum(excused), sum(cancelled),
         sum(unknown)
    FROM cells CROSS JOIN LATERAL (
      SELECT cells.dimension, cells.value WHERE cells.dimension <> 'slot'
       UNION ALL
      SELECT '${TYPE_DIMENSION}', cells.type_code WHERE cells.dimension = '${PHONE_DIMENSION}') AS d
   GROUP BY 1, 2, 3, 4
)
INSERT INTO text_cost_cell (organization_id, month, type_code, texts, parts)
SELECT c.organization_id, $2, c.type_code, count(*), sum(a.segments)
  FROM c JOIN message m ON m.convocation_id = c.id JOIN delivery_attempt a ON a.message_id = m.id
 WHERE a.channel = 'sms' AND a.result IN ('accepted', 'delivered', 'undelivered') GROUP BY 1, 3`;
