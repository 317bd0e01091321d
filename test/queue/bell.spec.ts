import { randomUUID } from 'node:crypto';
import { loadEnv } from '../../config/load-env.js';
import { JobQueue } from '../../src/platform/queue.js';
import { TcpProxy } from '../faults/rig/tcp-proxy.js';
import { describeBackends } from '../support/backends.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/engine.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.drop());

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function behind(url: string): Promise<TcpProxy> {
  const proxy = await TcpProxy.before(Number(new URL(url).port));
  closing.push(() => proxy.stop());
  return proxy;
}

function queueWith(databaseUrl: string, redis?: string): JobQueue {
  const queue = new JobQueue(
    loadEnv({
      APP_ENV: 'test',
      PUBLIC_BASE_URL: 'http://127.0.0.1:1',
      SECRET_KEYS: 'k'.repeat(32),
      DATABASE_URL: databaseUrl,
      ...(redis === undefined ? {} : { REDIS_URL: redis }),
    }),
  );
  closing.push(() => queue.onApplicationShutdown());
  return queue;
}

async function rings(queue: JobQueue): Promise<boolean> {
  const answer = queue.ring([{ messageId: randomUUID(), epoch: 1 }]);
  return answer.then(
    () => true,
    () => false,
  );
}

/** Its very first use falls into the outage: what the library then keeps is a failed connection. */
async function comesBack(proxy: TcpProxy, queue: JobQueue): Promise<void> {
  proxy.mode = 'reset';
  expect(await rings(queue)).toBe(false);
  proxy.mode = 'pass';
  await eventually(() => rings(queue));
}

describeBackends('a queue first used while it cannot be reached', ({ redisUrl }) => {
  it('rings once it is back', async () => {
    const proxy = await behind(redisUrl ?? database.url);
    const [bells, truth] = [redisUrl && proxy.inFrontOf(redisUrl), proxy.inFrontOf(database.url)];
    await comesBack(proxy, bells === undefined ? queueWith(truth) : queueWith(database.url, bells));
  });
});
