import { Redis } from 'ioredis';
import { loadEnv } from '../../config/load-env.js';
import { examineInvariants } from '../../src/cli/auditor.command.js';
import { JobQueue } from '../../src/platform/queue.js';
import { type Backend, describeBackends } from '../support/backends.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';

const COUNT = 25;

describeBackends('the auditor on the jobs of a queue', (backend: Backend) => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engine: Engine;

  beforeAll(async () => {
    database = await createTestDatabase();
    await planDueNow(database.dataSource, COUNT);
    operator = new PlainOperator();
    await operator.start();
    engine = await startEngine(database, operator, {
      REDIS_URL: backend.redisUrl,
      SEND_WINDOW: '00:00-23:59',
    });
    // Claimed and rung, taken by nobody.
    await engine.module.get(JobQueue).stopListening();
    await engine.run('relay');
  });
  afterAll(async () => {
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  const audit = () =>
    examineInvariants(
      loadEnv({
        APP_ENV: 'test',
        PUBLIC_BASE_URL: 'http://127.0.0.1:9',
        DATABASE_URL: database.url,
        SECRET_KEYS: 'k'.repeat(32),
        ...(backend.redisUrl === undefined ? {} : { REDIS_URL: backend.redisUrl }),
      }),
    );

  /** Writes into the first job what no job may hold. */
  async function leak(data: string): Promise<void> {
    if (backend.redisUrl === undefined) {
      await database.dataSource.query(
        'UPDATE bullmq.job SET data = $1::jsonb WHERE id = (SELECT min(id) FROM bullmq.job)',
        [data],
      );
      return;
    }
    const client = new Redis(backend.redisUrl);
    const [job] = (await client.keys('msj-*:messages:send-*')).sort();
    await client.hset(job ?? 'none', 'data', data);
    await client.quit();
  }

  it('finds nothing in what the engine rings', async () => {
    const queued: { n: number }[] = await database.dataSource.query(
      `SELECT count(*)::int AS n FROM message WHERE state = 'queued'`,
    );
    expect(queued).toEqual([{ n: COUNT }]);
    expect(await audit()).toEqual({
      healthy: true,
      breaches: [],
      lateness: { left: 0, within10s: null, within60s: null },
    });
  });

  it.each([
    '{"messages": [], "phone": "+33612345678"}',
    '{"messages": [{"messageId": "Ada Essai", "epoch": 1}]}',
  ])('finds what is more than ids and epochs: %s', async (data) => {
    await leak(data);
    expect(await audit()).toMatchObject({ healthy: false, breaches: [{ invariant: 'I8', count: 1 }] });
  });

  it('finds an entry of the journal that nobody of ours wrote', async () => {
    const rows: { id: string }[] = await database.dataSource.query(
      `INSERT INTO journal_entry (id, at, action, detail, detail_digest, key_id, mac)
       VALUES (gen_random_uuid(), app_now(), 'message.sent', '{}', '\\x00', 'none', '\\x00') RETURNING id`,
    );
    const { breaches } = await audit();
    expect(breaches.filter(({ invariant }) => invariant === 'I6')).toMatchObject([
      { count: 1, ids: [rows[0]?.id] },
    ]);
  });
});
