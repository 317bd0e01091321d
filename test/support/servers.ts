import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APPLICATION_ROLE,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../demo/embedded-postgres.js';
import { clearStaleServer } from '../../demo/postgres/stale-server.js';
import { isAlive } from '../../demo/support/processes.js';
import { migrate } from '../../src/platform/migrate.js';
import { type RedisServer, startRedis } from './redis-server.js';
import { scratchDirectory } from './scratch.js';

export interface Servers {
  stop(): Promise<void>;
}

const PREFIX = 'msj-test-';

/** Addresses travel to the tests in the environment, which Jest's workers inherit. */
export async function startServers(): Promise<void> {
  await sweepKilledRuns();
  const directory = mkdtempSync(join(scratchDirectory(), PREFIX));
  chmodSync(directory, 0o755);
  writeFileSync(join(directory, 'runner.pid'), String(process.pid));
  // The tests kill processes, never the machine: losing the cluster with the machine does not matter.
  const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), fsync: false });
  const redis = await startRedis(join(directory, 'redis'));
  (globalThis as { testServers?: Servers }).testServers = {
    stop: () => stopServers(directory, postgres, redis),
  };
  await migrate({ ownerUrl: postgres.ownerUrl, applicationRole: APPLICATION_ROLE, environment: 'test' });
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

/** A run that was killed leaves its servers behind. */
async function sweepKilledRuns(): Promise<void> {
  const left = [...new Set([tmpdir(), scratchDirectory()])].flatMap((parent) =>
    readdirSync(parent)
      .filter((entry) => entry.startsWith(PREFIX))
      .map((entry) => join(parent, entry)),
  );
  for (const directory of left) {
    if (isAlive(runnerOf(directory))) continue;
    await clearStaleServer(join(directory, 'postgres', 'data'));
    rmSync(directory, { recursive: true, force: true });
  }
}

function runnerOf(directory: string): number {
  try {
    return Number(readFileSync(join(directory, 'runner.pid'), 'utf8'));
  } catch {
    // Being made at this very moment by another run, or not ours: left alone.
    return process.pid;
  }
}
