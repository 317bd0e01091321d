import type { EntityManager } from 'typeorm';
import { keepContacts } from '../platform/contacts.js';
import { DUE_NOW, OF_THIS_RUN, OTHERS, PERSONS, REMINDERS } from './volume-statements.js';

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
