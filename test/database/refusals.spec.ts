import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { RecordReply } from '../../src/notifications/replies/record-reply.js';
import { ReportWrongPerson } from '../../src/notifications/replies/report-wrong-person.js';
import type { GivenWord } from '../../src/persons/domain/resume-word.js';
import { LiftPhoneBlock } from '../../src/persons/lift-phone-block.js';
import { findPerson } from '../../src/persons/person.queries.js';
import { blockPhone } from '../../src/persons/phone-block.js';
import { ResumeMessages } from '../../src/persons/resume-messages.js';
import { lastRefusal, stopMessages } from '../../src/persons/sms-refusal.js';
import { StopMessages } from '../../src/persons/stop-messages.js';
import type { PersonChanges } from '../../src/persons/update-person.js';
import { contactId } from '../support/contacts.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Office, Offices, outcomeOf } from '../support/offices.js';
import { aMobile } from '../support/world.js';

let database: TestDatabase;
let offices: Offices;
let spip: Office;
let agent: Actor;
let program: Actor;
let person: string;
let phone: string;

beforeAll(async () => {
  database = await createTestDatabase();
  offices = new Offices(database.dataSource);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await moveClock(database.dataSource, '2026-03-02T08:00:00Z');
  spip = await offices.office();
  agent = { ...spip.actor('cpip'), agentId: await offices.agent(spip, 'cpip') };
  const keys = await rows<{ id: string }>(
    `INSERT INTO api_key (organization_id, role, key_hash) VALUES ($1, 'cpip', $2) RETURNING id`,
    ...[spip.organizationId, Buffer.from(randomUUID())],
  );
  program = { ...spip.actor('cpip'), apiKeyId: keys[0]?.id ?? '' };
  person = await offices.person(spip);
  phone = aMobile();
  const number = await numberId();
  await rows('UPDATE person SET phone_id = $2, phone_mobile = true WHERE id = $1', person, number);
});

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const rows = <T>(sql: string, ...values: unknown[]): Promise<T[]> => database.dataSource.query(sql, values);
const numberId = async () => (await contactId(database.dataSource, phone)) ?? '';
const find = () => run((tx) => findPerson(tx, agent, person));

const recordReply = new RecordReply(new ReportWrongPerson());
const texts = (body: string) =>
  run((tx) =>
    recordReply.execute(tx, {
      ...{ operator: 'twilio', operatorMessageId: `SM${randomUUID()}`, from: phone, body },
    }),
  );
const saysStop = () => texts('STOP');
const operatorSaysStop = () => run((tx) => stopMessages(tx, null, { personId: person, origin: 'operator' }));
const notes = (actor: Actor) => run((tx) => new StopMessages().execute(tx, { personId: person }, actor));
const save = async (changes: PersonChanges, actor: Actor, read?: Date) => {
  const expectedUpdatedAt = read ?? (await find()).updatedAt;
  return run((tx) => offices.update.execute(tx, { personId: person, changes, expectedUpdatedAt }, actor));
};
const resume = (tx: EntityManager, word: GivenWord & { seen?: string }, actor = agent) =>
  new ResumeMessages(offices.clock).execute(tx, { personId: person, word }, actor);
const today = { means: 'phone', saidOn: '2026-03-02' };

const events = async () =>
  (
    await rows<{ event: string }>(
      `SELECT event FROM history_entry WHERE person_id = $1 AND event LIKE 'messages.%' ORDER BY id`,
      person,
    )
  ).map(({ event }) => event);

/** Does the second while the first is not yet committed; commits the first once the other waits or is over. */
async function during<T>(
  first: (tx: EntityManager) => Promise<unknown>,
  second: () => Promise<T>,
): Promise<T> {
  const { other } = await run(async (tx) => {
    await first(tx);
    const begun = second();
    const over = begun.then(
      () => true,
      () => true,
    );
    while (!(await Promise.race([over, someoneWaits()])));
    return { other: begun };
  });
  return other;
}

async function someoneWaits(): Promise<boolean> {
  const waiting = await rows(
    `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE NOT l.granted AND a.datname = current_database()`,
  );
  return waiting.length > 0;
}

describe('a refusal that a program entered', () => {
  beforeEach(() => save({ smsRefused: true }, program));

  it.each([
    ['the person', saysStop, 'person'],
    ['the operator', operatorSaysStop, 'operator'],
  ])('gives way to the STOP of %s, and no program takes that one back', async (_who, stop, origin) => {
    await moveClock(database.dataSource, '2026-03-05T08:00:00Z');
    await stop();
    await stop();
    const { smsRefusedOrigin, smsRefusedAt } = await find();
    expect(smsRefusedOrigin).toBe(origin);
    expect(smsRefusedAt?.toISOString()).toMatch(/^2026-03-05/);
    expect(await events()).toEqual(['messages.stopped', 'messages.stopped']);
    expect(await outcomeOf(save({ smsRefused: false }, program))).toBe('validation');
    expect(await outcomeOf(save({ smsRefused: false, word: today }, program))).toBe('validation');
    expect(await find()).toMatchObject({ smsRefused: true, smsRefusedOrigin: origin });
    const word = { means: 'letter', saidOn: '2026-03-05' };
    expect(await save({ smsRefused: false, word }, program)).toMatchObject({ smsRefused: false });
  });

  it('gives way to what an agent was told', async () => {
    await notes(agent);
    await notes(agent);
    expect(await events()).toEqual(['messages.stopped', 'messages.stopped']);
    expect(await outcomeOf(save({ smsRefused: false }, program))).toBe('validation');
    expect(await save({ smsRefused: false, word: today }, program)).toMatchObject({ smsRefused: false });
  });

  it('entered again by a program is still its own', async () => {
    await save({ smsRefused: true }, program);
    expect(await events()).toEqual(['messages.stopped']);
    expect(await save({ smsRefused: false }, program)).toMatchObject({ smsRefused: false });
  });
});

it('a program adds nothing to the STOP of a person, and takes nothing away', async () => {
  await saysStop();
  await save({ smsRefused: true }, program);
  expect(await outcomeOf(save({ smsRefused: false }, program))).toBe('validation');
  expect(await find()).toMatchObject({ smsRefused: true, smsRefusedOrigin: 'person' });
});

it('a word said before the last STOP does not answer it', async () => {
  await saysStop();
  await moveClock(database.dataSource, '2026-03-05T08:00:00Z');
  await texts('J’ai dit stop !');
  await moveClock(database.dataSource, '2026-03-06T08:00:00Z');
  const resumed = (saidOn: string) => run((tx) => resume(tx, { means: 'phone', saidOn }));
  expect(await outcomeOf(resumed('2026-03-04'))).toBe('validation');
  expect(await resumed('2026-03-05')).toMatchObject({ smsRefused: false });
});

it('a STOP since the page was shown is not undone by it', async () => {
  await notes(agent);
  const seen = String(await run((tx) => lastRefusal(tx, person)));
  await moveClock(database.dataSource, '2026-03-02T09:00:00Z');
  await saysStop();
  expect(await outcomeOf(run((tx) => resume(tx, { ...today, seen })))).toBe('conflict');
  expect(await find()).toMatchObject({ smsRefused: true, smsRefusedOrigin: 'person' });
});

describe('at the same moment', () => {
  it('a STOP that arrives while texts are resumed stops them', async () => {
    await saysStop();
    await during((tx) => resume(tx, today), saysStop);
    expect(await find()).toMatchObject({ smsRefused: true, smsRefusedOrigin: 'person' });
    expect(await events()).toEqual(['messages.stopped', 'messages.resumed', 'messages.stopped']);
  });

  it('a STOP that arrives while a program takes its refusal back stops them', async () => {
    await save({ smsRefused: true }, program);
    const { updatedAt: expectedUpdatedAt } = await find();
    const lift = { personId: person, expectedUpdatedAt, changes: { smsRefused: false } };
    await during((tx) => offices.update.execute(tx, lift, program), saysStop);
    expect(await find()).toMatchObject({ smsRefused: true, smsRefusedOrigin: 'person' });
  });

  it('texts are not resumed by an agent who did not see the STOP', async () => {
    await notes(agent);
    const seen = String(await run((tx) => lastRefusal(tx, person)));
    await moveClock(database.dataSource, '2026-03-02T09:00:00Z');
    const stop = (tx: EntityManager) => stopMessages(tx, null, { personId: person, origin: 'person' });
    const late = () => outcomeOf(run((tx) => resume(tx, { ...today, seen })));
    expect(await during(stop, late)).toBe('conflict');
    expect(await find()).toMatchObject({ smsRefused: true, smsRefusedOrigin: 'person' });
  });

  it.each<[string, PersonChanges]>([
    ['a name', { firstName: 'Camille' }],
    ['another number', { phone: '06 12 34 56 78' }],
    ['no refusal', { smsRefused: false, word: today }],
    ['a refusal', { smsRefused: true }],
  ])('a card saved with %s while a STOP arrives brings no consent back', async (_what, changes) => {
    const { updatedAt } = await find();
    const stop = (tx: EntityManager) => stopMessages(tx, null, { personId: person, origin: 'person' });
    expect(await during(stop, () => outcomeOf(save(changes, agent, updatedAt)))).toBe('conflict');
    expect(await find()).toMatchObject({ smsRefused: true, smsRefusedOrigin: 'person' });
  });

  it.each<[string, PersonChanges]>([
    ['a name', { firstName: 'Camille' }],
    ['no refusal', { smsRefused: false }],
    ['a refusal', { smsRefused: true }],
  ])('a STOP that arrives while a card is saved with %s is kept', async (_what, changes) => {
    const { updatedAt: expectedUpdatedAt } = await find();
    const saving = { personId: person, expectedUpdatedAt, changes };
    await during((tx) => offices.update.execute(tx, saving, program), saysStop);
    expect(await find()).toMatchObject({ smsRefused: true, smsRefusedOrigin: 'person' });
  });

  it('two agents who resume texts resume them once', async () => {
    await saysStop();
    const other = { ...agent, agentId: await offices.agent(spip, 'cpip') };
    await during(
      (tx) => resume(tx, today),
      () => run((tx) => resume(tx, today, other)),
    );
    expect(await find()).toMatchObject({ smsRefused: false });
    expect(await events()).toEqual(['messages.stopped', 'messages.resumed']);
  });

  it('"it is not me" takes back a lift that is just being asked for', async () => {
    const phoneId = await numberId();
    const notMe = (tx: EntityManager) => blockPhone(tx, { phoneId, origin: 'link' });
    await run(notMe);
    const lift = new LiftPhoneBlock();
    await during(
      (tx) => lift.execute(tx, { personId: person }, agent),
      () => run(notMe),
    );
    expect(await find()).toMatchObject({ phoneLiftAskedById: null });
    expect((await find()).phoneBlockedAt).not.toBeNull();
  });

  it('two agents who lift a block make one asker and one who confirms', async () => {
    const phoneId = await numberId();
    await run((tx) => blockPhone(tx, { phoneId, origin: 'link' }));
    const lift = new LiftPhoneBlock();
    const other = { ...agent, agentId: await offices.agent(spip, 'cpip') };
    const asks = (tx: EntityManager, who: Actor) => lift.execute(tx, { personId: person }, who);
    const sameAgent = await during(
      (tx) => asks(tx, agent),
      () => run((tx) => asks(tx, agent)),
    );
    expect(sameAgent).toBe('unchanged');
    const confirmed = await during(
      (tx) => asks(tx, other),
      () => run((tx) => asks(tx, agent)),
    );
    expect(confirmed).toBe('unchanged');
    expect((await find()).phoneBlockedAt).toBeNull();
  });
});
