import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { repliesOf } from '../../src/notifications/replies/inbound-replies.query.js';
import { RecordReply } from '../../src/notifications/replies/record-reply.js';
import { ReportWrongPerson } from '../../src/notifications/replies/report-wrong-person.js';
import { openTasksAbout } from '../../src/notifications/follow-up/task.queries.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { HOSTILE_TEXTS } from '../support/hostile-corpus.js';
import { type Office, Offices } from '../support/offices.js';
import { aMobile } from '../support/world.js';
import { contactId } from '../support/contacts.js';

let database: TestDatabase;
let offices: Offices;
let spip: Office;
let phone: string;

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 1 });
  offices = new Offices(database.dataSource);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await moveClock(database.dataSource, '2026-03-02T08:00:00Z');
  spip = await offices.office();
  phone = aMobile();
});

const run = <T>(work: (tx: EntityManager) => Promise<T>) => offices.transaction.run(work);
const recordReply = new RecordReply(new ReportWrongPerson());
const answer = (body: string, operatorMessageId = `SM${randomUUID()}`, from = phone) =>
  run((tx) => recordReply.execute(tx, { operator: 'twilio', operatorMessageId, from, body }));
const rows = <T>(sql: string, ...values: unknown[]): Promise<T[]> => database.dataSource.query(sql, values);

async function someone(): Promise<string> {
  const id = await offices.person(spip);
  const contact = await contactId(database.dataSource, phone);
  await rows('UPDATE person SET phone_id = $2, phone_mobile = true WHERE id = $1', id, contact);
  return id;
}

async function summoned(personId: string, date: string): Promise<string> {
  const command = {
    personId,
    typeCode: 'suivi-spip',
    agendaId: spip.agendaId,
    date,
    time: '09:00',
    notify: false,
  };
  return (await run((tx) => offices.book.execute(tx, command, spip.actor('cpip')))).id;
}

const tasksOf = (personId: string) =>
  rows<{ kind: string; reason: string; convocation: string | null }>(
    'SELECT kind, reason, convocation_id AS convocation FROM agent_task WHERE person_id = $1 ORDER BY kind',
    personId,
  );
const eventsOf = (personId: string) =>
  rows<{ event: string; convocation: string | null; detail: Record<string, unknown> }>(
    `SELECT event, convocation_id AS convocation, detail FROM history_entry
      WHERE person_id = $1 AND event !~ '^(convocation|task|person)[.]' ORDER BY id`,
    personId,
  );
const refusalOf = async (personId: string) =>
  (
    await rows<{ origin: string | null }>(
      'SELECT sms_refused_origin AS origin FROM person WHERE id = $1',
      personId,
    )
  )[0]?.origin;
const stateOf = async (convocationId: string) =>
  (await rows<{ state: string }>('SELECT state FROM convocation WHERE id = $1', convocationId))[0]?.state;

it('STOP stops texts for everybody on the number, once whatever the operator repeats', async () => {
  const persons = [await someone(), await someone()];
  expect(await answer('Arrêtez les SMS !', 'SM-stop-1')).toEqual({ intent: 'stop', known: true });
  expect(await answer('Arrêtez les SMS !', 'SM-stop-1')).toBeUndefined();
  await answer('stop', 'SM-stop-2');
  for (const person of persons) {
    expect(await refusalOf(person)).toBe('person');
    expect(await eventsOf(person)).toMatchObject([
      { event: 'messages.stopped', detail: { origin: 'person' } },
    ]);
    expect(await tasksOf(person)).toEqual([]);
    expect(await run((tx) => repliesOf(tx, person))).toHaveLength(2);
  }
});

it('OUI is written in the history of the next convocation, which stays as it is', async () => {
  const person = await someone();
  const later = await summoned(person, '2026-03-20');
  const next = await summoned(person, '2026-03-10');
  expect(await answer('Oui je serai là 👍')).toEqual({ intent: 'yes', known: true });
  expect(await eventsOf(person)).toEqual([{ event: 'reply.yes', convocation: next, detail: {} }]);
  expect([await stateOf(next), await stateOf(later)]).toEqual(['booked', 'booked']);
  expect(await tasksOf(person)).toEqual([]);
});

it('NON never changes an appointment: somebody calls back', async () => {
  const person = await someone();
  const next = await summoned(person, '2026-03-10');
  await answer('je ne pourrai pas venir');
  await answer('NON');
  expect(await stateOf(next)).toBe('booked');
  expect(await tasksOf(person)).toEqual([{ kind: 'call-back', reason: 'replied-no', convocation: next }]);
  expect((await eventsOf(person)).map(({ event }) => event)).toEqual(['reply.no', 'reply.no']);
});

it.each([
  ['AIDE', [{ kind: 'reply', reason: 'asked-help' }]],
  ['C’est à quelle adresse ?', [{ kind: 'reply', reason: 'replied' }]],
  ['merci bonne journée', []],
])('%s is kept, shown, and asks for: %j', async (text, tasks) => {
  const person = await someone();
  await answer(text);
  expect(await tasksOf(person)).toMatchObject(tasks);
  expect(await run((tx) => repliesOf(tx, person))).toMatchObject([{ text, shared: false }]);
  expect(await refusalOf(person)).toBeNull();
});

it('a shared number concerns everybody on it, and says so', async () => {
  const persons = [await someone(), await someone()];
  const convocations = [
    await summoned(persons[0] ?? '', '2026-03-10'),
    await summoned(persons[1] ?? '', '2026-03-11'),
  ];
  await answer('oui');
  for (const [at, person] of persons.entries()) {
    expect(await eventsOf(person)).toEqual([
      { event: 'reply.yes', convocation: convocations[at], detail: { shared: true } },
    ]);
    expect(await run((tx) => repliesOf(tx, person))).toMatchObject([{ shared: true }]);
  }
});

it('a reply stays with whoever was registered with the number when it came', async () => {
  const before = await someone();
  await answer('Je suis chez ma sœur');
  const another = await contactId(database.dataSource, aMobile());
  await rows('UPDATE person SET phone_id = $2 WHERE id = $1', before, another);
  const after = await someone();
  expect(await run((tx) => repliesOf(tx, before))).toHaveLength(1);
  expect(await run((tx) => repliesOf(tx, after))).toEqual([]);
});

it('an unknown number is kept and changes nothing; an archived person asks nothing of anybody', async () => {
  expect(await answer('NON')).toEqual({ intent: 'no', known: false });
  const archived = await someone();
  await rows('UPDATE person SET archived_at = app_now() WHERE id = $1', archived);
  await answer('Que dois-je faire ?');
  await answer('mauvais numéro');
  expect(await tasksOf(archived)).toEqual([]);
  await answer('STOP');
  expect(await refusalOf(archived)).toBe('person');
});

describe('a wrong person who answers', () => {
  const blockOf = async () =>
    rows<{ origin: string; asked: string | null }>(
      'SELECT origin, first_lift_by_agent_id AS asked FROM phone_block WHERE phone_id = $1',
      await contactId(database.dataSource, phone),
    );

  it('blocks the number for everybody on it, and an agent of each is asked for the right one', async () => {
    const persons = [await someone(), await someone()];
    const next = await summoned(persons[0] ?? '', '2026-03-10');
    await answer('Vous avez le mauvais numéro');
    await answer('ce n’est pas moi');
    expect(await blockOf()).toEqual([{ origin: 'reply', asked: null }]);
    expect(await tasksOf(persons[0] ?? '')).toEqual([
      { kind: 'wrong-person', reason: 'said-by-reply', convocation: next },
    ]);
    expect(await tasksOf(persons[1] ?? '')).toMatchObject([{ kind: 'wrong-person', convocation: null }]);
    for (const person of persons) {
      expect(await eventsOf(person)).toEqual([
        { event: 'phone.blocked', convocation: null, detail: { origin: 'reply' } },
      ]);
      expect(await refusalOf(person)).toBeNull();
    }
  });

  it('and says STOP, stops and blocks', async () => {
    const person = await someone();
    await answer('STOP, mauvais numéro');
    expect(await refusalOf(person)).toBe('person');
    expect(await blockOf()).toHaveLength(1);
    expect(await tasksOf(person)).toMatchObject([{ kind: 'wrong-person' }]);
  });

  it('again, takes back what one agent had asked for', async () => {
    await someone();
    await answer('mauvais numéro');
    const agent = await offices.agent(spip, 'cpip');
    const contact = await contactId(database.dataSource, phone);
    await rows('UPDATE phone_block SET first_lift_by_agent_id = $2 WHERE phone_id = $1', contact, agent);
    await answer('je vous dis que ce n’est pas moi');
    expect(await blockOf()).toEqual([{ origin: 'reply', asked: null }]);
  });
});

it('keeps every hostile text, whole characters only', async () => {
  const person = await someone();
  for (const text of HOSTILE_TEXTS) expect(await answer(text)).toMatchObject({ known: true });
  const replies = await run((tx) => repliesOf(tx, person));
  expect(replies).toHaveLength(HOSTILE_TEXTS.length);
  for (const { text } of replies) expect(text).not.toMatch(/\u0000|\p{Surrogate}/u);
});

it('the task shows what was answered since, to the service of the person only', async () => {
  const person = await someone();
  await answer('STOP');
  await moveClock(database.dataSource, '2026-03-02T09:00:00Z');
  await answer('C’est où ?');
  await moveClock(database.dataSource, '2026-03-02T10:00:00Z');
  await answer('Et à quelle heure ?');
  const [task, ...more] = await run((tx) => openTasksAbout(tx, spip.actor('cpip'), { personId: person }));
  expect(more).toEqual([]);
  expect(task).toMatchObject({ kind: 'reply', replies: ['C’est où ?', 'Et à quelle heure ?'] });
  const elsewhere = (await offices.office()).actor('cpip');
  expect(await run((tx) => openTasksAbout(tx, elsewhere, { personId: person }))).toEqual([]);
});
