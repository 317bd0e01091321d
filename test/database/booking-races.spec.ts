import type { EntityManager } from 'typeorm';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Office, Offices, outcomeOf } from '../support/offices.js';

let database: TestDatabase;
let offices: Offices;
let spip: Office;

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 20 });
  offices = new Offices(database.dataSource);
  await moveClock(database.dataSource, '2026-03-02T08:00:00Z');
  spip = await offices.office();
});
afterAll(() => database.drop());
afterEach(async () => expect(await offices.miscounted()).toEqual([]));

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const book = (personId: string, slotId: string) =>
  run((tx) =>
    offices.book.execute(
      tx,
      { personId, typeCode: 'sortie-audience-spip', slotId, notify: true },
      spip.actor(),
    ),
  );
const persons = (count: number) => Promise.all(Array.from({ length: count }, () => offices.person(spip)));

function tally(outcomes: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...new Set(outcomes)].map((one) => [one, outcomes.filter((other) => other === one).length]),
  );
}

it('books ten of two hundred who race for ten seats', async () => {
  const slotId = await offices.slot(spip, { capacity: 10 });
  const outcomes = await Promise.all(
    (await persons(200)).map((personId) => outcomeOf(book(personId, slotId))),
  );
  expect(tally(outcomes)).toEqual({ done: 10, 'slot-full': 190 });
  expect(await offices.seatsTaken(slotId)).toBe(10);
});

it('books one person once, however many clicks', async () => {
  const slotId = await offices.slot(spip, { capacity: 10, time: '10:00' });
  const personId = await offices.person(spip);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(book(personId, slotId))));
  expect(tally(outcomes)).toEqual({ done: 1, conflict: 19 });
});

it('lets two agents exchange the slots of two persons without waiting for each other for ever', async () => {
  const [left, right] = [
    await offices.slot(spip, { capacity: 20, date: '2026-06-11' }),
    await offices.slot(spip, { capacity: 20, date: '2026-06-12' }),
  ];
  const booked = await Promise.all(
    (await persons(16)).map(async (personId, i) => {
      const from = i % 2 === 0 ? left : right;
      return { id: (await book(personId, from)).id, to: from === left ? right : left };
    }),
  );
  const outcomes = await Promise.all(
    booked.map(({ id, to }) =>
      outcomeOf(
        run((tx) =>
          offices.reschedule.execute(tx, { convocationId: id, slotId: to, notify: false }, spip.actor()),
        ),
      ),
    ),
  );
  expect(tally(outcomes)).toEqual({ done: 16 });
  expect([await offices.seatsTaken(left), await offices.seatsTaken(right)]).toEqual([8, 8]);
});

it('settles one convocation once when many change it at the same moment', async () => {
  const slotId = await offices.slot(spip, { capacity: 1, date: '2026-06-15' });
  const [personId = ''] = await persons(1);
  const { id } = await book(personId, slotId);
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      outcomeOf(
        run<unknown>((tx) =>
          i % 2 === 0
            ? offices.cancel.execute(tx, { convocationId: id, notify: false }, spip.actor())
            : offices.attendance.execute(
                tx,
                { convocationId: id, outcome: 'excuse', notify: false },
                spip.actor(),
              ),
        ),
      ),
    ),
  );
  expect(tally(outcomes)).toEqual({ done: 1, 'illegal-transition': 29 });
  expect(await offices.seatsTaken(slotId)).toBe(0);
});

it('gives a freed seat to one of those who want it', async () => {
  const slotId = await offices.slot(spip, { capacity: 1, date: '2026-06-16' });
  const [first = '', ...others] = await persons(30);
  const { id } = await book(first, slotId);
  await run((tx) =>
    offices.attendance.execute(tx, { convocationId: id, outcome: 'excuse', notify: false }, spip.actor()),
  );
  const outcomes = await Promise.all([
    ...others.map((personId) => outcomeOf(book(personId, slotId))),
    outcomeOf(run((tx) => offices.reopen.execute(tx, { convocationId: id }, spip.actor()))),
  ]);
  expect(tally(outcomes)).toEqual({ done: 1, 'slot-full': 29 });
});
