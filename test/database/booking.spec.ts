import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { convocationsOfPerson, findConvocation } from '../../src/convocations/convocation.queries.js';
import { historyOf } from '../../src/convocations/history.queries.js';
import { listAgendas, listAppointmentTypes } from '../../src/organizations/organization.queries.js';
import { openSlots } from '../../src/organizations/slot.queries.js';
import { findPerson } from '../../src/persons/person.queries.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { Offices, outcomeOf } from '../support/offices.js';

let database: TestDatabase;
let offices: Offices;

beforeAll(async () => {
  // Everything below must pass with one connection: whatever opened a second one would wait for ever.
  database = await createTestDatabase({ poolSize: 1 });
  offices = new Offices(database.dataSource);
});
afterAll(() => database.drop());
beforeEach(() => moveClock(database.dataSource, '2026-03-02T08:00:00Z'));
afterEach(async () => expect(await offices.miscounted()).toEqual([]));

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const bookSlot = (actor: Actor, personId: string, slotId: string, typeCode = 'sortie-audience-spip') =>
  run((tx) => offices.book.execute(tx, { personId, typeCode, slotId, notify: true }, actor));
const bookHour = (
  actor: Actor,
  personId: string,
  agendaId: string,
  date: string,
  time: string,
  typeCode = 'suivi-spip',
) =>
  run((tx) => offices.book.execute(tx, { personId, typeCode, agendaId, date, time, notify: false }, actor));

describe('booking', () => {
  it('takes the seat, makes the promise, asks for messages and remembers who did it', async () => {
    const spip = await offices.office();
    const agentId = await offices.agent(spip, 'cpip');
    const actor = { ...spip.actor('cpip'), agentId };
    const personId = await offices.person(spip);
    const slotId = await offices.slot(spip, { capacity: 2 });
    const convocation = await bookSlot(actor, personId, slotId);
    expect(convocation).toMatchObject({
      state: 'booked',
      date: '2026-06-10',
      time: '09:00',
      timeZone: 'Europe/Paris',
      promiseVersion: 1,
      createdByName: 'Alix Agent',
      allowedEvents: ['excuse', 'cancel', 'reschedule'],
    });
    expect(convocation.startsAt.toISOString()).toBe('2026-06-10T07:00:00.000Z');
    expect(await offices.seatsTaken(slotId)).toBe(1);
    expect(offices.planner.asked.at(-1)).toEqual({
      convocationId: convocation.id,
      change: 'booked',
      notify: true,
    });
    const [entry] = await run((tx) => historyOf(tx, actor, convocation));
    expect(entry).toMatchObject({ event: 'convocation.booked', agentName: 'Alix Agent' });
    expect(JSON.stringify(entry?.detail)).not.toContain('Essai');
  });

  it('assigns a follow-up to the probation officer who books it, and nobody to a secretary', async () => {
    const spip = await offices.office();
    const agentId = await offices.agent(spip, 'cpip');
    const byOfficer = await bookHour(
      { ...spip.actor('cpip'), agentId },
      await offices.person(spip),
      spip.agendaId,
      '2026-06-10',
      '10:00',
    );
    const bySecretary = await bookHour(
      { ...spip.actor('spip-secretary'), agentId },
      await offices.person(spip),
      spip.agendaId,
      '2026-06-10',
      '11:00',
    );
    expect(byOfficer.assignedToAgentId).toBe(agentId);
    expect(bySecretary.assignedToAgentId).toBeNull();
  });

  it.each([
    ['in the past', '2026-03-01', '09:00', 'in-the-past'],
    ['a minute ago', '2026-03-02', '08:59', 'in-the-past'],
    ['more than a year ahead', '2027-03-03', '09:00', 'too-far-ahead'],
    ['on a Saturday', '2026-06-13', '09:00', 'closed-day'],
    ['on a bank holiday', '2026-07-14', '09:00', 'closed-day'],
    ['in the hour that clocks skip', '2026-03-29', '02:30', 'nonexistent-local-time'],
    ['on a day that is none', '2026-02-30', '09:00', 'validation'],
    ['at an hour that is none', '2026-06-10', '24:00', 'validation'],
    ['on the last day of the year ahead', '2027-03-02', '09:00', 'done'],
  ])('answers an hour %s', async (_, date, time, expected) => {
    const spip = await offices.office();
    const personId = await offices.person(spip);
    expect(await outcomeOf(bookHour(spip.actor(), personId, spip.agendaId, date, time))).toBe(expected);
  });

  it('opens weekends and bank holidays to the types that take place then', async () => {
    const spip = await offices.office();
    const personId = await offices.person(spip);
    const book = (date: string) =>
      bookHour(spip.actor(), personId, spip.agendaId, date, '09:00', 'placement-tig-tnr');
    expect(await outcomeOf(book('2026-06-13'))).toBe('done');
    expect(await outcomeOf(book('2026-07-14'))).toBe('done');
  });

  it('refuses a bank holiday of the place, even where the rest of the country works', async () => {
    const cayenne = await offices.office({ timeZone: 'America/Cayenne', calendar: 'guyane' });
    const abolition = '2026-06-10';
    expect(await outcomeOf(offices.slot(cayenne, { date: abolition }))).toBe('closed-day');
    expect(await outcomeOf(offices.slot(await offices.office(), { date: abolition }))).toBe('done');
  });

  it('refuses a day that the place itself closes', async () => {
    const spip = await offices.office();
    await database.dataSource.query(`INSERT INTO place_closing_day VALUES ($1, '2026-06-11', 'Carnaval')`, [
      spip.placeId,
    ]);
    const personId = await offices.person(spip);
    expect(await outcomeOf(bookHour(spip.actor(), personId, spip.agendaId, '2026-06-11', '09:00'))).toBe(
      'closed-day',
    );
  });

  it('takes the first of the two hours in autumn', async () => {
    await moveClock(database.dataSource, '2026-09-01T08:00:00Z');
    const spip = await offices.office();
    const convocation = await bookHour(
      spip.actor(),
      await offices.person(spip),
      spip.agendaId,
      '2026-10-25',
      '02:30',
      'placement-tig-tnr',
    );
    expect(convocation.startsAt.toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(convocation.time).toBe('02:30');
  });

  it('promises the hour of the place, whoever books it from wherever', async () => {
    const cayenne = await offices.office({ timeZone: 'America/Cayenne', calendar: 'guyane' });
    const nanterre = await offices.office({ kind: 'tj', linkedTo: [cayenne] });
    const slotId = await offices.slot(cayenne, { date: '2026-06-09', time: '09:00' });
    const personId = await offices.person(nanterre);
    const convocation = await bookSlot(nanterre.actor('bex'), personId, slotId);
    expect(convocation).toMatchObject({ time: '09:00', timeZone: 'America/Cayenne' });
    expect(convocation.startsAt.toISOString()).toBe('2026-06-09T12:00:00.000Z');
    const follows = await run(async (tx) => {
      const officer = cayenne.actor('cpip');
      return convocationsOfPerson(tx, officer, await findPerson(tx, officer, personId));
    });
    expect(follows.map((one) => one.id)).toEqual([convocation.id]);
  });

  it('asks for a slot where the type needs one, and for the slot of that type', async () => {
    const spip = await offices.office();
    const personId = await offices.person(spip);
    expect(
      await outcomeOf(
        bookHour(spip.actor(), personId, spip.agendaId, '2026-06-10', '09:00', 'sortie-audience-spip'),
      ),
    ).toBe('validation');
    const slotId = await offices.slot(spip);
    expect(await outcomeOf(bookSlot(spip.actor(), personId, slotId, 'suivi-spip'))).toBe('type-not-allowed');
    expect(await outcomeOf(bookSlot(spip.actor(), personId, slotId, 'no-such-type'))).toBe('validation');
  });

  it('refuses a type that the role does not book, and one that the place does not hold', async () => {
    const spip = await offices.office();
    const court = await offices.office({ kind: 'tj', linkedTo: [spip] });
    const personId = await offices.person(court);
    expect(
      await outcomeOf(
        bookHour(court.actor('bex'), personId, court.agendaId, '2026-06-10', '09:00', 'suivi-jap'),
      ),
    ).toBe('type-not-allowed');
    expect(await outcomeOf(offices.slot(spip, { typeCode: 'sortie-audience-sap' }))).toBe('type-not-allowed');
    expect(
      await outcomeOf(
        bookHour(court.actor('jap'), personId, spip.agendaId, '2026-06-10', '09:00', 'suivi-jap'),
      ),
    ).toBe('type-not-allowed');
  });

  it('refuses an archived person, a full or closed slot, and the same hour twice', async () => {
    const spip = await offices.office();
    const [one, other, archived] = [
      await offices.person(spip),
      await offices.person(spip),
      await offices.person(spip),
    ];
    await database.dataSource.query('UPDATE person SET archived_at = app_now() WHERE id = $1', [archived]);
    const slotId = await offices.slot(spip, { capacity: 1 });
    const roomy = await offices.slot(spip, { capacity: 5, time: '11:00' });
    expect(await outcomeOf(bookSlot(spip.actor(), archived, slotId))).toBe('person-archived');
    expect(await outcomeOf(bookSlot(spip.actor(), one, slotId))).toBe('done');
    expect(await outcomeOf(bookSlot(spip.actor(), other, slotId))).toBe('slot-full');
    expect(await outcomeOf(bookSlot(spip.actor(), one, roomy))).toBe('done');
    expect(await outcomeOf(bookSlot(spip.actor(), one, roomy))).toBe('conflict');
    expect(await offices.seatsTaken(roomy)).toBe(1);
    await database.dataSource.query('UPDATE slot SET closed_at = app_now() WHERE id = $1', [roomy]);
    expect(await outcomeOf(bookSlot(spip.actor(), other, roomy))).toBe('slot-closed');
    await moveClock(database.dataSource, '2026-06-10T07:00:00Z');
    expect(await outcomeOf(bookSlot(spip.actor(), other, slotId))).toBe('in-the-past');
  });
});

describe('what belongs to others', () => {
  it('answers like what is missing', async () => {
    const mine = await offices.office();
    const theirs = await offices.office();
    const theirPerson = await offices.person(theirs);
    const theirSlot = await offices.slot(theirs);
    const convocation = await bookSlot(theirs.actor(), theirPerson, theirSlot);
    const me = mine.actor();
    const myPerson = await offices.person(mine);
    const missing = '00000000-0000-4000-8000-000000000000';
    const attempts = (personId: string, slotId: string, agendaId: string, id: string) => [
      () => bookSlot(me, personId, slotId),
      () => bookHour(me, myPerson, agendaId, '2026-06-10', '09:00'),
      () => run((tx) => findConvocation(tx, me, id)),
      () => run((tx) => findPerson(tx, me, personId)),
      () => run((tx) => offices.cancel.execute(tx, { convocationId: id, notify: false }, me)),
      () =>
        run((tx) =>
          offices.attendance.execute(tx, { convocationId: id, outcome: 'excuse', notify: false }, me),
        ),
      () => run((tx) => offices.reschedule.execute(tx, { convocationId: id, slotId, notify: false }, me)),
      () => run((tx) => offices.reopen.execute(tx, { convocationId: id }, me)),
    ];
    for (const attempt of attempts(theirPerson, theirSlot, theirs.agendaId, convocation.id))
      expect(await outcomeOf(attempt())).toBe('not-found');
    for (const attempt of attempts(missing, missing, missing, missing))
      expect(await outcomeOf(attempt())).toBe('not-found');
    for (const attempt of attempts('x', 'x', 'x', 'x')) expect(await outcomeOf(attempt())).toBe('not-found');
    const admin = { ...me, role: 'admin' as const };
    expect((await run((tx) => findConvocation(tx, admin, convocation.id))).id).toBe(convocation.id);
  });

  it('shows a court the hearing exits of its linked SPIP and nothing else of it', async () => {
    const spip = await offices.office();
    const court = await offices.office({ kind: 'tj', linkedTo: [spip] });
    const hearing = await offices.slot(spip, { time: '14:00' });
    await offices.slot(spip, { time: '15:00', typeCode: 'suivi-spip' });
    const bex = court.actor('bex');
    const seen = await run((tx) => openSlots(tx, bex, { agendaId: spip.agendaId }));
    expect(seen.items.map((slot) => slot.id)).toEqual([hearing]);
    const agendas = await run((tx) => listAgendas(tx, bex));
    expect(agendas.map((agenda) => agenda.id).sort()).toEqual([spip.agendaId, court.agendaId].sort());
    expect((await run((tx) => listAgendas(tx, spip.actor()))).map((agenda) => agenda.id)).toEqual([
      spip.agendaId,
    ]);
    const types = await run((tx) => listAppointmentTypes(tx, bex));
    expect(types.map((type) => type.id)).toEqual(['sortie-audience-sap', 'sortie-audience-spip']);
    const everything = await run((tx) => listAppointmentTypes(tx, { ...bex, role: 'admin' }));
    expect(everything).toHaveLength(16);
  });

  it('lets the court that booked move and cancel, and only the service of the place say who came', async () => {
    const spip = await offices.office();
    const court = await offices.office({ kind: 'tj', linkedTo: [spip] });
    const personId = await offices.person(court);
    const first = await offices.slot(spip);
    const second = await offices.slot(spip, { date: '2026-06-11' });
    const { id } = await bookSlot(court.actor('sap-clerk'), personId, first);
    const moved = await run((tx) =>
      offices.reschedule.execute(
        tx,
        { convocationId: id, slotId: second, notify: true },
        court.actor('sap-clerk'),
      ),
    );
    expect(moved.date).toBe('2026-06-11');
    await moveClock(database.dataSource, '2026-06-11T09:00:00Z');
    const attend = (actor: Actor) =>
      run((tx) =>
        offices.attendance.execute(tx, { convocationId: id, outcome: 'attend', notify: false }, actor),
      );
    expect(await outcomeOf(attend(court.actor('sap-clerk')))).toBe('forbidden');
    expect((await run((tx) => findConvocation(tx, court.actor('sap-clerk'), id))).allowedEvents).toEqual([]);
    expect(await outcomeOf(attend(spip.actor('cpip')))).toBe('done');
  });
});
