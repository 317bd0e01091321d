import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import {
  convocationsOfPerson,
  dayList,
  nextOfPersons,
  todayOf,
} from '../../src/convocations/convocation.queries.js';
import { openSlots } from '../../src/organizations/slot.queries.js';
import { findPerson } from '../../src/persons/person.queries.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Office, Offices } from '../support/offices.js';

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

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const book = (slotId: string, personId?: string) => offices.booked(spip, slotId, personId);
const bookHour = (date: string, time: string, office = spip) => offices.bookedAt(office, date, time);

describe('lists of convocations', () => {
  it('show each place its own today', async () => {
    // 02:00 UTC on the 10th is still the 9th in Cayenne and already the 10th in Paris.
    const cayenne = await offices.office({ timeZone: 'America/Cayenne' });
    const [paris10, cayenne9] = [
      await bookHour('2026-06-10', '09:00'),
      await bookHour('2026-06-09', '22:30', cayenne),
    ];
    const cayenne10 = await bookHour('2026-06-10', '09:00', cayenne);
    await moveClock(database.dataSource, '2026-06-10T02:00:00Z');
    const ids = async (actor: Actor) => (await run((tx) => todayOf(tx, actor))).map((one) => one.id);
    expect(await ids(agent)).toEqual([paris10.id]);
    expect(await ids(cayenne.actor())).toEqual([cayenne9.id]);
    expect(await ids({ ...agent, role: 'admin' })).toEqual(expect.arrayContaining([paris10.id, cayenne9.id]));
    const day = await run((tx) =>
      dayList(tx, cayenne.actor(), { date: '2026-06-10', agendaId: cayenne.agendaId }),
    );
    expect(day.map((one) => one.id)).toEqual([cayenne10.id]);
  });

  it('find what comes next, and the next free seats', async () => {
    const full = await offices.slot(spip, { date: '2026-06-09' });
    const free = await offices.slot(spip, { date: '2026-06-15', capacity: 3 });
    const past = await book(full);
    const next = await book(free, past.personId);
    const later = await offices.slot(spip, { date: '2026-06-16' });
    await moveClock(database.dataSource, '2026-06-10T07:00:00Z');
    const nexts = await run((tx) => nextOfPersons(tx, agent, [past.personId]));
    expect(nexts.get(past.personId)).toMatchObject({ id: next.id, date: '2026-06-15', time: '09:00' });
    const wanted = { typeCode: 'sortie-audience-spip', limit: 3, onlyFree: true };
    const { items: seats } = await run((tx) => openSlots(tx, agent, wanted));
    expect(seats.map((slot) => [slot.id, slot.seatsLeft])).toEqual([
      [free, 2],
      [later, 1],
    ]);
    const all = await run(async (tx) =>
      convocationsOfPerson(tx, agent, await findPerson(tx, agent, past.personId)),
    );
    expect(all.map((one) => one.id)).toEqual([next.id, past.id]);
  });
});
