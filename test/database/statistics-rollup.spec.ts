import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { CANCELLED_BY, type CancelledBy } from '../../src/convocations/domain/convocation.states.js';
import { attendance, ATTENDANCE_GROUPS } from '../../src/statistics/attendance.query.js';
import { FoldAttendance } from '../../src/statistics/fold-attendance.js';
import {
  type FigureFilter,
  detailedMonths,
  monthlyFigures,
} from '../../src/statistics/monthly-figures.query.js';
import { RebuildAttendance } from '../../src/statistics/rebuild-attendance.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Office, Offices, outcomeOf } from '../support/offices.js';
import { rawAttendance, rawDetailedMonths, rawMonthlyFigures } from '../support/raw-attendance.js';

/** Both ends of the day: it is never the same date in the first and the last of them. */
const ZONES = ['Pacific/Tahiti', 'Europe/Paris', 'Pacific/Noumea'] as const;
/** Held on any day of the week, at a free hour. */
const TYPES = ['placement-tig-tnr', 'convocation-ddse'] as const;

let database: TestDatabase;
let offices: Offices;
let services: Office[];
/** Two agendas of the first service, each at its own place, then one for each other service. */
let agendas: { agendaId: string; placeId: string; office: Office }[];
let persons: string[];

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 6 });
  offices = new Offices(database.dataSource);
  services = await Promise.all(ZONES.map((timeZone) => offices.office({ timeZone })));
  agendas = services.map((office) => ({ agendaId: office.agendaId, placeId: office.placeId, office }));
  const [first] = services;
  if (first !== undefined) agendas.push(await secondPlace(first));
  persons = await Promise.all(Array.from({ length: 6 }, () => offices.person(office(0))));
});
afterAll(() => database.drop());

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const sql = (text: string, values: unknown[] = []): Promise<unknown> =>
  database.dataSource.query(text, values);
const fold = () => run((tx) => new FoldAttendance().execute(tx));
const rebuild = () => run((tx) => new RebuildAttendance().execute(tx));

const rank = fc.nat(1_000);
const hour = fc.constantFrom<string>('00:10', '06:30', '09:00', '11:45', '14:00', '18:20', '23:40');
/** Days after 28 May: few of them, so that it is often today, around the end of two months. */
const DAYS = [1, 2, 3, 4, 5, 33, 34, 35] as const;
const day = fc.constantFrom<number>(...DAYS);
const booking = fc.record({
  ...{ kind: fc.constant('book' as const), agenda: rank, person: rank, day, hour, type: rank },
});
const step = fc.oneof(
  { weight: 4, arbitrary: booking },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('reschedule' as const), at: rank, agenda: rank, day, hour }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('cancel' as const),
      at: rank,
      by: fc.constantFrom(...CANCELLED_BY),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('attend' as const, 'miss' as const, 'excuse' as const),
      at: rank,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reopen' as const), at: rank }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('record-day' as const), from: rank }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), from: rank, into: rank }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'undone' as const), at: rank }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('fold' as const, 'rebuild' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const batch = fc.record({
  /** What the clock shows, UTC; it goes back as well. */
  day: fc.constantFrom<number>(...DAYS),
  time: fc.constantFrom<string>('00:30', '08:00', '10:30', '13:00', '17:00', '22:15'),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
});
const EARLY = { day: 0, time: '00:00' };

const filter = fc.record({
  from: fc.constantFrom<number>(-60, -27, ...DAYS),
  to: fc.constantFrom<number>(...DAYS, 60),
  types: fc.constantFrom(undefined, [TYPES[0]], [...TYPES], ['suivi-spip']),
  place: fc.option(fc.nat(3), { nil: undefined }),
  service: fc.nat(2),
  all: fc.boolean(),
  groupBy: fc.constantFrom(...ATTENDANCE_GROUPS),
});
type Filter = typeof filter extends fc.Arbitrary<infer T> ? T : never;
const EVERYTHING: Filter = {
  ...{ from: -60, to: 60, types: undefined, place: undefined, service: 0, all: true, groupBy: 'month' },
};

it('says at every moment what a count of the rows says, whatever was done, at once or in turn', async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(booking, { minLength: 5, maxLength: 20 }),
      fc.array(batch, { minLength: 2, maxLength: 5 }),
      fc.array(filter, { minLength: 1, maxLength: 3 }),
      async (first, batches, filters) => {
        await sql('DELETE FROM convocation');
        for (const { steps, ...now } of [{ ...EARLY, steps: first }, ...batches]) {
          await moveClock(database.dataSource, `${dateOf(now.day)}T${now.time}:00Z`);
          const known = await ids();
          const outcomes = await Promise.all(steps.map((one) => outcomeOf(perform(one, known))));
          done += outcomes.filter((outcome) => outcome === 'done').length;
          for (const one of [EVERYTHING, ...filters]) await compare(one);
        }
        await fold();
        for (const one of filters) await compare(one);
        await rebuild();
        for (const one of filters) await compare(one);
        expect(await offices.miscounted()).toEqual([]);
      },
    ),
    { numRuns: 8 },
  );
  expect(done).toBeGreaterThan(80);
});

it.each([
  { now: '2026-06-01T08:00:00Z', zone: 0, day: 3, hour: '23:40', unknown: 0, why: 'still May in Tahiti' },
  { now: '2026-06-01T10:00:00Z', zone: 0, day: 3, hour: '23:40', unknown: 1, why: 'June in Tahiti too' },
  {
    now: '2026-05-31T19:29:00Z',
    zone: 2,
    day: 4,
    hour: '06:30',
    unknown: 0,
    why: 'June in Noumea, too early',
  },
  { now: '2026-05-31T19:30:00Z', zone: 2, day: 4, hour: '06:30', unknown: 1, why: 'June in Noumea already' },
])('knows at $now whether the hour is past: $why', async ({ now, zone, day: at, hour: time, unknown }) => {
  await moveClock(database.dataSource, `${dateOf(0)}T00:00:00Z`);
  await sql('DELETE FROM convocation');
  await run((tx) => bookOne(tx, { kind: 'book', agenda: zone, person: 0, day: at, hour: time, type: 0 }));
  await moveClock(database.dataSource, now);
  await fold();
  const months = { organizationIds: [office(zone).organizationId], from: '2026-05', to: '2026-06' };
  const counts = await run((tx) => monthlyFigures(tx, everywhere(), months));
  expect(counts.map((month) => month.unknown)).toEqual(unknown === 0 ? [] : [1]);
});

it('loses nothing while bookings, folding and counting again run at once', async () => {
  await moveClock(database.dataSource, '2026-05-04T06:00:00Z');
  await sql('DELETE FROM convocation');
  const booked = Array.from({ length: 120 }, (_, i): Step => ({
    ...{ kind: 'book', agenda: i, person: i, day: DAYS[i % DAYS.length] ?? 0, type: i },
    hour: `${String(8 + (i % 9)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`,
  }));
  const work = booked.flatMap((one, i) => [
    () => perform(one, []),
    ...(i % 6 === 0 ? [fold] : []),
    ...(i % 20 === 0 ? [rebuild] : []),
  ]);
  const outcomes = await Promise.all(work.map((one) => outcomeOf(one())));
  expect(outcomes.filter((outcome) => outcome === 'done').length).toBeGreaterThan(100);
  await moveClock(database.dataSource, '2026-06-01T10:00:00Z');
  for (const groupBy of ATTENDANCE_GROUPS)
    for (const service of [0, 1, 2]) await compare({ ...EVERYTHING, service, groupBy });
});

it('books without waiting for another booking that is not yet committed', async () => {
  await moveClock(database.dataSource, '2026-05-04T06:00:00Z');
  const at = { kind: 'book', agenda: 1, day: 9, hour: '10:10', type: 0 } as const;
  await run(async (tx) => {
    await bookOne(tx, { ...at, person: 0 });
    await run((other) => bookOne(other, { ...at, person: 1 }));
  });
});

it('writes nothing when a change leaves the figures alone', async () => {
  await fold();
  await sql('UPDATE convocation SET updated_at = updated_at, duration_minutes = 45');
  expect(await sql('SELECT count(*)::integer AS n FROM attendance_delta')).toEqual([{ n: 0 }]);
});

async function perform(given: Step, known: readonly string[]): Promise<unknown> {
  const at = (index: number) => known[index % Math.max(1, known.length)] ?? randomUUID();
  switch (given.kind) {
    case 'book':
      return run((tx) => bookOne(tx, given));
    case 'reschedule': {
      const target = {
        agendaId: agenda(given.agenda).agendaId,
        date: dateOf(given.day),
        time: given.hour,
      };
      const command = { convocationId: at(given.at), ...target, notify: false };
      return run((tx) => offices.reschedule.execute(tx, command, everywhere()));
    }
    case 'cancel':
      return run((tx) => cancelOne(tx, at(given.at), given.by));
    case 'attend':
    case 'miss':
    case 'excuse': {
      const command = { convocationId: at(given.at), outcome: given.kind, notify: false };
      return run((tx) => offices.attendance.execute(tx, command, everywhere()));
    }
    case 'reopen':
      return run((tx) => offices.reopen.execute(tx, { convocationId: at(given.at) }, everywhere()));
    case 'record-day': {
      const outcomes = known.slice(given.from % Math.max(1, known.length)).map((convocationId, i) => ({
        ...{ convocationId, outcome: i % 4 === 0 ? ('miss' as const) : ('attend' as const) },
      }));
      return run((tx) => offices.recordDay.execute(tx, { outcomes, notify: false }, everywhere()));
    }
    case 'merge':
      return sql('UPDATE convocation SET person_id = $2 WHERE person_id = $1', [
        person(given.from),
        person(given.into),
      ]);
    case 'delete':
      return sql('DELETE FROM convocation WHERE id = $1', [at(given.at)]);
    case 'undone':
      return run(async (tx) => {
        await cancelOne(tx, at(given.at), 'court');
        throw new Error('undone');
      });
    case 'fold':
      return fold();
    case 'rebuild':
      return rebuild();
  }
}

type Booking = Extract<Step, { kind: 'book' }>;

async function bookOne(tx: EntityManager, given: Booking): Promise<void> {
  const { agendaId } = agenda(given.agenda);
  const target = { agendaId, date: dateOf(given.day), time: given.hour };
  const typeCode = TYPES[given.type % TYPES.length] ?? '';
  const command = { personId: person(given.person), typeCode, ...target, notify: false };
  await offices.book.execute(tx, command, everywhere());
}

function cancelOne(tx: EntityManager, convocationId: string, cancelledBy: CancelledBy): Promise<unknown> {
  return offices.cancel.execute(tx, { convocationId, cancelledBy, notify: false }, everywhere());
}

/** Every way to ask for the figures, against a count of the rows by the definition. */
async function compare(given: Filter): Promise<void> {
  const [from, to] = [dateOf(given.from), dateOf(given.to)];
  const actor = given.all ? everywhere() : office(given.service).actor('dpip');
  const { types: typeCodes, place } = given;
  const placeId = place === undefined ? undefined : agenda(place).placeId;
  const months: FigureFilter = { typeCodes, placeId, from: from.slice(0, 7), to: to.slice(0, 7) };
  const request = {
    from,
    to,
    groupBy: given.groupBy,
    organizationId: office(given.service).organizationId,
  };
  await run(async (tx) => {
    expect(await monthlyFigures(tx, actor, months)).toEqual(await rawMonthlyFigures(tx, actor, months));
    const placeless = { ...months, placeId: undefined };
    expect(await detailedMonths(tx, actor, placeless)).toEqual(await rawDetailedMonths(tx, actor, placeless));
    expect(await attendance(tx, actor, request)).toEqual(await rawAttendance(tx, request));
  });
}

async function ids(): Promise<string[]> {
  const rows = (await sql('SELECT id FROM convocation ORDER BY created_at, id')) as { id: string }[];
  return rows.map(({ id }) => id);
}

/** @param after days after 28 May 2026 */
function dateOf(after: number): string {
  return new Date(Date.UTC(2026, 4, 28 + after)).toISOString().slice(0, 10);
}

function office(index: number): Office {
  const found = services[index];
  if (found === undefined) throw new Error(`no office ${index}`);
  return found;
}

const agenda = (index: number) => agendas[index % agendas.length] ?? { agendaId: '', placeId: '' };
const person = (index: number) => persons[index % persons.length] ?? '';
const everywhere = (): Actor => office(0).actor('admin');

async function secondPlace(of: Office): Promise<(typeof agendas)[number]> {
  const rows = (await sql(
    `INSERT INTO place (organization_id, name, address, time_zone, phone)
     VALUES ($1, 'Permanence', '2 rue de la Paix', 'Europe/Paris', '+33147250000') RETURNING id`,
    [of.organizationId],
  )) as { id: string }[];
  const placeId = rows[0]?.id ?? '';
  return { placeId, agendaId: await offices.agenda(placeId), office: of };
}
