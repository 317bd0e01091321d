import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Told, ToldWorld } from '../support/told-world.js';

const BEFORE = '2026-06-09T08:00:00Z';
const MORNING = '2026-06-10T07:30:00Z';
const AFTERNOON = '2026-06-10T14:00:00Z';

let database: TestDatabase;
let world: ToldWorld;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await new ToldWorld(database.dataSource).build();
});
afterAll(() => database.drop());
beforeEach(() => moveClock(database.dataSource, BEFORE));

interface Day {
  readonly morning: string;
  readonly afternoon: string;
  /** What was to tell of the afternoon, which the text of the morning says. */
  readonly told: string;
  readonly teller: string;
}

/** One text said both appointments of a day; this is what became of it. */
async function aDay(end: Told, kind: 'reminder' | 'summons' = 'reminder'): Promise<Day> {
  const messages: readonly Told[] = kind === 'reminder' ? [{ kind: 'summons', state: 'delivered' }] : [];
  const morning = await world.summon({ startsAt: MORNING, messages });
  const afternoon = await world.summon({ startsAt: AFTERNOON, messages });
  await query(
    'UPDATE convocation SET person_id = (SELECT person_id FROM convocation WHERE id = $2) WHERE id = $1',
    [afternoon, morning],
  );
  const teller = await world.tell(morning, { kind, ...end });
  const told = await world.tell(afternoon, { kind, state: 'withdrawn', reason: 'told-same-day' });
  await query('UPDATE message SET told_by_message_id = $2 WHERE id = $1', [told, teller]);
  return { morning, afternoon, told, teller };
}

function query(sql: string, values: readonly unknown[]): Promise<unknown> {
  return database.dataSource.query(sql, [...values]);
}

/** Tasks « joindre autrement »; that a number must be corrected is another matter. */
async function toReach(convocationId: string) {
  return (await world.tasks(convocationId)).filter(({ kind }) => kind === 'reach-otherwise');
}

const cancel = ({ morning }: Day) =>
  query(`UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`, [morning]);
const move = ({ morning }: Day) =>
  query('UPDATE convocation SET promise_version = promise_version + 1 WHERE id = $1', [morning]);
const tellSince = ({ morning }: Day) =>
  world.tell(morning, { state: 'delivered', way: 'email', occurrence: 0 });

const ENDS: readonly (readonly [string, Told])[] = [
  ['was not delivered', { state: 'undelivered', errorCode: '30005' }],
  ['was refused', { state: 'failed', errorCode: '21614' }],
  ['was in doubt twice', { state: 'expired', reason: 'in-doubt-twice', way: 'sms' }],
];

describe.each(ENDS)('a text for two appointments of a day that %s', (_, end) => {
  it('is a task for each of them', async () => {
    const day = await aDay(end);
    await world.draw();
    for (const id of [day.morning, day.afternoon])
      expect(await toReach(id)).toMatchObject([{ outcome: null }]);
  });

  it.each([
    ['cancelled', cancel],
    ['moved', move],
  ] as const)('says the second on its own when the first was %s meanwhile', async (_what, happen) => {
    const day = await aDay(end);
    await happen(day);
    await world.draw();
    expect(await world.message(day.told)).toMatchObject({
      state: 'planned',
      reason: null,
      told_by_message_id: null,
      settled_at: null,
    });
  });

  it('asks nobody for an appointment that is cancelled too', async () => {
    const day = await aDay(end);
    await query(`UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`, [
      day.afternoon,
    ]);
    await cancel(day);
    await world.draw();
    expect(await world.message(day.told)).toMatchObject({ state: 'withdrawn' });
    expect(await toReach(day.afternoon)).toEqual([]);
  });
});

describe('a text that announces two appointments of a day', () => {
  const announce = (end: Told) => aDay(end, 'summons');

  it.each([
    ['was not delivered', { state: 'undelivered', errorCode: '30005' }],
    ['was refused', { state: 'failed', errorCode: '21617' }],
  ] as const)('is said apart when it %s, and asks an agent only for what was tried', async (_what, end) => {
    const day = await announce(end);
    await world.draw();
    expect(await world.message(day.told)).toMatchObject({
      state: 'planned',
      reason: null,
      told_by_message_id: null,
    });
    expect(await toReach(day.morning)).toMatchObject([{ outcome: null }]);
    expect(await toReach(day.afternoon)).toEqual([]);
  });

  it('leaves the second no earlier than the next try of the first', async () => {
    const day = await announce({ state: 'undelivered', errorCode: '30003' });
    await world.draw();
    const [teller, told] = [await world.message(day.teller), await world.message(day.told)];
    expect([teller.state, told.state]).toEqual(['planned', 'planned']);
    expect(told.due_at).toEqual(teller.due_at);
  });

  it('is a task for each of them when nobody knows whether it arrived', async () => {
    const day = await announce({ state: 'expired', reason: 'in-doubt-twice', way: 'sms' });
    await world.draw();
    for (const id of [day.morning, day.afternoon])
      expect(await toReach(id)).toMatchObject([{ outcome: null }]);
    expect(await world.message(day.told)).toMatchObject({ state: 'withdrawn' });
  });

  it('says nothing more when both are cancelled', async () => {
    const day = await announce({ state: 'undelivered', errorCode: '30005' });
    await cancel(day);
    await query(`UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`, [
      day.afternoon,
    ]);
    await world.draw();
    expect(await world.message(day.told)).toMatchObject({ state: 'withdrawn' });
    expect(await toReach(day.afternoon)).toEqual([]);
  });
});

describe('a text for two appointments of a day', () => {
  it('leaves the second to its own reminder when only the first was told since', async () => {
    const day = await aDay({ state: 'undelivered', errorCode: '30005' });
    await tellSince(day);
    await world.draw();
    expect(await world.message(day.told)).toMatchObject({ state: 'planned', told_by_message_id: null });
  });

  it('still says both when it is sent again', async () => {
    const day = await aDay({ state: 'undelivered', errorCode: '30003' });
    await world.draw();
    expect(await world.message(day.teller)).toMatchObject({ state: 'planned' });
    expect(await world.message(day.told)).toMatchObject({
      state: 'withdrawn',
      told_by_message_id: day.teller,
    });
  });
});
