import { Redis } from 'ioredis';

export interface Backend {
  readonly kind: 'postgres' | 'redis';
  /** What `REDIS_URL` would hold: undefined for the PostgreSQL backend. */
  readonly redisUrl: string | undefined;
}

/**
 * The same behaviour on both queues. Without a Redis server its half is left out (global set-up says so once),
 * except in CI, where it fails.
 */
export function describeBackends(name: string, suite: (backend: Backend) => void): void {
  describe(`${name}, queue on PostgreSQL`, () => suite({ kind: 'postgres', redisUrl: undefined }));
  const server = process.env['TEST_REDIS_URL'];
  if (server !== undefined) describeRedis(name, ownDatabase(server), suite);
  else if (process.env['CI'] === 'true')
    describe(`${name}, queue on Redis`, () => {
      it('finds a Redis server', () => {
        throw new Error('no Redis: set REDIS_URL or install redis-server');
      });
    });
}

function describeRedis(name: string, redisUrl: string, suite: (backend: Backend) => void): void {
  describe(`${name}, queue on Redis`, () => {
    beforeAll(() => empty(redisUrl));
    suite({ kind: 'redis', redisUrl });
  });
}

/** One numbered database for each Jest worker: a worker runs one file at a time. */
function ownDatabase(server: string): string {
  const url = new URL(server);
  url.pathname = `/${process.env['JEST_WORKER_ID'] ?? '1'}`;
  return url.toString();
}

async function empty(redisUrl: string): Promise<void> {
  const client = new Redis(redisUrl);
  await client.flushdb();
  await client.quit();
}
