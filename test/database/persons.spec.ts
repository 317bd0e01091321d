import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { findPerson, searchPersons } from '../../src/persons/person.queries.js';
import type { RegisterPersonCommand } from '../../src/persons/register-person.js';
import type { PersonChanges } from '../../src/persons/update-person.js';
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
  agent = spip.actor('cpip');
});

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const register = (command: Partial<RegisterPersonCommand>, actor = agent) =>
  run((tx) => offices.register.execute(tx, { firstName: 'Ada', lastName: unique(), ...command }, actor));
const change = (personId: string, changes: PersonChanges, expectedUpdatedAt: Date | null, actor = agent) =>
  run((tx) => offices.update.execute(tx, { personId, changes, expectedUpdatedAt }, actor));
const search = (query: string, actor = agent) => run((tx) => searchPersons(tx, actor, { query }));
const find = (id: string) => run((tx) => findPerson(tx, agent, id));

/** A family name that no other test uses. */
function unique(): string {
  return `Nom${randomUUID().replace(/[^a-f]/g, 'g')}`;
}

describe('registering', () => {
  it('keeps names as typed, reads the phone, and lets the service follow', async () => {
    const person = await register({
      firstName: '  Anne-Sophie ',
      lastName: "d’Œuvre-L'Été",
      phone: '06 12 34 56 78',
      birthDate: '1985-03-12',
      appiNumber: '202012345678a',
      email: 'anne@example.test',
    });
    expect(person).toMatchObject({
      firstName: 'Anne-Sophie',
      lastName: "d’Œuvre-L'Été",
      phone: { e164: '+33612345678', mobile: true },
      reachable: true,
      birthDate: '1985-03-12',
      appiNumber: '202012345678A',
      language: 'fr',
      register: 'standard',
      organizations: [{ id: spip.organizationId }],
      archivedAt: null,
    });
    expect(await find(person.id)).toEqual(person);
  });

  it('reads a national number typed overseas, and keeps a landline as a contact only', async () => {
    const noumea = await offices.office({ timeZone: 'Pacific/Noumea', calendar: 'nouvelle-caledonie' });
    expect((await register({ phone: '75 12 34' }, noumea.actor())).phone).toEqual({
      e164: '+687751234',
      mobile: true,
    });
    expect(await register({ phone: '01 47 25 00 00' })).toMatchObject({
      phone: { e164: '+33147250000', mobile: false },
      reachable: false,
    });
  });

  it('dates a refusal recorded by an agent', async () => {
    expect(await register({ phone: '06 12 34 56 78', smsRefused: true })).toMatchObject({
      smsRefused: true,
      smsRefusedOrigin: 'agent',
      reachable: false,
    });
  });

  it.each<[string, Partial<RegisterPersonCommand>, string]>([
    ['an empty name', { lastName: ' ' }, 'validation'],
    ['a name with a control character', { lastName: 'Du\u0000pont' }, 'validation'],
    ['an impossible birth date', { birthDate: '1985-02-30' }, 'validation'],
    ['a birth date before 1900', { birthDate: '1899-12-31' }, 'validation'],
    ['a person under sixteen', { birthDate: '2010-03-03' }, 'validation'],
    ['a sixteenth birthday', { birthDate: '2010-03-02' }, 'done'],
    ['a wrong APPI number', { appiNumber: '123' }, 'validation'],
    ['an e-mail that is none', { email: 'nobody' }, 'validation'],
    ['a number and no phone', { phone: '06 12 34 56 78', noPhone: true }, 'validation'],
    ['a wrong number', { phone: '06 12' }, 'phone-invalid'],
    ['no phone', { noPhone: true }, 'done'],
    ['blank fields of a form', { phone: '', email: '', appiNumber: '', birthDate: '' }, 'done'],
    ['a service that does not exist', { organizationIds: [randomUUID()] }, 'not-found'],
    ['a referent who does not exist', { referentId: randomUUID() }, 'validation'],
  ])('answers %s', async (_, command, expected) => {
    expect(await outcomeOf(register(command))).toBe(expected);
  });

  it('attaches to a linked service, not to a foreign one', async () => {
    const court = await offices.office({ kind: 'tj', linkedTo: [spip] });
    const foreign = await offices.office();
    const both = [court.organizationId, spip.organizationId];
    const person = await register({ organizationIds: both }, court.actor('bex'));
    expect(person.organizations.map((one) => one.id).sort()).toEqual([...both].sort());
    expect(await outcomeOf(register({ organizationIds: [foreign.organizationId] }, court.actor('bex')))).toBe(
      'not-found',
    );
    const admin = court.actor('admin');
    expect(await outcomeOf(register({ organizationIds: [foreign.organizationId] }, admin))).toBe('done');
  });

  it('accepts as referent an agent of a service that follows', async () => {
    const referentId = await offices.agent(spip, 'cpip');
    expect(await register({ referentId })).toMatchObject({ referentId, referentName: 'Alix Agent' });
    const foreigner = await offices.agent(await offices.office(), 'cpip');
    expect(await outcomeOf(register({ referentId: foreigner }))).toBe('validation');
  });

  it('refuses the same APPI number everywhere, and namesakes born the same day without one', async () => {
    const elsewhere = (await offices.office()).actor();
    await register({ appiNumber: '19912345' });
    expect(await outcomeOf(register({ appiNumber: '19912345' }, elsewhere))).toBe('duplicate-person');
    const namesake = { lastName: `${unique()} Œil`, birthDate: '1980-01-01' };
    await register(namesake);
    const again = { ...namesake, lastName: namesake.lastName.replace('Œ', 'oe').toUpperCase() };
    expect(await outcomeOf(register(again, elsewhere))).toBe('duplicate-person');
    expect(await outcomeOf(register({ ...again, appiNumber: '20012345' }))).toBe('done');
    expect(await outcomeOf(register({ ...again, birthDate: '1980-01-02' }))).toBe('done');
  });
});

describe('changing', () => {
  it('changes what is said, erases what is null and leaves the rest', async () => {
    const person = await register({
      phone: '06 12 34 56 78',
      email: 'a@example.test',
      birthDate: '1985-03-12',
    });
    const lastName = unique();
    const changed = await change(person.id, { lastName, phone: null }, person.updatedAt);
    expect(changed).toMatchObject({
      lastName,
      firstName: 'Ada',
      phone: null,
      reachable: false,
      email: 'a@example.test',
    });
    expect(changed.updatedAt.getTime()).toBeGreaterThan(person.updatedAt.getTime());
    expect((await search(lastName)).items.map((one) => one.id)).toEqual([person.id]);
    expect(await change(person.id, { noPhone: true }, changed.updatedAt)).toMatchObject({ noPhone: true });
  });

  it('refuses what was read before somebody else changed it, or never read', async () => {
    const person = await register({});
    await change(person.id, { firstName: 'Zoé' }, person.updatedAt);
    expect(await outcomeOf(change(person.id, { firstName: 'Léa' }, person.updatedAt))).toBe('conflict');
    expect(await outcomeOf(change(person.id, { firstName: 'Léa' }, null))).toBe('conflict');
    expect(await find(person.id)).toMatchObject({ firstName: 'Zoé' });
  });

  it('refuses an archived person, a foreign one, and another person’s APPI number', async () => {
    const [person, other] = [await register({}), await register({ appiNumber: '20098765' })];
    expect(await outcomeOf(change(person.id, { appiNumber: '20098765' }, person.updatedAt))).toBe(
      'duplicate-person',
    );
    const stranger = (await offices.office()).actor();
    expect(await outcomeOf(change(person.id, { firstName: 'X' }, person.updatedAt, stranger))).toBe(
      'not-found',
    );
    await database.dataSource.query('UPDATE person SET archived_at = app_now() WHERE id = $1', [other.id]);
    expect(await outcomeOf(change(other.id, { firstName: 'X' }, other.updatedAt))).toBe('person-archived');
  });
});

describe('searching', () => {
  it('finds by beginnings of words in any order, without accents, only what the service follows', async () => {
    const person = await register({ firstName: 'Anne-Zélie', lastName: 'Bœuf d’Évêché' });
    for (const query of ['boeuf', 'BŒU', 'zelie eveche', 'évê ann', 'd’évêché bœuf anne-zélie'])
      expect((await search(query)).items.map((one) => one.id)).toEqual([person.id]);
    expect((await search('lie')).items).toEqual([]);
    expect((await search('bœuf martin')).items).toEqual([]);
    const stranger = (await offices.office()).actor();
    expect((await search('boeuf', stranger)).items).toEqual([]);
    expect((await search('boeuf', { ...stranger, role: 'admin' })).items.map((one) => one.id)).toContain(
      person.id,
    );
  });

  it('finds by APPI number, birth date and phone however they are typed', async () => {
    const person = await register({
      appiNumber: '201123456789B',
      birthDate: '1975-07-04',
      phone: '06 98 76 54 32',
    });
    for (const query of [
      '201123456789b',
      '2011 2345 6789 B',
      '1975-07-04',
      '04/07/1975',
      '4.7.1975',
      '0698765432',
      '+33 6 98 76 54 32',
      '06.98.76.54.32',
      '54 32',
      '098 76 54 32',
      `${person.lastName} 04/07/1975`,
    ])
      expect([query, (await search(query)).items.map((one) => one.id)]).toEqual([query, [person.id]]);
    expect((await search(`${person.lastName} 05/07/1975`)).items).toEqual([]);
    // Sealed: only the end of a number can be looked for.
    for (const query of ['98 76 54', '64 32', '1198 76 54 32'])
      expect((await search(query)).items).toEqual([]);
  });

  it.each(['', '   ', '%', "' OR 1=1 --", '\u0000', '🙂', '0000', '\\', "a':* | b"])(
    'survives %j',
    async (query) => {
      expect((await search(query)).nextCursor).toBeNull();
    },
  );

  it('turns pages without repeating or losing anybody, and tells no name in the cursor', async () => {
    const lastName = unique();
    for (let day = 1; day <= 7; day++)
      await register({ lastName, firstName: 'Bo', birthDate: `1990-01-0${day}` });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const request: { query: string; limit: number; cursor: string | null } = {
        query: lastName,
        limit: 3,
        cursor,
      };
      const page = await run((tx) => searchPersons(tx, agent, request));
      seen.push(...page.items.map((one) => one.id));
      cursor = page.nextCursor;
      if (cursor !== null)
        expect(Buffer.from(cursor, 'base64url').toString()).not.toContain(lastName.toLowerCase());
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
    const forged = run((tx) => searchPersons(tx, agent, { query: lastName, cursor: 'forged' }));
    expect(await outcomeOf(forged)).toBe('validation');
  });
});
