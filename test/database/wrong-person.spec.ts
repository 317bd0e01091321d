import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { historyOf } from '../../src/convocations/history.queries.js';
import { ReportWrongPersonByLink } from '../../src/notifications/replies/report-wrong-person-by-link.js';
import { ReportWrongPerson } from '../../src/notifications/replies/report-wrong-person.js';
import { LiftPhoneBlock } from '../../src/persons/lift-phone-block.js';
import { findPerson } from '../../src/persons/person.queries.js';
import { ResumeMessages } from '../../src/persons/resume-messages.js';
import { findStopLink } from '../../src/persons/stop-messages-by-link.js';
import { StopMessages } from '../../src/persons/stop-messages.js';
import { stopMessages } from '../../src/persons/sms-refusal.js';
import { digest, newToken } from '../../src/shared/tokens.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Office, Offices, outcomeOf } from '../support/offices.js';
import { aMobile } from '../support/world.js';
import { contactId, isBlocked } from '../support/contacts.js';
import { keepContact } from '../../src/platform/contacts.js';

let database: TestDatabase;
let offices: Offices;
let spip: Office;
let first: Actor;
let second: Actor;

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 1 });
  offices = new Offices(database.dataSource);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await moveClock(database.dataSource, '2026-03-02T08:00:00Z');
  spip = await offices.office();
  first = { ...spip.actor('cpip'), agentId: await offices.agent(spip, 'cpip') };
  second = { ...spip.actor('cpip'), agentId: await offices.agent(spip, 'cpip') };
});

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const rows = <T>(sql: string, ...values: unknown[]): Promise<T[]> => database.dataSource.query(sql, values);
const report = (token: string) =>
  run((tx) => new ReportWrongPersonByLink(new ReportWrongPerson()).execute(tx, { token }));
const register = (phone: string, email?: string) =>
  run((tx) =>
    offices.register.execute(tx, { firstName: 'Ada', lastName: `Nom ${randomUUID()}`, phone, email }, first),
  );
const find = (id: string) => run((tx) => findPerson(tx, first, id));
const blocked = (phone: string) => run(async (tx) => isBlocked(tx, await keepContact(tx, 'phone', phone)));
const lift = (personId: string, actor: Actor) =>
  run((tx) => new LiftPhoneBlock().execute(tx, { personId }, actor));
const historyOfPerson = (id: string) =>
  run(async (tx) => historyOf(tx, first, await findPerson(tx, first, id)));
const eventsOf = async (personId: string) => (await historyOfPerson(personId)).map(({ event }) => event);
const kindsOf = async (personId: string) =>
  (await rows<{ kind: string }>('SELECT kind FROM agent_task WHERE person_id = $1', personId)).map(
    ({ kind }) => kind,
  );

/** The link of a text sent to this number or address. */
async function linkOf(personId: string, recipient: string | null): Promise<string> {
  const command = {
    personId,
    typeCode: 'suivi-spip',
    agendaId: spip.agendaId,
    date: '2026-03-10',
    time: '09:00',
    notify: false,
  };
  const { id } = await run((tx) => offices.book.execute(tx, command, first));
  const token = newToken();
  await rows(
    `INSERT INTO stop_link (token_hash, convocation_id, person_id, recipient_id, expires_at)
     VALUES ($1, $2, $3, $4, '2026-04-09T08:00:00Z')`,
    digest(token),
    id,
    personId,
    await contactId(database.dataSource, recipient),
  );
  return token;
}

describe('"it is not me", by the link of a text', () => {
  it('blocks the number for everybody on it, once', async () => {
    const phone = aMobile();
    const [one, other] = [await register(phone), await register(phone)];
    const token = await linkOf(one.id, phone);
    expect(await run((tx) => findStopLink(tx, token))).toMatchObject({ saidWrongPerson: false });
    await report(token);
    await report(token);
    expect(await run((tx) => findStopLink(tx, token))).toMatchObject({ saidWrongPerson: true });
    for (const { id } of [one, other]) {
      expect(await find(id)).toMatchObject({ reachable: false, smsRefused: false });
      expect((await eventsOf(id)).filter((event) => event === 'phone.blocked')).toHaveLength(1);
      expect(await kindsOf(id)).toEqual(['wrong-person']);
    }
  });

  it('means the number the text went to, not the one the person has since', async () => {
    const [old, new_] = [aMobile(), aMobile()];
    const person = await register(new_);
    await report(await linkOf(person.id, old));
    expect([await blocked(old), await blocked(new_)]).toEqual([true, false]);
    expect(await find(person.id)).toMatchObject({ reachable: true });
    expect(await kindsOf(person.id)).toEqual([]);
  });

  it('of a link older than this release, the number of the person', async () => {
    const phone = aMobile();
    const person = await register(phone);
    await report(await linkOf(person.id, null));
    expect(await blocked(phone)).toBe(true);
  });

  it('of an e-mail, asks for the right address and blocks no number', async () => {
    const phone = aMobile();
    const person = await register(phone, 'quelquun@example.test');
    const token = await linkOf(person.id, 'quelquun@example.test');
    await report(token);
    await report(token);
    expect(await blocked(phone)).toBe(false);
    expect(await kindsOf(person.id)).toEqual(['wrong-person']);
    expect((await eventsOf(person.id)).filter((event) => event === 'address.wrong-person')).toHaveLength(1);
  });

  it('of an e-mail, blocks the address for everybody on it, until two agents open it again', async () => {
    const email = `shared.${randomUUID()}@example.test`;
    const [one, other] = [await register(aMobile(), email), await register(aMobile(), email)];
    await report(await linkOf(one.id, email));
    for (const { id } of [one, other]) {
      expect(await find(id)).toMatchObject({ emailBlockedAt: expect.any(Date), reachable: true });
      expect(await kindsOf(id)).toEqual(['wrong-person']);
      expect((await eventsOf(id)).filter((event) => event === 'address.wrong-person')).toHaveLength(1);
    }
    const reopen = (actor: Actor) =>
      run((tx) => new LiftPhoneBlock().execute(tx, { personId: one.id, what: 'email' }, actor));
    expect(await lift(one.id, first)).toBe('unchanged');
    expect(await reopen(first)).toBe('asked');
    expect(await reopen(first)).toBe('unchanged');
    expect(await find(one.id)).toMatchObject({ emailLiftAskedById: first.agentId });
    expect(await reopen(second)).toBe('lifted');
    expect(await find(one.id)).toMatchObject({ emailBlockedAt: null });
    expect(await eventsOf(other.id)).toEqual(
      expect.arrayContaining(['address.lift-asked', 'address.block-lifted']),
    );
  });

  it('not by an unknown link, nor after thirty days', async () => {
    expect(await outcomeOf(report(newToken()))).toBe('not-found');
    const phone = aMobile();
    const token = await linkOf((await register(phone)).id, phone);
    await moveClock(database.dataSource, '2026-04-09T08:00:00Z');
    expect(await outcomeOf(report(token))).toBe('not-found');
    expect(await blocked(phone)).toBe(false);
  });
});

describe('a blocked number', () => {
  const aBlocked = async () => {
    const phone = aMobile();
    const person = await register(phone);
    await report(await linkOf(person.id, phone));
    return { phone, id: person.id };
  };

  it('opens again when two different agents say so', async () => {
    const { phone, id } = await aBlocked();
    const neighbour = await register(phone);
    expect(await lift(id, first)).toBe('asked');
    expect(await lift(id, first)).toBe('unchanged');
    expect(await blocked(phone)).toBe(true);
    expect(await find(id)).toMatchObject({ phoneLiftAskedById: first.agentId, reachable: false });
    expect(await lift(id, second)).toBe('lifted');
    expect(await lift(id, second)).toBe('unchanged');
    expect(await find(id)).toMatchObject({ phoneBlockedAt: null, reachable: true });
    for (const personId of [id, neighbour.id])
      expect(await eventsOf(personId)).toEqual(
        expect.arrayContaining(['phone.lift-asked', 'phone.block-lifted']),
      );
  });

  it('not by a program, nor by a service that does not follow the person', async () => {
    const { phone, id } = await aBlocked();
    const elsewhere = await offices.office();
    const stranger = { ...elsewhere.actor('cpip'), agentId: await offices.agent(elsewhere, 'cpip') };
    expect(await outcomeOf(lift(id, stranger))).toBe('not-found');
    expect(await outcomeOf(lift(id, { ...first, agentId: null }))).toBe('forbidden');
    expect(await blocked(phone)).toBe(true);
  });

  it('may be registered again, and is not reachable', async () => {
    const { phone } = await aBlocked();
    expect(await register(phone)).toMatchObject({ phone: { e164: phone }, reachable: false });
  });

  it('no longer matters to a person who has another', async () => {
    const { id } = await aBlocked();
    const person = await find(id);
    const command = { personId: id, expectedUpdatedAt: person.updatedAt, changes: { phone: aMobile() } };
    await run((tx) => offices.update.execute(tx, command, first));
    expect(await find(id)).toMatchObject({ phoneBlockedAt: null, reachable: true });
  });
});

describe('texts resume', () => {
  const resume = (personId: string, word: object, actor = first) =>
    run((tx) => new ResumeMessages(offices.clock).execute(tx, { personId, word }, actor));
  const aRefusal = async (origin: 'person' | 'operator') => {
    const { id } = await register(aMobile());
    await run((tx) => stopMessages(tx, null, { personId: id, origin }));
    return id;
  };

  it('only with the word of the person, which stays in the history', async () => {
    const id = await aRefusal('operator');
    for (const word of [{}, { means: 'phone' }, { means: 'phone', saidOn: '2026-03-01' }])
      expect(await outcomeOf(resume(id, word))).toBe('validation');
    expect(await find(id)).toMatchObject({ smsRefused: true, smsRefusedOrigin: 'operator' });
    await moveClock(database.dataSource, '2026-03-05T08:00:00Z');
    await resume(id, { means: 'letter', saidOn: '2026-03-04', heardById: second.agentId });
    expect(await find(id)).toMatchObject({ smsRefused: false, reachable: true });
    const [latest] = await historyOfPerson(id);
    expect(latest).toMatchObject({
      event: 'messages.resumed',
      detail: {
        means: 'letter',
        saidOn: '2026-03-04',
        heardByAgentId: second.agentId,
        refusedOrigin: 'operator',
        refusedAt: expect.stringMatching(/^2026-03-02T08:00/),
      },
    });
  });

  it('said to an agent of the service only', async () => {
    const id = await aRefusal('person');
    const stranger = await offices.agent(await offices.office(), 'cpip');
    for (const heardById of [stranger, randomUUID(), 'nobody'])
      expect(await outcomeOf(resume(id, { means: 'phone', saidOn: '2026-03-02', heardById }))).toBe(
        'validation',
      );
    expect(await find(id)).toMatchObject({ smsRefused: true });
  });

  it('of nobody who refuses nothing, and by no foreign service', async () => {
    const { id } = await register(aMobile());
    const before = await eventsOf(id);
    await resume(id, {});
    expect(await eventsOf(id)).toEqual(before);
    expect(await outcomeOf(resume(id, {}, (await offices.office()).actor()))).toBe('not-found');
  });

  it('by a change of the person too, on the same condition', async () => {
    const { id } = await register(aMobile());
    const stopped = await run((tx) => new StopMessages().execute(tx, { personId: id }, first));
    const change = (changes: object) =>
      run((tx) =>
        offices.update.execute(tx, { personId: id, expectedUpdatedAt: stopped.updatedAt, changes }, first),
      );
    expect(await outcomeOf(change({ smsRefused: false }))).toBe('validation');
    expect(await find(id)).toMatchObject({ smsRefused: true, updatedAt: stopped.updatedAt });
    const word = { means: 'in-person', saidOn: '2026-03-02' };
    expect(await change({ smsRefused: false, word })).toMatchObject({ smsRefused: false });
  });
});
