import { HoldRestoredBackup } from '../../src/notifications/surety/hold-restored-backup.js';
import { ReleaseSending } from '../../src/notifications/surety/release-sending.js';
import { describeBackends } from '../support/backends.js';
import { copyOf, putInPlaceOf, type TestDatabase } from '../support/database.js';
import { type Engine, eventually } from '../support/engine.js';
import { COUNT, countIn, hold, run, useHeldDatabases } from '../support/held-databases.js';
import { AUTH_TOKEN, useSilentSimulator } from '../support/operators-stand.js';
import { PlainOperator } from '../support/plain-operator.js';

const databases = useHeldDatabases();

async function release(database: TestDatabase): Promise<void> {
  const { id } = (await hold(database)) ?? {};
  await run(database, (tx) => new ReleaseSending().execute(tx, 'cli', id ?? ''));
}

describeBackends('a backup restored in place, with an operator that keeps no list', (backend) => {
  const stand = useSilentSimulator();

  const work = (database: TestDatabase) =>
    databases.worker(
      database,
      { url: stand.simulator.url, authToken: AUTH_TOKEN },
      {
        REDIS_URL: backend.redisUrl,
        SMS_PROVIDERS: 'link-mobility',
        LINK_MOBILITY_ACCOUNT: `AC${'0'.repeat(32)}`,
        LINK_MOBILITY_PASSWORD: AUTH_TOKEN,
        LINK_MOBILITY_SENDER: 'MonSuiviJus',
        LINK_MOBILITY_API_BASE_URL: stand.simulator.linkUrl,
      },
    );

  /** A database that a worker has known, and its backup; its texts have left since. */
  async function sentSinceItsBackup(): Promise<{
    database: TestDatabase;
    backup: TestDatabase;
    engine: Engine;
  }> {
    const database = await databases.make();
    await databases.stop(await work(database));
    const backup = await copyOf(database);
    const engine = await work(database);
    await engine.drain();
    expect(stand.simulator.messages()).toHaveLength(COUNT);
    return { database, backup, engine };
  }

  it('is held by a worker that starts, and sends once somebody released it', async () => {
    const { database, backup, engine } = await sentSinceItsBackup();
    await databases.stop(engine);
    await putInPlaceOf(database, backup);
    const next = await work(database);
    expect(await hold(database)).toMatchObject({ reason: 'restored-backup', setBy: 'worker' });
    await next.run('relay');
    expect(await countIn(database, 'planned')).toBe(COUNT);
    await release(database);
    await databases.stop(next);
    const last = await work(database);
    await last.drain();
    expect(await hold(database)).toBeNull();
    expect(stand.simulator.messages()).toHaveLength(2 * COUNT);
  });

  it('is held by the worker that lived through it, which goes on once somebody released it', async () => {
    const { database, backup, engine } = await sentSinceItsBackup();
    await putInPlaceOf(database, backup);
    await eventually(async () => {
      // Its connections were cut: it may need to be told twice.
      await engine.run('relay').catch(() => undefined);
      return (await hold(database)) !== null;
    });
    expect(await hold(database)).toMatchObject({ reason: 'restored-backup', setBy: 'worker' });
    await eventually(async () => (await countIn(database, 'planned')) === COUNT);
    expect(stand.simulator.messages()).toHaveLength(COUNT);
    await release(database);
    await engine.drain();
    expect(await hold(database)).toBeNull();
    expect(stand.simulator.messages()).toHaveLength(2 * COUNT);
  });

  it('is not seen in a worker that comes back to its own database', async () => {
    const { database, engine } = await sentSinceItsBackup();
    await databases.stop(engine);
    await databases.stop(await work(database));
    expect(await hold(database)).toBeNull();
  });
});

describe('an operator that does not give its list', () => {
  let operator: PlainOperator;
  beforeEach(async () => {
    operator = new PlainOperator();
    await operator.start();
  });
  afterEach(() => operator.stop());

  it('is asked again before anything leaves', async () => {
    operator.listAnswers = false;
    const whenSent: boolean[] = [];
    operator.behaviour = () => {
      whenSent.push(operator.listAnswers);
      return 'accept';
    };
    const engine = await databases.worker(await databases.make(), operator);
    await engine.run('relay');
    const before = operator.listed;
    await eventually(async () => operator.listed > before + 1);
    operator.listAnswers = true;
    await engine.drain();
    expect(whenSent).toEqual(Array.from({ length: COUNT }, () => true));
  });

  it('holds a restored backup as soon as it answers', async () => {
    const database = await databases.make();
    const backup = await databases.copy(database);
    const engine = await databases.worker(database, operator);
    await engine.drain();
    await databases.stop(engine);
    operator.listAnswers = false;
    const late = await databases.worker(backup, operator);
    await late.run('relay');
    operator.listAnswers = true;
    await eventually(async () => (await hold(backup)) !== null);
    await eventually(async () => (await countIn(backup, 'planned')) === COUNT);
    expect(operator.accepted).toHaveLength(COUNT);
  });

  it('is not waited for without end', async () => {
    operator.listAnswers = false;
    const engine = await databases.worker(await databases.make(), operator);
    engine.module.get(HoldRestoredBackup).pace.patienceMs = 0;
    await engine.drain();
    expect(operator.accepted).toHaveLength(COUNT);
  });
});
