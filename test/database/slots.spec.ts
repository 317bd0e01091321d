import type { EntityManager } from 'typeorm';
import { CloseSlot } from '../../src/organizations/close-slot.js';
import { ExtendWeeklySlots } from '../../src/organizations/extend-weekly-slots.js';
import { OpenSlots } from '../../src/organizations/open-slots.js';
import {
  bookableAgendas,
  listOrganizations,
  listPlaces,
} from '../../src/organizations/organization.queries.js';
import { ReopenSlot } from '../../src/organizations/reopen-slot.js';
import { agendaWeek, openSlots } from '../../src/organizations/slot.queries.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Office, Offices, outcomeOf } from '../support/offices.js';

let database: TestDatabase;
let offices: Offices;
let spip: Office;

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 1 });
  offices = new Offices(database.dataSource);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await moveClock(database.dataSource, '2026-03-02T08:00:00Z');
  spip = await offices.office();
});

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const openOf = (office: Office, filter = {}) =>
  run((tx) => openSlots(tx, office.actor(), { agendaId: office.agendaId, limit: 200, ...filter }));

describe('opening', () => {
  it('is for those who manage slots, in their own service', async () => {
    const court = await offices.office({ kind: 'tj', linkedTo: [spip] });
    const open = (actor: ReturnType<Office['actor']>) =>
      outcomeOf(
        run((tx) =>
          offices.open.execute(
            tx,
            {
              agendaId: spip.agendaId,
              typeCode: 'suivi-spip',
              date: '2026-06-10',
              time: '09:00',
              durationMinutes: 30,
              capacity: 1,
            },
            actor,
          ),
        ),
      );
    expect(await open(spip.actor('dpip'))).toBe('done');
    expect(await open(spip.actor('cpip'))).toBe('forbidden');
    expect(await open((await offices.office()).actor('dpip'))).toBe('not-found');
    expect(await open(court.actor('sap-clerk'))).toBe('not-found');
    expect(await open(court.actor('admin'))).toBe('done');
  });

  it('opens every hour of every day at once, and tells what it left out', async () => {
    const command = {
      agendaId: spip.agendaId,
      typeCode: 'sortie-audience-spip',
      durationMinutes: 20,
      capacity: 4,
      dates: ['2026-06-10', '2026-06-11', '2026-06-13', '2026-02-27', '2026-06-10'],
      times: ['09:00', '09:20', '09:40'],
    };
    const openAll = () => run((tx) => new OpenSlots(offices.clock).execute(tx, command, spip.actor()));
    const first = await openAll();
    expect(first.opened).toBe(6);
    expect(first.skipped).toContainEqual({ date: '2026-06-13', time: '09:20', reason: 'closed-day' });
    expect(first.skipped).toContainEqual({ date: '2026-02-27', time: '09:00', reason: 'in-the-past' });
    const again = await openAll();
    expect(again).toMatchObject({ opened: 0 });
    expect(again.skipped).toContainEqual({ date: '2026-06-11', time: '09:40', reason: 'exists' });
    expect((await openOf(spip)).items.map((slot) => [slot.date, slot.time, slot.seatsLeft])).toContainEqual([
      '2026-06-11',
      '09:20',
      4,
    ]);
  });

  it('refuses a type that no service ever books there, one by one or many at once', async () => {
    const slot = { agendaId: spip.agendaId, durationMinutes: 30, capacity: 1 };
    const one = (typeCode: string, role: 'local-admin' | 'admin') =>
      outcomeOf(
        run((tx) =>
          offices.open.execute(
            tx,
            { ...slot, typeCode, date: '2026-06-10', time: '09:00' },
            spip.actor(role),
          ),
        ),
      );
    expect(await one('suivi-jap', 'local-admin')).toBe('type-not-allowed');
    const many = { ...slot, typeCode: 'suivi-jap', dates: ['2026-06-10'], times: ['09:00'] };
    const opened = run((tx) => new OpenSlots(offices.clock).execute(tx, many, spip.actor('local-admin')));
    expect(await outcomeOf(opened)).toBe('type-not-allowed');
    expect(await one('sortie-audience-spip', 'local-admin')).toBe('done');
    expect(await one('suivi-jap', 'admin')).toBe('done');
  });

  it('refuses impossible seats and durations', async () => {
    for (const capacity of [0, 501, 1.5, -1])
      expect(await outcomeOf(offices.slot(spip, { capacity }))).toBe('validation');
  });
});

describe('closing, reopening, resizing', () => {
  it('hides a closed slot from those who book, and shows it in the week', async () => {
    const slotId = await offices.slot(spip);
    await run((tx) => new CloseSlot().execute(tx, { slotId }, spip.actor()));
    expect((await openOf(spip)).items).toEqual([]);
    const week = await run((tx) => agendaWeek(tx, spip.actor('dpip'), spip.agendaId, '2026-06-12'));
    expect(week).toMatchObject({ monday: '2026-06-08', manageable: true });
    expect(week.days.map((day) => day.closed?.reason ?? null)).toEqual([
      null,
      null,
      null,
      null,
      null,
      'weekend',
      'weekend',
    ]);
    expect(week.days[2]?.slots).toMatchObject([{ id: slotId, closed: true }]);
    await run((tx) => new ReopenSlot(offices.clock).execute(tx, { slotId }, spip.actor()));
    expect((await openOf(spip)).items).toHaveLength(1);
    await moveClock(database.dataSource, '2026-06-11T00:00:00Z');
    expect(
      await outcomeOf(run((tx) => new ReopenSlot(offices.clock).execute(tx, { slotId }, spip.actor()))),
    ).toBe('in-the-past');
  });

  it('names the bank holiday and the closing day of the place', async () => {
    await database.dataSource.query(`INSERT INTO place_closing_day VALUES ($1, '2026-07-15', 'Travaux')`, [
      spip.placeId,
    ]);
    const week = await run((tx) => agendaWeek(tx, spip.actor('cpip'), spip.agendaId, '2026-07-13'));
    expect(week.manageable).toBe(false);
    expect(week.days[1]?.closed?.reason).toBe('holiday');
    expect(week.days[1]?.closed?.label).toBeTruthy();
    expect(week.days[2]?.closed).toEqual({ reason: 'closing-day', label: 'Travaux' });
  });
});

describe('weekly openings', () => {
  const weekly = (office: Office, weekday: number, time: string, typeCode = 'suivi-spip') =>
    database.dataSource.query(
      `INSERT INTO weekly_slot (agenda_id, type_code, weekday, local_time, duration_minutes, capacity)
       VALUES ($1, $2, $3, $4, 30, 2)`,
      [office.agendaId, typeCode, weekday, time],
    );
  const extend = () => run((tx) => new ExtendWeeklySlots(offices.clock).execute(tx));

  it('open six months ahead, without closed days, once', async () => {
    await weekly(spip, 2, '09:00');
    await database.dataSource.query(`INSERT INTO place_closing_day VALUES ($1, '2026-03-10', 'Travaux')`, [
      spip.placeId,
    ]);
    await extend();
    const dates = (await openOf(spip)).items.map((slot) => slot.date);
    expect(dates[0]).toBe('2026-03-03');
    expect(dates.at(-1)).toBe('2026-09-01');
    expect(dates).not.toContain('2026-03-10');
    expect(dates).not.toContain('2026-07-14');
    expect(dates).toHaveLength(27 - 2);
    expect(await extend()).toBe(0);
    await moveClock(database.dataSource, '2026-03-09T08:00:00Z');
    expect(await extend()).toBe(1);
  });

  it('keep the hour of the place across clock changes; a skipped hour is skipped, of a repeated one the first opens', async () => {
    await moveClock(database.dataSource, '2026-08-03T08:00:00Z');
    await weekly(spip, 1, '09:00');
    await weekly(spip, 7, '02:30', 'placement-tig-tnr');
    await extend();
    const slots = (await openOf(spip)).items;
    const startOf = (date: string) => slots.find((slot) => slot.date === date)?.startsAt.toISOString();
    expect(startOf('2026-10-19')).toBe('2026-10-19T07:00:00.000Z');
    expect(startOf('2026-10-26')).toBe('2026-10-26T08:00:00.000Z');
    expect(startOf('2026-10-25')).toBe('2026-10-25T00:30:00.000Z');
    await moveClock(database.dataSource, '2027-02-01T08:00:00Z');
    await extend();
    const spring = (await openOf(spip)).items
      .filter((slot) => slot.typeCode === 'placement-tig-tnr')
      .map((slot) => slot.date);
    expect(spring).toContain('2027-03-21');
    expect(spring).not.toContain('2027-03-28');
  });
});

describe('lists', () => {
  it('turn pages by hour without repeating or losing a slot', async () => {
    for (const time of ['09:00', '09:30', '10:00', '10:30', '11:00']) await offices.slot(spip, { time });
    await offices.slot(spip, { time: '09:00' });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await openOf(spip, { limit: 2, cursor });
      seen.push(...page.items.map((slot) => slot.time));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['09:00', '09:00', '09:30', '10:00', '10:30', '11:00']);
    expect((await openOf(spip, { from: '2026-06-11' })).items).toEqual([]);
    expect((await openOf(spip, { to: '2026-06-10', typeCode: 'suivi-spip' })).items).toEqual([]);
    expect(await outcomeOf(openOf(spip, { from: 'tomorrow' }))).toBe('validation');
  });

  it('show services, places and agendas by relation', async () => {
    const court = await offices.office({ kind: 'tj', linkedTo: [spip] });
    const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id).sort();
    const bex = court.actor('bex');
    expect(ids(await run((tx) => listOrganizations(tx, bex)))).toEqual(
      [court.organizationId, spip.organizationId].sort(),
    );
    expect(ids(await run((tx) => listPlaces(tx, bex)))).toEqual([court.placeId, spip.placeId].sort());
    expect(ids(await run((tx) => listPlaces(tx, spip.actor())))).toEqual([spip.placeId]);
    expect(ids(await run((tx) => bookableAgendas(tx, bex, 'sortie-audience-spip')))).toEqual([spip.agendaId]);
    expect(ids(await run((tx) => bookableAgendas(tx, bex, 'sortie-audience-sap')))).toEqual([court.agendaId]);
    expect(await run((tx) => bookableAgendas(tx, bex, 'suivi-jap'))).toEqual([]);
    expect(ids(await run((tx) => bookableAgendas(tx, court.actor('jap'), 'suivi-jap')))).toEqual([
      court.agendaId,
    ]);
    await database.dataSource.query('UPDATE agenda SET archived_at = app_now() WHERE id = $1', [
      spip.agendaId,
    ]);
    expect(await run((tx) => bookableAgendas(tx, spip.actor('cpip'), 'suivi-spip'))).toEqual([]);
  });
});
