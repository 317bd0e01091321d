import { describeBackends } from '../support/backends.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { aPairInTrial, type Drawn } from '../support/trial-pair.js';
import { arm, TrialParts } from '../support/trials.js';
import { at } from '../support/world.js';

describeBackends('the limits of sending in a trial', (backend) => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engine: Engine;

  beforeEach(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    engine = await startEngine(database, operator, { REDIS_URL: backend.redisUrl });
    await moveClock(database.dataSource, at('2026-06-01', '10:00'));
  });
  afterEach(async () => {
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  const pairIn = (...arms: readonly (readonly number[])[]) =>
    aPairInTrial(database.dataSource, new TrialParts(database), {
      arms: arms.map((days) => arm(`J-${days.join(', ')}`, days)),
    });
  const sent = ({ phone }: Drawn) => operator.to(phone).map(({ body }) => body);
  const sentBy = async (person: Drawn, date: string, time: string) => {
    await moveClock(database.dataSource, at(date, time));
    await engine.drain();
    return sent(person).length;
  };

  it('a week that is full takes the earlier reminders of an arm, never its last', async () => {
    await database.dataSource.query(
      'INSERT INTO reminder_plan (version, steps, weekly_limit) SELECT 99, steps, 1 FROM reminder_plan LIMIT 1',
    );
    const { first, second } = await pairIn([6, 4, 2], [3]);
    expect(await sentBy(first, '2026-06-04', '09:30')).toBe(1);
    expect(await sentBy(first, '2026-06-06', '09:30')).toBe(1);
    expect(await sentBy(second, '2026-06-07', '09:30')).toBe(1);
    expect(await sentBy(first, '2026-06-08', '09:30')).toBe(2);
  });

  it('two services that summon a person of one arm on one day remind once, of both hours', async () => {
    const { first, second, bookThere } = await pairIn([1], [2]);
    for (const person of [first, second]) await bookThere(person, '14:00');
    expect(await sentBy(second, '2026-06-08', '14:00')).toBe(1);
    expect(await sentBy(first, '2026-06-09', '14:00')).toBe(1);
    for (const person of [first, second]) {
      expect(sent(person)).toHaveLength(1);
      expect(sent(person)[0]).toContain('14');
    }
  });

  it('an operator that is down for two days delays the reminder of an arm, and nobody loses it', async () => {
    const { first, second } = await pairIn([1], [3]);
    operator.behaviour = () => 'refuse-429';
    expect(await sentBy(second, '2026-06-07', '09:30')).toBe(0);
    operator.behaviour = () => 'accept';
    expect(await sentBy(second, '2026-06-09', '09:40')).toBe(1);
    expect(sent(first)).toHaveLength(1);
  });
});
