import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { attendance } from '../../src/statistics/attendance.query.js';
import { type FigureFilter, monthlyFigures } from '../../src/statistics/monthly-figures.query.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Office, Offices } from '../support/offices.js';

let database: TestDatabase;
let offices: Offices;
let ours: Office;
let theirs: Office;
let actor: Actor;

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 1 });
  offices = new Offices(database.dataSource);
  await moveClock(database.dataSource, '2026-06-10T12:00:00Z');
});
afterAll(() => database.drop());
beforeEach(async () => {
  ours = await offices.office();
  theirs = await offices.office();
  actor = ours.actor('dpip');
});

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const sql = (text: string, values: unknown[]): Promise<{ id: string }[]> =>
  database.dataSource.query(text, values);
const ask = (filter: Partial<FigureFilter> = {}, as = actor) =>
  run((tx) => monthlyFigures(tx, as, { from: '2025-01', to: '2026-12', ...filter }));

describe('imported counts of before', () => {
  it('stand for the months in which the service recorded nothing, and are said to be imported', async () => {
    await baseline(ours, '2026-02-01', null, { attended: 70, missed: 30 });
    await recorded(ours, '2026-05-04', 'attended');
    expect(await ask()).toEqual([
      { ...figure(ours, '2026-02', 'baseline'), attended: 70, missed: 30 },
      { ...figure(ours, '2026-05', 'recorded'), attended: 1 },
    ]);
  });

  it('give way to what was recorded, even to a single outcome of another type', async () => {
    await baseline(ours, '2026-05-01', 'suivi-spip', { attended: 70, missed: 30 });
    await recorded(ours, '2026-05-04', 'missed', 'visite-domicile');
    expect(await ask()).toEqual([{ ...figure(ours, '2026-05', 'recorded'), missed: 1 }]);
    expect(await ask({ typeCodes: ['suivi-spip'] })).toEqual([]);
  });

  it('are the row of all types where there is one, else the sum of the types', async () => {
    await baseline(ours, '2026-01-01', 'suivi-spip', { attended: 10, missed: 1 });
    await baseline(ours, '2026-01-01', 'visite-domicile', { attended: 20, missed: 2 });
    await baseline(ours, '2026-02-01', 'suivi-spip', { attended: 10, missed: 1 });
    await baseline(ours, '2026-02-01', null, { attended: 90, missed: 9 });
    expect(await ask()).toMatchObject([
      { month: '2026-01', attended: 30, missed: 3 },
      { month: '2026-02', attended: 90, missed: 9 },
    ]);
    expect(await ask({ typeCodes: ['suivi-spip'] })).toMatchObject([
      { month: '2026-01', attended: 10, missed: 1 },
      { month: '2026-02', attended: 10, missed: 1 },
    ]);
  });

  it('know no place', async () => {
    await baseline(ours, '2026-02-01', null, { attended: 70, missed: 30 });
    expect(await ask({ placeId: ours.placeId })).toEqual([]);
  });

  it('stay within the period, within the service, and within the services asked for', async () => {
    for (const office of [ours, theirs])
      await baseline(office, '2026-02-01', null, { attended: 70, missed: 30 });
    expect(await ask()).toMatchObject([{ organizationId: ours.organizationId }]);
    expect(await ask({ organizationIds: [theirs.organizationId] })).toEqual([]);
    expect(await ask({ from: '2026-03' })).toEqual([]);
    const both = [ours.organizationId, theirs.organizationId].sort();
    const national = await ask({ organizationIds: both }, ours.actor('admin'));
    expect(national.map(({ organizationId }) => organizationId)).toEqual(both);
  });

  it('never appear among the recorded figures of the interface', async () => {
    await baseline(ours, '2026-02-01', null, { attended: 70, missed: 30 });
    const request = { from: '2025-01-01', to: '2026-12-31', groupBy: 'month' as const };
    expect(await run((tx) => attendance(tx, actor, request))).toEqual([]);
  });
});

function figure(office: Office, month: string, source: string) {
  const { organizationId } = office;
  return { organizationId, month, source, attended: 0, missed: 0, excused: 0, cancelled: 0, unknown: 0 };
}

async function baseline(
  office: Office,
  month: string,
  typeCode: string | null,
  counts: { attended: number; missed: number },
): Promise<void> {
  const [made] = await sql(
    `INSERT INTO baseline_import (organization_id, source) VALUES ($1, 'Registre papier') RETURNING id`,
    [office.organizationId],
  );
  await sql(
    `INSERT INTO baseline_count (organization_id, month, type_code, attended, missed, excused, import_id)
     VALUES ($1, $2, $3, $4, $5, 0, $6)`,
    [office.organizationId, month, typeCode, counts.attended, counts.missed, made?.id],
  );
}

async function recorded(office: Office, date: string, state: string, typeCode = 'suivi-spip'): Promise<void> {
  const personId = await offices.person(office);
  await sql(
    `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
       time_zone, starts_at, state, outcome_at, created_by_organization_id)
     VALUES ($1, $2, $3, $4, $5, $6, '09:00', 'Europe/Paris', ($6::date + time '09:00') AT TIME ZONE 'Europe/Paris',
       $7, app_now(), $5)`,
    [personId, typeCode, office.agendaId, office.placeId, office.organizationId, date, state],
  );
}
