import fc from 'fast-check';
import { describeBackends } from '../support/backends.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';
import { eventually } from '../support/engine.js';
import { type Judge, JUDGES } from '../support/judges.js';
import { WorkerProcess } from '../support/worker-process.js';

/** Moments per backend: three in the suite, more with `KILL_MOMENTS=20 npx jest test/queue/killed-worker`. */
const MOMENTS = Number(process.env['KILL_MOMENTS'] ?? 3);
const SEED = Number(process.env['KILL_SEED'] ?? 1789);
const DUE = 1000;

/** Right after the operator took the first text; with attempts committed and not yet called; with claims unrung. */
const ALWAYS = ['after-operator-answered=kill-1', 'after-attempt-committed=kill-4', 'after-claim=kill-1'];

jest.setTimeout(20 * 60_000);

/** Passages are per batch, except `after-operator-answered`, which is per call. */
const moment = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 900 }).map((nth) => `after-operator-answered=kill-${nth}`),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 20 }).map((nth) => `after-attempt-committed=kill-${nth}`),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 20 }).map((nth) => `after-outcome-recorded=kill-${nth}`),
  },
  { weight: 1, arbitrary: fc.constant('after-claim=kill-1') },
);

describeBackends('a worker killed in the middle of 1 000 messages', (backend) => {
  const sampled = fc.sample(moment, { seed: SEED, numRuns: MOMENTS });
  const moments = [...ALWAYS, ...sampled]
    .slice(0, MOMENTS)
    .map((failpoints, index) => [index % 2 === 0 ? 'simulator' : 'another server', failpoints] as const);
  let database: TestDatabase;
  let operator: Judge | undefined;

  beforeEach(async () => {
    database = await createTestDatabase();
    await planDueNow(database.dataSource, DUE);
  });
  afterEach(async () => {
    await operator?.stop();
    await database.drop();
  });

  it.each(moments)(
    `gives every person exactly one text (${backend.kind}, %s, %s, seed ${SEED})`,
    async (judge, failpoints) => {
      operator = await JUDGES[judge]();
      const wishes = { databaseUrl: database.url, redisUrl: backend.redisUrl, operator };
      const killed = new WorkerProcess({ ...wishes, failpoints });
      expect(await killed.end()).toBe('SIGKILL');
      // Past the five minutes after which lost claims and doubts are decided.
      await database.dataSource.query(`INSERT INTO clock_offset (shift) VALUES ('6 minutes')`);
      const next = new WorkerProcess(wishes);
      await eventually(async () => (await count("state NOT IN ('accepted', 'delivered')")) === 0, 300_000);
      expect(await next.stop()).toBe(0);
      const accepted = operator.accepted();
      expect(new Set(accepted).size).toBe(DUE);
      expect(accepted).toHaveLength(DUE);
      expect(await count("state = 'uncertain'")).toBe(0);
    },
  );

  async function count(condition: string): Promise<number> {
    const rows: { n: number }[] = await database.dataSource.query(
      `SELECT count(*)::int AS n FROM message WHERE ${condition}`,
    );
    return rows[0]?.n ?? -1;
  }
});
