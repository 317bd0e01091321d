import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { findConvocation } from '../../src/convocations/convocation.queries.js';
import { historyOf } from '../../src/convocations/history.queries.js';
import type { Outcome } from '../../src/convocations/record-attendance.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Office, Offices, outcomeOf } from '../support/offices.js';

let database: TestDatabase;
let offices: Offices;
let spip: Office;
let agent: Actor;

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 1 });
  offices = new Offices(database.dataSource);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await moveClock(database.dataSource, '2026-03-02T08:00:00Z');
  spip = await offices.office();
  agent = spip.actor();
});
afterEach(async () => expect(await offices.miscounted()).toEqual([]));

const BEFORE = '2026-06-10T06:59:00Z';
const AFTER = '2026-06-10T07:00:00Z';

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const book = (slotId: string, personId?: string) => offices.booked(spip, slotId, personId);
const bookHour = (date: string, time: string, office = spip) => offices.bookedAt(office, date, time);
const move = (convocationId: string, slotId: string) =>
  run((tx) => offices.reschedule.execute(tx, { convocationId, slotId, notify: true }, agent));
const record = (convocationId: string, outcome: Outcome) =>
  run((tx) => offices.attendance.execute(tx, { convocationId, outcome, notify: false }, agent));
const reopen = (convocationId: string) => run((tx) => offices.reopen.execute(tx, { convocationId }, agent));
const cancel = (convocationId: string) =>
  run((tx) => offices.cancel.execute(tx, { convocationId, notify: true }, agent));
const find = (id: string) => run((tx) => findConvocation(tx, agent, id));

describe('moving a convocation', () => {
  it('keeps the row, moves the seat, renews the promise and keeps the old one in history', async () => {
    const [from, to] = [
      await offices.slot(spip),
      await offices.slot(spip, { date: '2026-06-11', time: '10:30' }),
    ];
    const convocation = await book(from);
    const moved = await move(convocation.id, to);
    expect(moved).toMatchObject({
      id: convocation.id,
      state: 'booked',
      date: '2026-06-11',
      time: '10:30',
      promiseVersion: 2,
    });
    expect([await offices.seatsTaken(from), await offices.seatsTaken(to)]).toEqual([0, 1]);
    expect(offices.planner.asked.at(-1)).toEqual({
      convocationId: convocation.id,
      change: 'rescheduled',
      notify: true,
    });
    const [entry] = await run((tx) => historyOf(tx, agent, convocation));
    expect(entry).toMatchObject({
      event: 'convocation.rescheduled',
      detail: {
        from: { date: '2026-06-10', time: '09:00', promiseVersion: 1, slotId: from },
        to: { slotId: to },
      },
    });
  });

  it('leaves the promise and its messages alone when date, hour and place stay', async () => {
    const agendaId = await offices.agenda(spip.placeId);
    const [from, beside] = [await offices.slot(spip), await offices.slot(spip, { agendaId })];
    const { id } = await book(from);
    expect(await move(id, beside)).toMatchObject({ promiseVersion: 1, agendaId });
    expect(await move(id, beside)).toMatchObject({ promiseVersion: 1 });
    const asked = offices.planner.asked.filter(({ convocationId }) => convocationId === id);
    expect(asked.map(({ change }) => change)).toEqual(['booked']);
    expect([await offices.seatsTaken(from), await offices.seatsTaken(beside)]).toEqual([0, 1]);
  });

  it('keeps everything when the new seat is refused', async () => {
    const [from, full] = [await offices.slot(spip), await offices.slot(spip, { date: '2026-06-11' })];
    await book(full);
    const before = await book(from);
    expect(await outcomeOf(move(before.id, full))).toBe('slot-full');
    expect(await find(before.id)).toEqual(before);
    expect(await offices.seatsTaken(from)).toBe(1);
  });

  it('moves to a free hour and back for types that allow it', async () => {
    const slotId = await offices.slot(spip, { typeCode: 'suivi-spip' });
    const personId = await offices.person(spip);
    const { id } = await run((tx) =>
      offices.book.execute(tx, { personId, typeCode: 'suivi-spip', slotId, notify: false }, agent),
    );
    const toHour = {
      convocationId: id,
      agendaId: spip.agendaId,
      date: '2026-06-12',
      time: '16:00',
      notify: true,
    };
    expect(await run((tx) => offices.reschedule.execute(tx, toHour, agent))).toMatchObject({
      slotId: null,
      time: '16:00',
    });
    expect(await offices.seatsTaken(slotId)).toBe(0);
    expect(await move(id, slotId)).toMatchObject({ slotId, promiseVersion: 3 });
  });

  it('is too late once the hour has come, and impossible once it is over', async () => {
    const [from, to] = [await offices.slot(spip), await offices.slot(spip, { date: '2026-06-11' })];
    const { id } = await book(from);
    await moveClock(database.dataSource, AFTER);
    expect(await outcomeOf(move(id, to))).toBe('too-late');
    expect(await outcomeOf(cancel(id))).toBe('too-late');
    await record(id, 'attend');
    expect(await outcomeOf(move(id, to))).toBe('illegal-transition');
  });

  it('refuses an hour at which the person is booked there already', async () => {
    const [from, to] = [
      await offices.slot(spip),
      await offices.slot(spip, { date: '2026-06-11', capacity: 2 }),
    ];
    const first = await book(from);
    await book(to, first.personId);
    expect(await outcomeOf(move(first.id, to))).toBe('conflict');
    expect(await find(first.id)).toMatchObject({ slotId: from, promiseVersion: 1 });
  });
});

describe('cancelling and marking', () => {
  it('frees the seat and says who cancelled', async () => {
    const slotId = await offices.slot(spip);
    const { id } = await book(slotId);
    expect(await cancel(id)).toMatchObject({ state: 'cancelled', cancelledBy: 'service', allowedEvents: [] });
    expect(await offices.seatsTaken(slotId)).toBe(0);
    expect(await outcomeOf(cancel(id))).toBe('illegal-transition');
    expect(await outcomeOf(reopen(id))).toBe('illegal-transition');
    expect(offices.planner.asked.at(-1)).toMatchObject({ change: 'cancelled', notify: true });
  });

  it('knows who came only after the hour, and excuses at any time', async () => {
    const slotId = await offices.slot(spip, { capacity: 3 });
    const [one, two, three] = [await book(slotId), await book(slotId), await book(slotId)];
    await moveClock(database.dataSource, BEFORE);
    expect(await outcomeOf(record(one.id, 'attend'))).toBe('too-early');
    expect(await outcomeOf(record(one.id, 'miss'))).toBe('too-early');
    expect(await record(three.id, 'excuse')).toMatchObject({ state: 'excused', allowedEvents: ['reopen'] });
    await moveClock(database.dataSource, AFTER);
    expect((await find(one.id)).allowedEvents).toEqual(['attend', 'miss', 'excuse']);
    expect(await record(one.id, 'attend')).toMatchObject({ state: 'attended' });
    expect(await record(two.id, 'miss')).toMatchObject({ state: 'missed' });
    expect(await offices.seatsTaken(slotId)).toBe(2);
    expect(await outcomeOf(record(one.id, 'miss'))).toBe('illegal-transition');
    expect((await find(two.id)).outcomeAt).not.toBeNull();
  });

  it('gives an excused person the seat back, if it is not gone', async () => {
    const slotId = await offices.slot(spip);
    const first = await book(slotId);
    await record(first.id, 'excuse');
    expect(await reopen(first.id)).toMatchObject({ state: 'booked', outcomeAt: null });
    expect(await offices.seatsTaken(slotId)).toBe(1);
    await record(first.id, 'excuse');
    await book(slotId);
    expect(await outcomeOf(reopen(first.id))).toBe('slot-full');
    expect(await find(first.id)).toMatchObject({ state: 'excused' });
  });

  it('takes no second seat when an attended one is reopened', async () => {
    const slotId = await offices.slot(spip);
    const { id } = await book(slotId);
    await moveClock(database.dataSource, AFTER);
    await record(id, 'miss');
    expect(await reopen(id)).toMatchObject({ state: 'booked' });
    expect(await offices.seatsTaken(slotId)).toBe(1);
    expect(offices.planner.asked.at(-1)).toMatchObject({ change: 'reopened' });
  });

  it('refuses to reopen what was booked again at the same hour', async () => {
    const slotId = await offices.slot(spip, { capacity: 2 });
    const first = await book(slotId);
    await record(first.id, 'excuse');
    await book(slotId, first.personId);
    expect(await outcomeOf(reopen(first.id))).toBe('conflict');
  });

  it('marks a half-day at once, leaving out what changed, what is to come and what is not ours', async () => {
    const other = await offices.office();
    const slotId = await offices.slot(spip, { capacity: 10 });
    const [came, missed, excused, changed] = [
      await book(slotId),
      await book(slotId),
      await book(slotId),
      await book(slotId),
    ];
    const later = await bookHour('2026-06-12', '09:00');
    const foreign = await bookHour('2026-06-10', '09:00', other);
    await moveClock(database.dataSource, AFTER);
    await record(changed.id, 'miss');
    const outcomes = [came, changed, later, foreign].map(({ id }) => ({
      convocationId: id,
      outcome: 'attend' as const,
    }));
    const all = [
      ...outcomes,
      { convocationId: missed.id, outcome: 'miss' as const },
      { convocationId: excused.id, outcome: 'excuse' as const },
    ];
    const result = await run((tx) => offices.recordDay.execute(tx, { outcomes: all, notify: true }, agent));
    expect(result.recorded).toBe(3);
    expect([...result.skipped].sort()).toEqual([changed.id, later.id, foreign.id].sort());
    const states = await Promise.all(
      [came, missed, excused, changed, later].map(async ({ id }) => (await find(id)).state),
    );
    expect(states).toEqual(['attended', 'missed', 'excused', 'missed', 'booked']);
    const [entry] = await run((tx) => historyOf(tx, agent, missed));
    expect(entry).toMatchObject({ event: 'convocation.missed', detail: { notify: true } });
    expect(
      offices.planner.asked.filter(({ convocationId }) => convocationId === came.id).at(-1),
    ).toMatchObject({ change: 'attended' });
    expect(
      await outcomeOf(
        run((tx) => offices.recordDay.execute(tx, { outcomes: all, notify: false }, spip.actor('bex'))),
      ),
    ).toBe('forbidden');
  });
});

it('counts its seats right after any sequence of changes', async () => {
  const step = fc.record({
    who: fc.nat(3),
    what: fc.constantFrom('attend', 'miss', 'excuse', 'cancel', 'reopen', 'move', 'later'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
      await moveClock(database.dataSource, BEFORE);
      const slots = [
        await offices.slot(spip, { capacity: 2 }),
        await offices.slot(spip, { capacity: 3, date: '2026-06-11' }),
      ];
      const [first = '', second = ''] = slots;
      const booked = [await book(first), await book(first), await book(second), await book(second)];
      for (const { who, what } of steps) {
        const { id } = booked[who] ?? { id: '' };
        if (what === 'later') await moveClock(database.dataSource, AFTER);
        else if (what === 'cancel') await outcomeOf(cancel(id));
        else if (what === 'reopen') await outcomeOf(reopen(id));
        else if (what === 'move')
          await outcomeOf(move(id, (await find(id)).slotId === first ? second : first));
        else await outcomeOf(record(id, what));
      }
      expect(await offices.miscounted()).toEqual([]);
    }),
    { numRuns: 15 },
  );
});
