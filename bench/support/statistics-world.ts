import { DIMENSION_VALUES, PHONE_DIMENSION, PHONE_VALUES } from '../../src/statistics/domain/breakdown.js';
import { FROM_CELLS } from '../../migrations/1766000000500-breakdown-totals.js';
import type { Rig } from './rig.js';

export interface StatisticsWorld {
  readonly services: readonly string[];
  readonly placesOf: ReadonlyMap<string, readonly string[]>;
}

/** Convocations of one service in the two years before today and the four weeks after. */
const PER_SERVICE = 50_000;
/** Rows written by one statement. */
const STEP = 500_000;

const TYPES = [
  'suivi-spip',
  'premiere-convocation-spip',
  'convocation-741-1',
  'rdv-telephonique',
  'visite-domicile',
  'placement-tig-tnr',
  'convocation-stage',
  'rappel-spip',
];

/**
 * Services of three places each, in six time zones, and their convocations on every day and hour, of eight types; one
 * in fifty of the past ones is not marked, one in twelve is cancelled, by all three. Written by the owner without
 * indexes, keys and triggers, which come back at the end, and counted then; what the service itself would then do is
 * done by `churn`.
 */
export async function seedStatistics(rig: Rig, convocations: number): Promise<StatisticsWorld> {
  const services = Math.min(200, Math.max(6, Math.ceil(convocations / PER_SERVICE)));
  await rig.owner(SERVICES, [services]);
  const persons = Math.max(1_000, Math.ceil(convocations / 12));
  await rig.owner(PERSONS, [persons]);
  const bring = await setAside(rig);
  for (let from = 0; from < convocations; from += STEP)
    await rig.owner(CONVOCATIONS, [from, Math.min(convocations, from + STEP) - 1, TYPES, persons]);
  for (const statement of bring) await rig.owner(statement);
  await rig.owner('SELECT rebuild_attendance()');
  const told = { ...DIMENSION_VALUES, [PHONE_DIMENSION]: PHONE_VALUES };
  const values = Object.entries(told).flatMap(([dimension, all]) =>
    all.map((value) => ({ dimension, value, parts: all.length })),
  );
  await rig.owner(BREAKDOWNS, [JSON.stringify(values)]);
  await rig.owner(FROM_CELLS);
  await rig.owner('INSERT INTO breakdown_fold (folded_at) VALUES (now())');
  await rig.owner('VACUUM ANALYZE');
  return worldOf(rig);
}

async function worldOf(rig: Rig): Promise<StatisticsWorld> {
  const rows: { id: string; places: string[] }[] = await rig.dataSource.query(
    `SELECT o.id, array_agg(p.id::text ORDER BY p.id) AS places FROM organization o JOIN place p ON p.organization_id = o.id
      GROUP BY o.id ORDER BY o.id`,
  );
  return {
    services: rows.map(({ id }) => id),
    placesOf: new Map(rows.map(({ id, places }) => [id, places])),
  };
}

/**
 * What a day of work does, by the application's own role: outcomes, cancellations, moves and new bookings, so that
 * some figures are in the cells and some still in differences.
 */
export async function churn(rig: Rig, seed: number): Promise<void> {
  for (const statement of CHURN) await rig.dataSource.query(statement, [seed % 1_000]);
}

/** Indexes and foreign keys of the table, as statements that bring them back. */
async function setAside(rig: Rig): Promise<string[]> {
  const indexes: { name: string; definition: string }[] = await rig.dataSource.query(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
      WHERE tablename = 'convocation' AND indexname <> 'convocation_pkey'`,
  );
  const keys: { name: string; definition: string }[] = await rig.dataSource.query(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
      WHERE conrelid = 'convocation'::regclass AND contype = 'f'`,
  );
  for (const { name } of indexes) await rig.owner(`DROP INDEX ${name}`);
  for (const { name } of keys) await rig.owner(`ALTER TABLE convocation DROP CONSTRAINT ${name}`);
  await rig.owner('ALTER TABLE convocation DISABLE TRIGGER USER');
  return [
    'ALTER TABLE convocation ENABLE TRIGGER USER',
    `SET maintenance_work_mem = '512MB'; ${indexes.map(({ definition }) => definition).join('; ')}`,
    ...keys.map(
      ({ name, definition }) => `ALTER TABLE convocation ADD CONSTRAINT ${name} ${definition} NOT VALID`,
    ),
  ];
}

const ZONES = `ARRAY['Europe/Paris', 'Europe/Paris', 'Indian/Reunion', 'America/Cayenne', 'Pacific/Tahiti', 'Pacific/Noumea']`;

const SERVICES = `
WITH made AS (
  INSERT INTO organization (name, kind, time_zone, rolled_out_on)
  SELECT 'SPIP Banc ' || lpad(n::text, 3, '0'), 'spip', (${ZONES})[n % 6 + 1],
         date_trunc('month', now())::date - (n % 12 + 6) * 30
    FROM generate_series(1, $1::integer) AS n
  RETURNING id, time_zone, rolled_out_on
), started AS (
  INSERT INTO rollout (organization_id, started_on) SELECT id, rolled_out_on FROM made
), held AS (
  INSERT INTO place (organization_id, name, address, time_zone, phone)
  SELECT id, 'Antenne ' || n, '1 rue du Banc', time_zone, '+33199000001' FROM made, generate_series(1, 3) AS n
  RETURNING id
)
INSERT INTO agenda (place_id, name) SELECT id, 'Bureau' FROM held`;

const PERSONS = `
INSERT INTO person (id, first_name, last_name, search_key, appi_number, birth_date)
SELECT md5(n::text)::uuid, 'Ada', 'Banc ' || n, 'banc ' || n || ' ada', 'BANC-' || n, date '1960-01-01' + n % 16000
  FROM generate_series(1, $1::integer) AS n`;

/** Hashes of the rank: every service, place, type, day and hour is met in every combination, whatever the number. */
/** Days of the two years and four weeks that belong to the first convocation of everybody, to the second… of twelve. */
const APART = 63;

/** Nobody is summoned twice at one hour to one desk: each of a person's convocations has days of its own. */
const CONVOCATIONS = `
WITH office AS MATERIALIZED (
  SELECT p.organization_id, p.id AS place_id, a.id AS agenda_id, p.time_zone, row_number() OVER (ORDER BY p.id) - 1 AS rank
    FROM place p JOIN agenda a ON a.place_id = p.id
), hashed AS MATERIALIZED (
  SELECT n, abs(hashint8(n)::bigint) AS a, abs(hashint8(n + 1000000007)::bigint) AS b,
         abs(hashint8(n + 2000000011)::bigint) AS c
    FROM generate_series($1::bigint, $2::bigint) AS n
), drawn AS (
  SELECT hashed.*, a % (SELECT count(*) FROM office) AS rank, now()::date - 730 + (n / $4::bigint * ${APART} + b % ${APART})::integer AS local_date,
         time '08:00' + (c % 40) * interval '15 minutes' AS local_time, c / 40 % 100 AS chance, b / 758 % 100 AS turn
    FROM hashed
), timed AS (
  SELECT drawn.*, office.*, (local_date + local_time) AT TIME ZONE time_zone AS starts_at FROM drawn JOIN office USING (rank)
), told AS (
  SELECT timed.*, CASE WHEN chance < 8 THEN 'cancelled'
                       WHEN starts_at > now() THEN CASE WHEN chance < 10 THEN 'excused' ELSE 'booked' END
                       WHEN chance < 10 THEN 'booked' WHEN chance < 14 THEN 'excused'
                       WHEN chance < 32 THEN 'missed' ELSE 'attended' END AS state
    FROM timed
)
INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time, time_zone,
  starts_at, promise_version, state, cancelled_by, created_by_organization_id, outcome_at, created_at, updated_at)
SELECT md5((1 + n % $4::bigint)::text)::uuid, ($3::text[])[1 + a / 1000 % 8], agenda_id, place_id, organization_id,
       local_date, local_time, time_zone, starts_at, CASE WHEN turn < 6 THEN 2 ELSE 1 END, state,
       CASE WHEN state = 'cancelled' THEN (ARRAY['service', 'person', 'court'])[1 + turn % 3] END, organization_id,
       CASE WHEN state IN ('attended', 'missed', 'excused') THEN least(starts_at + interval '1 hour', now()) END,
       starts_at - interval '14 days', starts_at - interval '14 days'
  FROM told`;

/**
 * As many cells as a night would count, without the hours of counting: the months of the roll-up in equal parts, and
 * thirty hours of the week.
 */
const BREAKDOWNS = `
INSERT INTO breakdown_cell (organization_id, month, dimension, value, type_code, attended, missed, excused, cancelled, unknown)
SELECT organization_id, first_day, dimension, value, type_code, attended / parts, missed / parts, excused / parts,
       (cancelled_by_service + cancelled_by_person + cancelled_by_court) / parts, booked / parts
  FROM attendance_cell
 CROSS JOIN (SELECT dimension, value, parts FROM json_to_recordset($1::json) AS t (dimension text, value text, parts integer)
              UNION ALL SELECT 'slot', day || ' ' || lpad(hour::text, 2, '0') || ':00', 30
                FROM generate_series(1, 5) AS day, generate_series(9, 14) AS hour) AS part
 WHERE layer = 2 AND first_day <= now()
ON CONFLICT DO NOTHING`;

const SOME = (state: string, where: string, count: number) => `
  SELECT id FROM convocation WHERE state = '${state}' AND ${where} AND abs(hashtext(id::text)) % 1000 >= $1::integer % 900
   ORDER BY starts_at LIMIT ${count}`;
const RECENT = `starts_at BETWEEN now() - interval '40 days' AND now()`;
const COMING = `starts_at BETWEEN now() AND now() + interval '20 days'`;

const CHURN = [
  `UPDATE convocation SET state = 'attended', outcome_at = now() WHERE id IN (${SOME('booked', RECENT, 400)})`,
  `UPDATE convocation SET state = 'missed', outcome_at = now() WHERE id IN (${SOME('booked', RECENT, 200)})`,
  `UPDATE convocation SET state = 'booked', outcome_at = NULL WHERE id IN (${SOME('attended', `starts_at BETWEEN now() - interval '20 hours' AND now()`, 50)})`,
  `UPDATE convocation SET state = 'excused', outcome_at = now() WHERE id IN (${SOME('booked', COMING, 200)})`,
  `UPDATE convocation SET state = 'cancelled', cancelled_by = 'person' WHERE id IN (${SOME('booked', COMING, 200)})`,
  `UPDATE convocation SET local_date = local_date + 9, starts_at = ((local_date + 9) + local_time) AT TIME ZONE time_zone,
     promise_version = promise_version + 1 WHERE id IN (${SOME('booked', COMING, 200)})`,
];
