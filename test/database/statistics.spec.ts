import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Actor } from '../../src/access/actor.js';
import { attendance, ATTENDANCE_GROUPS } from '../../src/statistics/attendance.query.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';

const NOW = '2026-06-10T12:00:00Z';

interface Visit {
  readonly place: number;
  readonly date: string;
  readonly time: string;
  readonly state: 'booked' | 'attended' | 'missed' | 'excused' | 'cancelled';
  readonly typeCode: string;
}

interface Place {
  readonly id: string;
  readonly agendaId: string;
  readonly organizationId: string;
}

const visit = fc.record<Visit>({
  place: fc.integer({ min: 0, max: 3 }),
  date: fc.constantFrom(
    '2026-01-31',
    '2026-03-29',
    '2026-05-31',
    '2026-06-01',
    '2026-06-09',
    '2026-06-10',
    '2026-06-11',
    '2026-07-01',
  ),
  time: fc.constantFrom('00:30', '09:00', '13:30', '23:45'),
  state: fc.constantFrom('booked', 'attended', 'missed', 'excused', 'cancelled'),
  typeCode: fc.constantFrom('suivi-spip', 'suivi-jap', 'visite-domicile'),
});

const MOST_VISITS = 40;
const ZONES = ['Europe/Paris', 'Europe/Paris', 'America/Cayenne', 'Pacific/Noumea'];

let database: TestDatabase;
let places: Place[];
/** Nobody is booked twice at one hour of one agenda. */
let personIds: readonly string[];

beforeAll(async () => {
  database = await createTestDatabase();
  await moveClock(database.dataSource, NOW);
  // Two places of one service, then two services of one place each.
  const one = await organization('2026-05-01');
  places = [
    await place(one, 0),
    await place(one, 1),
    await place(await organization(null), 2),
    await place(await organization('2026-01-01'), 3),
  ];
  personIds = Array.from({ length: MOST_VISITS }, () => randomUUID());
  await sql(
    `INSERT INTO person (id, first_name, last_name, search_key) SELECT id, 'Ada', 'Essai', 'essai ada' FROM unnest($1::uuid[]) AS id`,
    [personIds],
  );
});

afterAll(() => database.drop());
afterEach(() => sql('DELETE FROM convocation'));

describe('attendance', () => {
  it('counts like a naive recount, whatever the rows, by month, type and place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(visit, { maxLength: MOST_VISITS }),
        fc.constantFrom(...ATTENDANCE_GROUPS),
        async (visits, groupBy) => {
          await sql('DELETE FROM convocation');
          await write(visits);
          const request = { from: '2026-01-31', to: '2026-06-11', groupBy };
          for (const organizationId of new Set(places.map((p) => p.organizationId))) {
            const rows = await database.dataSource.transaction((tx) =>
              attendance(tx, dpipOf(organizationId), request),
            );
            expect(rows).toEqual(recount(visits, organizationId, request));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tells nothing about the convocations that are still ahead, except those that were cancelled', async () => {
    await write([
      { place: 0, date: '2026-06-11', time: '09:00', state: 'booked', typeCode: 'suivi-spip' },
      { place: 0, date: '2026-06-11', time: '09:30', state: 'cancelled', typeCode: 'suivi-jap' },
    ]);
    expect(await ask(dpipOf(orgOf(0)), { groupBy: 'type' })).toEqual([
      { key: 'suivi-jap', attended: 0, missed: 0, excused: 0, cancelled: 1, unknown: 0, absenceRate: null },
    ]);
  });

  it('calls past and unmarked what nobody marked, outside the rate', async () => {
    await write([
      { place: 0, date: '2026-06-09', time: '09:00', state: 'booked', typeCode: 'suivi-spip' },
      { place: 0, date: '2026-06-09', time: '09:30', state: 'missed', typeCode: 'suivi-spip' },
    ]);
    const [row] = await ask(dpipOf(orgOf(0)), { groupBy: 'month' });
    expect(row).toMatchObject({ key: '2026-06', missed: 1, unknown: 1, absenceRate: 1 });
  });

  it('answers the same for a foreign service as for one that does not exist', async () => {
    const foreign = orgOf(2);
    for (const organizationId of [foreign, randomUUID(), 'not-an-id'])
      await expect(ask(dpipOf(orgOf(0)), { groupBy: 'month', organizationId })).rejects.toMatchObject({
        code: 'not-found',
      });
  });

  it('lets a central administrator ask about any service', async () => {
    await write([{ place: 2, date: '2026-06-09', time: '09:00', state: 'attended', typeCode: 'suivi-spip' }]);
    const admin: Actor = { ...dpipOf(orgOf(0)), role: 'admin' };
    expect(await ask(admin, { groupBy: 'place', organizationId: orgOf(2) })).toMatchObject([
      { key: places[2]?.id, attended: 1, absenceRate: 0 },
    ]);
  });
});

/** Written without SQL and without looking at the query: the definition, row by row. */
function recount(
  visits: readonly Visit[],
  organizationId: string,
  request: { from: string; to: string; groupBy: string },
) {
  const groups = new Map<
    string,
    { attended: number; missed: number; excused: number; cancelled: number; unknown: number }
  >();
  for (const v of visits) {
    if (orgOf(v.place) !== organizationId || v.date < request.from || v.date > request.to) continue;
    const past = startOf(v) <= Date.parse(NOW) + 60_000;
    if (!past && v.state !== 'cancelled') continue;
    const key =
      request.groupBy === 'month'
        ? v.date.slice(0, 7)
        : request.groupBy === 'type'
          ? v.typeCode
          : (places[v.place]?.id ?? '');
    const counts = groups.get(key) ?? { attended: 0, missed: 0, excused: 0, cancelled: 0, unknown: 0 };
    counts[v.state === 'booked' ? 'unknown' : v.state] += 1;
    groups.set(key, counts);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, counts]) => {
      const known = counts.attended + counts.missed + counts.excused;
      return { key, ...counts, absenceRate: known === 0 ? null : counts.missed / known };
    });
}

/** Offsets of the four places on the dates used here, by hand: Paris +1 until 29 March 02:00, then +2. */
function startOf({ place: at, date, time }: Visit): number {
  const summer = date > '2026-03-29' || (date === '2026-03-29' && time > '03:00');
  const offset = [summer ? '+02:00' : '+01:00', summer ? '+02:00' : '+01:00', '-03:00', '+11:00'][at] ?? '';
  return Date.parse(`${date}T${time}:00${offset}`);
}

function orgOf(index: number): string {
  return places[index]?.organizationId ?? '';
}

function dpipOf(organizationId: string): Actor {
  return {
    agentId: randomUUID(),
    apiKeyId: null,
    role: 'dpip',
    organizationId,
    organizationKind: 'spip',
    timeZone: 'Europe/Paris',
    linkedOrganizationIds: [],
    headquartersOrganizationIds: [],
    isInterRessort: false,
  };
}

function ask(
  actor: Actor,
  request: { groupBy: 'month' | 'type' | 'place'; organizationId?: string; from?: string; to?: string },
) {
  return database.dataSource.transaction((tx) =>
    attendance(tx, actor, { from: '2026-01-01', to: '2026-12-31', ...request }),
  );
}

async function sql(text: string, values: unknown[] = []): Promise<{ id: string }[]> {
  return database.dataSource.query(text, values);
}

async function organization(rolledOutOn: string | null): Promise<string> {
  const [row] = await sql(
    `INSERT INTO organization (name, kind, rolled_out_on) VALUES ($1, 'spip', $2) RETURNING id`,
    [`SPIP ${randomUUID()}`, rolledOutOn],
  );
  return row?.id ?? '';
}

async function place(organizationId: string, index: number): Promise<Place> {
  const [row] = await sql(
    `INSERT INTO place (organization_id, name, address, time_zone, phone) VALUES ($1, $2, 'rue', $3, '+33199000000') RETURNING id`,
    [organizationId, `Lieu ${index}`, ZONES[index]],
  );
  const [agenda] = await sql(`INSERT INTO agenda (place_id, name) VALUES ($1, 'Bureau') RETURNING id`, [
    row?.id,
  ]);
  return { id: row?.id ?? '', agendaId: agenda?.id ?? '', organizationId };
}

async function write(visits: readonly Visit[]): Promise<void> {
  for (const [i, v] of visits.entries())
    await sql(
      `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time, time_zone,
         starts_at, state, cancelled_by, created_by_organization_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ($6::date + $7::time) AT TIME ZONE $8, $9, CASE WHEN $9 = 'cancelled' THEN 'service' END, $5)`,
      [
        personIds[i],
        v.typeCode,
        places[v.place]?.agendaId,
        places[v.place]?.id,
        orgOf(v.place),
        v.date,
        v.time,
        ZONES[v.place],
        v.state,
      ],
    );
}
