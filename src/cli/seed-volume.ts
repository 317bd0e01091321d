import type { EntityManager } from 'typeorm';
import { keepContacts } from '../platform/contacts.js';

export interface Volume {
  readonly persons: number;
  readonly convocations: number;
  /** At most `persons`. */
  readonly dueNow: number;
}

export interface SeededVolume {
  readonly persons: number;
  readonly convocations: number;
  readonly dueNow: number;
}

interface Office {
  readonly organization_id: string;
  readonly place_id: string;
  readonly agenda_id: string;
  readonly time_zone: string;
}

/** Somewhere among these it is always between 09:00 and 18:00. */
const CLOCKS = [
  { zone: 'Europe/Paris', calendar: 'metropole' },
  { zone: 'Indian/Reunion', calendar: 'la-reunion' },
  { zone: 'America/Cayenne', calendar: 'guyane' },
  { zone: 'Pacific/Tahiti', calendar: 'polynesie-francaise' },
  { zone: 'Pacific/Noumea', calendar: 'nouvelle-caledonie' },
] as const;

/** Convocations of one service, written by two statements: each stays in memory, and under its time. */
const PER_SERVICE = 100_000;

/**
 * Many rows by a few statements: persons with distinct mobiles, and convocations over the last eighteen months and
 * the next four weeks with their outcomes and reminders, at one service for each hundred thousand. `dueNow` of the
 * persons have one reminder due now, at a place where the send window is open, and nothing else within a day.
 * @throws Error in a database that was not made for the demo or for tests
 */
export async function seedVolume(tx: EntityManager, volume: Volume): Promise<SeededVolume> {
  await refuseElsewhere(tx);
  // Tables just filled have no statistics yet: left to itself, the planner would loop a hundred thousand times.
  await tx.query(`SET LOCAL statement_timeout = '120s'; SET LOCAL enable_nestloop = off`);
  const first = await nextRank(tx);
  const others = Math.max(0, volume.convocations - volume.dueNow);
  const shares = sharesOf(first, volume.persons, others);
  for (const { rank, persons, office } of shares) {
    const { organization_id } = await officeAt(tx, CLOCKS[0], 'Bureau 1', office);
    await writePersons(tx, { rank, persons }, organization_id);
  }
  if (volume.dueNow > 0) await planDueNow(tx, first, volume.dueNow);
  let booked = 0;
  for (const share of shares) if (share.convocations > 0) booked += await bookOthers(tx, share);
  return { persons: volume.persons, convocations: booked + volume.dueNow, dueNow: volume.dueNow };
}

/** Written at once; their numbers are sealed here, a hundred thousand a second. */
const PERSONS_AT_ONCE = 20_000;

async function writePersons(
  tx: EntityManager,
  { rank, persons }: { readonly rank: number; readonly persons: number },
  organizationId: string,
): Promise<void> {
  for (let from = rank; from < rank + persons; from += PERSONS_AT_ONCE) {
    const count = Math.min(PERSONS_AT_ONCE, rank + persons - from);
    const ranks = Array.from({ length: count }, (_, i) => from + i);
    const contacts = await keepContacts(tx, 'phone', ranks.map(mobileOf));
    await tx.query(PERSONS, [ranks, ranks.map((n) => contacts.get(mobileOf(n))), organizationId]);
  }
}

/** What one service receives. */
interface Share {
  /** From 1; names the service. */
  readonly office: number;
  /** Of its first person. */
  readonly rank: number;
  readonly persons: number;
  readonly convocations: number;
}

/** Persons and convocations in equal parts, the remainder at the last service; each service has a person at least. */
function sharesOf(first: number, persons: number, convocations: number): readonly Share[] {
  const count = Math.max(1, Math.min(persons, Math.ceil(convocations / PER_SERVICE)));
  const part = (total: number, i: number) =>
    Math.floor(total / count) + (i === count - 1 ? total % count : 0);
  return Array.from({ length: count }, (_, i) => ({
    office: i + 1,
    rank: first + i * Math.floor(persons / count),
    persons: part(persons, i),
    convocations: part(convocations, i),
  }));
}

async function refuseElsewhere(tx: EntityManager): Promise<void> {
  const rows: { name: string }[] = await tx.query('SELECT name FROM environment');
  const name = rows[0]?.name;
  if (name !== 'demo' && name !== 'test')
    throw new Error('volume may be seeded in a demo or test database only');
}

/** Each run goes on counting where the last one stopped, so that numbers stay distinct. */
async function nextRank(tx: EntityManager): Promise<number> {
  const rows: { n: number }[] = await tx.query(
    `SELECT count(*)::integer AS n FROM person WHERE appi_number LIKE 'VOL-%'`,
  );
  return rows[0]?.n ?? 0;
}

async function officeAt(
  tx: EntityManager,
  clock: (typeof CLOCKS)[number],
  agenda: string,
  number = 1,
): Promise<Office> {
  const name = `SPIP Volume ${clock.zone}${number === 1 ? '' : ` ${number}`}`;
  await tx.query(
    `INSERT INTO organization (name, kind, time_zone, calendar, rolled_out_on)
     VALUES ($1, 'spip', $2, $3, app_now() - interval '9 months') ON CONFLICT (name) DO NOTHING`,
    [name, clock.zone, clock.calendar],
  );
  await tx.query(
    `INSERT INTO rollout (organization_id, started_on) SELECT id, rolled_out_on FROM organization o
      WHERE name = $1 AND NOT EXISTS (SELECT FROM rollout r WHERE r.organization_id = o.id)`,
    [name],
  );
  await tx.query(
    `INSERT INTO place (organization_id, name, address, time_zone, phone)
     SELECT id, name, '1 rue du Volume', time_zone, '+33199000001' FROM organization WHERE name = $1 ON CONFLICT DO NOTHING`,
    [name],
  );
  await tx.query(
    `INSERT INTO agenda (place_id, name) SELECT id, $2 FROM place WHERE name = $1 ON CONFLICT DO NOTHING`,
    [name, agenda],
  );
  const rows: Office[] = await tx.query(
    `SELECT p.organization_id, p.id AS place_id, a.id AS agenda_id, p.time_zone
       FROM place p JOIN agenda a ON a.place_id = p.id WHERE p.name = $1 AND a.name = $2`,
    [name, agenda],
  );
  const office = rows[0];
  if (office === undefined) throw new Error(`no office ${name}`);
  return office;
}

/** Of one statement: the connection is given up after 16 s of silence. */
const DUE_AT_ONCE = 5_000;

/** Booked for the same hour tomorrow, so that the reminder of the day before is due this very minute. */
async function planDueNow(tx: EntityManager, first: number, count: number): Promise<void> {
  const office = await officeAt(tx, await clockWithOpenWindow(tx), 'Bureau 2');
  const { organization_id, place_id, agenda_id, time_zone } = office;
  for (let from = first; from < first + count; from += DUE_AT_ONCE) {
    const persons = Math.min(DUE_AT_ONCE, first + count - from);
    await tx.query(DUE_NOW, [from, persons, organization_id, place_id, agenda_id, time_zone]);
  }
}

async function clockWithOpenWindow(tx: EntityManager): Promise<(typeof CLOCKS)[number]> {
  const rows: { zone: string }[] = await tx.query(
    `SELECT zone FROM unnest($1::text[]) AS zone
      ORDER BY abs(extract(epoch FROM (app_now() AT TIME ZONE zone)::time - time '13:00')) LIMIT 1`,
    [CLOCKS.map(({ zone }) => zone)],
  );
  return CLOCKS.find(({ zone }) => zone === rows[0]?.zone) ?? CLOCKS[0];
}

async function bookOthers(tx: EntityManager, share: Share): Promise<number> {
  const office = await officeAt(tx, CLOCKS[0], 'Bureau 1', share.office);
  await tx.query(OTHERS, [
    share.rank,
    share.persons,
    share.convocations,
    office.organization_id,
    office.place_id,
    office.agenda_id,
    office.time_zone,
  ]);
  await tx.query(REMINDERS, [office.agenda_id]);
  const rows: { n: number }[] = await tx.query(
    `SELECT count(*)::integer AS n FROM convocation WHERE agenda_id = $1 AND ${OF_THIS_RUN}`,
    [office.agenda_id],
  );
  return rows[0]?.n ?? 0;
}

/** Endings 00 to 89 in turn: 90 to 99 make a simulated operator misbehave. */
export function mobileOf(rank: number): string {
  return `+3361${String(Math.floor(rank / 90) * 100 + (rank % 90)).padStart(7, '0')}`;
}

/** app_now() is a query of its own: asked once a statement, not once a row. */
const CLOCK = 'clock AS MATERIALIZED (SELECT app_now() AS now)';
const OF_THIS_RUN = 'xmin = pg_current_xact_id()::xid';

const PERSONS = `
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

const DUE_NOW = `
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
const OTHERS = `
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
const REMINDERS = `
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
