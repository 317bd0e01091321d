import { rotateKeys } from '../../src/cli/keys/rotate-keys.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';
import { createTestDatabase, type TestDatabase, TEST_SECRET_KEY } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';

const BOTH = ['n'.repeat(32), TEST_SECRET_KEY];

describe('a doubt about a number whose key a worker lacks', () => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engine: Engine;

  beforeEach(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    await planDueNow(database.dataSource, 1);
    await start([TEST_SECRET_KEY]);
    operator.behaviour = () => 'accept-then-reset';
    await engine.drain();
    operator.behaviour = () => 'accept';
    await rotateKeys(keepKeys(database.dataSource, new Sealing({ SECRET_KEYS: BOTH })));
  });
  afterEach(async () => {
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  async function start(keys: readonly string[]): Promise<void> {
    const env = { SECRET_KEYS: keys.join(','), SEND_WINDOW: '00:00-23:59' };
    engine = await startEngine(database, operator, env);
  }

  async function resolveAfter(minutes: number): Promise<void> {
    await database.dataSource.query('DELETE FROM clock_offset');
    await database.dataSource.query('INSERT INTO clock_offset (shift) VALUES (make_interval(mins => $1))', [
      minutes,
    ]);
    await engine.run('resolve');
  }

  const messages = (): Promise<unknown[]> =>
    database.dataSource.query('SELECT state, possible_duplicate AS "isFlagged" FROM message');

  it('waits for one that holds it: the text that was taken is found, and no second one leaves', async () => {
    for (const minutes of [1, 3, 6]) await resolveAfter(minutes);
    expect(await messages()).toEqual([{ state: 'uncertain', isFlagged: false }]);
    await engine.stop();
    await start(BOTH);
    await resolveAfter(8);
    expect(await messages()).toEqual([{ state: 'accepted', isFlagged: false }]);
    expect(operator.accepted).toHaveLength(1);
  });

  it('is sent nowhere once nobody can read the number', async () => {
    await database.dataSource.query(
      'UPDATE contact SET value_sealed = set_byte(value_sealed, 40, get_byte(value_sealed, 40) # 1)',
    );
    await engine.stop();
    await start(BOTH);
    const { listed } = operator;
    for (const minutes of [1, 3, 6]) await resolveAfter(minutes);
    expect(operator.listed).toBe(listed);
    await engine.drain();
    expect(operator.accepted).toHaveLength(1);
  });
});
