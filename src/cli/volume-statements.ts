/** app_now() is a query of its own: asked once a statement, not once a row. */
const CLOCK = 'clock AS MATERIALIZED (SELECT app_now() AS now)';
export const OF_THIS_RUN = 'xmin = pg_current_xact_id()::xid';

export const PERSONS = `
WITH ${CLOCK}, made AS (
  INSERT INTO person (first_name, last_name, search_key, birth_date, phone_id, phone_mobile, phone_territory,
    appi_number, created_by_organization_id, created_at, updated_at)
  SELECT f.name, l.name || ' ' || n, lower(l.name) || ' ' || n || ' ' || lower(f.name), date '1960-01-01' + n % 16000,
    phone_id, true, 'FR', 'VOL-' || n, $3, now, now
  FROM clock, unnest($1::integer[], $2::uuid[]) AS v(n, phone_id)
  CROSS JOIN LATERAL (SELECT (ARRAY['Lina', 'Hugo', 'Awa', 'Theo', 'Rosa', 'Yanis', 'Nora'])[n % 7 + 1] AS name) AS f
  CROSS JOIN LATERAL (SELECT (ARRAY['Brindille', 'Cordelier', 'Farouelle', 'Kermadec', 'Ourcade'])[n % 5 + 1] AS name) AS l
  RETURNING id, created_at
)
INSERT INTO person_organization (person_id, organization_id, since) SELECT id, $3, created_at FROM made`;

export const DUE_NOW = `
WITH ${CLOCK}, due AS (
  SELECT p.id AS person_id, date_trunc('minute', now) AS due_at,
         date_trunc('minute', now) AT TIME ZONE $6 + interval '1 day' AS promise
    FROM clock, person p
   WHERE p.appi_number IN (SELECT 'VOL-' || n FROM generate_series($1::integer, $1::integer + $2::integer - 1) AS n)
), followed AS (
  INSERT INTO person_organization (person_id, organization_id, since) SELECT person_id, $3, due_at FROM due
  ON CONFLICT DO NOTHING
), booked AS (
  INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time, time_zone,
    starts_at, created_by_organization_id, created_at, updated_at)
  SELECT person_id, 'suivi-spip', $5, $4, $3, promise::date, promise::time, $6, promise AT TIME ZONE $6, $3,
    due_at - interval '10 days', due_at - interval '10 days'
  FROM due RETURNING id, starts_at, created_at
)
INSERT INTO message (convocation_id, kind, occurrence, promise_version, due_at, first_due_at, useful_until, created_at, updated_at)
SELECT id, 'reminder', 1, 1, date_trunc('minute', now), date_trunc('minute', now), starts_at - interval '1 hour',
  created_at, created_at
FROM booked, clock`;

/** Working days from 540 days ago to a few days ago (19 of 20), and from 4 to 28 days ahead. */
export const OTHERS = `
WITH ${CLOCK}, drawn AS (
  SELECT p.id AS person_id, k, now,
    (now AT TIME ZONE $7)::date + CASE WHEN k % 20 = 0 THEN 6 + (k / 20) % 22 ELSE -4 - (k * 7919::bigint % 530)::integer END AS day,
    time '08:30' + k * 31::bigint % 17 * interval '30 minutes' + (k / $2::integer) % 30 * interval '1 minute' AS hour,
    k * 7907::bigint % 100 AS chance
  FROM clock, generate_series(1, $3::integer) AS k
  JOIN person p ON p.appi_number = 'VOL-' || ($1::integer + k % $2::integer)
), promised AS (
  SELECT drawn.*, day - greatest(0, extract(isodow FROM day)::integer - 5) AS local_date FROM drawn
), dated AS (
  SELECT promised.*, (local_date + hour) AT TIME ZONE $7 AS starts_at,
    CASE WHEN k % 20 = 0 OR chance < 2 THEN 'booked' WHEN chance < 27 THEN 'missed' WHEN chance < 32 THEN 'excused'
      ELSE 'attended' END AS state
  FROM promised
), told AS (
  SELECT dated.*, least(starts_at - interval '14 days', now - interval '3 days') AS created_at,
    CASE WHEN state <> 'booked' THEN starts_at + interval '2 hours' END AS outcome_at
  FROM dated
)
INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time, time_zone, starts_at,
  state, created_by_organization_id, outcome_at, created_at, updated_at)
SELECT person_id, (ARRAY['suivi-spip', 'convocation-741-1', 'rdv-telephonique', 'visite-domicile'])[k % 4 + 1], $6, $5, $4,
  local_date, hour, $7, starts_at, state, $4, outcome_at, created_at, coalesce(outcome_at, created_at)
FROM told ON CONFLICT DO NOTHING`;

/**
 * One reminder for each row of this run booked since the roll-out: delivered when its hour is past, planned otherwise.
 * Every hour is inside the send window.
 */
export const REMINDERS = `
WITH ${CLOCK}, owed AS (
  SELECT c.*, now, (local_date - 1 + local_time) AT TIME ZONE c.time_zone AS due_at
    FROM clock, convocation c JOIN organization o ON o.id = c.organization_id
   WHERE agenda_id = $1 AND c.created_at >= o.rolled_out_on AND ${OF_THIS_RUN.replace('xmin', 'c.xmin')}
), told AS (
  INSERT INTO message (convocation_id, kind, occurrence, promise_version, state, due_at, first_due_at, useful_until, attempts,
    accepted_at, settled_at, created_at, updated_at)
  SELECT id, 'reminder', 1, promise_version, CASE WHEN due_at < now THEN 'delivered' ELSE 'planned' END, due_at, due_at,
    starts_at - interval '1 hour', (due_at < now)::integer, CASE WHEN due_at < now THEN due_at + interval '2 seconds' END,
    CASE WHEN due_at < now THEN due_at + interval '9 seconds' END, created_at, least(due_at, now)
  FROM owed RETURNING id, convocation_id, state, due_at
)
INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash, segments, result,
  operator_message_id, started_at, real_started_at, answered_at)
SELECT gen_random_uuid(), told.id, 1, 'sms', 'twilio', 'Volume', p.phone_id, sha256(told.id::text::bytea),
  sha256(('body ' || told.id)::bytea), 2, 'delivered', 'SM' || md5(told.id::text), told.due_at, told.due_at,
  told.due_at + interval '2 seconds'
FROM told JOIN owed ON owed.id = told.convocation_id JOIN person p ON p.id = owed.person_id
WHERE told.state = 'delivered'`;
