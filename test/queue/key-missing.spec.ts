import { Logger } from '@nestjs/common';
import { rotateKeys } from '../../src/cli/keys/rotate-keys.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';
import { createTestDatabase, type TestDatabase, TEST_SECRET_KEY } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';
import { type Engine, eventually, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';

const BOTH = ['n'.repeat(32), TEST_SECRET_KEY];
const DUE = 3;

describe('keys rotated before a worker holds the new one', () => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engine: Engine;

  const start = async (keys: readonly string[]) => {
    engine = await startEngine(database, operator, {
      SECRET_KEYS: keys.join(','),
      SEND_WINDOW: '00:00-23:59',
    });
  };

  beforeEach(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    await planDueNow(database.dataSource, DUE);
    await start([TEST_SECRET_KEY]);
    await rotateKeys(keepKeys(database.dataSource, new Sealing({ SECRET_KEYS: BOTH })));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  const messages = (): Promise<unknown[]> =>
    database.dataSource.query(
      `SELECT state, attempts, reason, due_at > app_now() AND due_at <= app_now() + interval '60 seconds' AS "isSoon"
         FROM message`,
    );

  it('wait a minute and are told; restarted with both, it sends them', async () => {
    const told = jest.spyOn(Logger.prototype, 'error');
    await engine.run('relay');
    await eventually(async () => {
      const open: unknown[] = await database.dataSource.query(
        `SELECT FROM message WHERE state IN ('queued', 'sending')`,
      );
      return open.length === 0;
    });
    expect(await messages()).toEqual(
      Array(DUE).fill({ state: 'planned', attempts: 0, reason: null, isSoon: true }),
    );
    expect(told.mock.calls.flat().join(' ')).toContain('SECRET_KEYS');
    await engine.stop();
    await start(BOTH);
    await database.dataSource.query(`INSERT INTO clock_offset (shift) VALUES ('1 minute')`);
    await engine.drain();
    expect(operator.accepted).toHaveLength(DUE);
  });

  it('still fails for good where somebody changed the sealed number', async () => {
    await database.dataSource.query(
      `UPDATE contact SET value_sealed = set_byte(value_sealed, 40, get_byte(value_sealed, 40) # 1)`,
    );
    await engine.stop();
    await start(BOTH);
    await engine.drain();
    expect(await messages()).toMatchObject(
      Array(DUE).fill({ state: 'failed', attempts: 0, reason: 'contact-unreadable' }),
    );
  });
});
