import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  APPLICATION_ROLE,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../demo/embedded-postgres.js';
import { migrate } from '../../src/platform/migrate.js';
import { newRunDirectory, sweepKilledRuns } from './killed-runs.js';
import { type RedisServer, startRedis } from './redis-server.js';

export interface Servers {
  stop(): Promise<void>;
}

/** Addresses travel to the tests in the environment, which Jest's workers inherit. */
export async function startServers(): Promise<void> {
  await sweepKilledRuns();
  const directory = newRunDirectory();
  // The tests kill processes, never the machine: losing the cluster with the machine does not matter.
  const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), fsync: false });
  const redis = await startRedis(join(directory, 'redis'));
  (globalThis as { testServers?: Servers }).testServers = {
    stop: () => stopServers(directory, postgres, redis),
  };
  await migrate({ ownerUrl: postgres.ownerUrl, applicationRole: APPLICATION_ROLE, environment: 'test' });
  process.env['TEST_DIRECTORY'] = directory;
  process.env['TEST_ADMIN_URL'] = postgres.adminUrl;
  process.env['TEST_OWNER_URL'] = postgres.ownerUrl;
  process.env['TEST_APPLICATION_URL'] = postgres.applicationUrl;
  if (redis === null) process.stderr.write('redis half skipped: no Redis server on this machine\n');
  else process.env['TEST_REDIS_URL'] = redis.url;
}

async function stopServers(
  directory: string,
  postgres: EmbeddedPostgres,
  redis: RedisServer | null,
): Promise<void> {
  await redis?.stop();
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
}
