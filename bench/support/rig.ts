import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { startEmbeddedPostgres } from '../../demo/embedded-postgres.js';
import { freePort } from '../../demo/support/free-port.js';
import { databaseOptions } from '../../src/platform/database.js';
import { migrate, roleOf } from '../../src/platform/migrate.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';
import { asWorker } from '../../test/support/database.js';
import { startRedis } from '../../test/support/redis-server.js';
import { type Child, lineOf, start } from './children.js';

export const ACCOUNT_SID = `AC${'b'.repeat(32)}`;
export const AUTH_TOKEN = 'bench-auth-token-0000';
export const SENDER = 'Bench';

export interface Rig {
  readonly databaseUrl: string;
  /** May create what a bare queue of its own needs. */
  readonly ownerUrl: string;
  readonly dataSource: DataSource;
  readonly redisUrl: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** One statement as the owner of the tables, however long it takes. */
  owner(sql: string, values?: readonly unknown[]): Promise<void>;
  /** Writes to disk what a seeding left in memory, so that no run pays for it. */
  checkpoint(): Promise<void>;
  /** Stopped with the rig, the last one first. */
  keep<T extends { stop(): Promise<unknown> }>(part: T): T;
  stop(): Promise<void>;
}

/** Of every process of a bench. */
export const SECRET_KEY = 'b'.repeat(32);

/**
 * A database of its own, migrated, with durable writes; Redis when asked for. All of it is removed at the end.
 * @param sharedBuffers of PostgreSQL, as `shared_buffers` is written
 */
export async function startRig(backend: 'redis' | 'postgres', sharedBuffers = '64MB'): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), 'msj-bench-'));
  // PostgreSQL refuses to run as root: its own user must be able to enter.
  chmodSync(directory, 0o755);
  const parts: { stop(): Promise<unknown> }[] = [
    { stop: () => rm(directory, { recursive: true, force: true }) },
  ];
  const keep = <T extends { stop(): Promise<unknown> }>(part: T): T => {
    parts.push(part);
    return part;
  };
  const postgres = keep(
    await startEmbeddedPostgres({ directory: join(directory, 'postgres'), sharedBuffers }),
  );
  await migrate({
    ownerUrl: postgres.ownerUrl,
    applicationRole: roleOf(postgres.applicationUrl),
    environment: 'test',
  });
  const redis = backend === 'redis' ? await startRedis(join(directory, 'redis')) : null;
  if (backend === 'redis' && redis === null)
    throw new Error('no Redis: set REDIS_URL or install redis-server');
  if (redis !== null) keep(redis);
  const dataSource = await keepKeys(
    new DataSource(asWorker(databaseOptions(postgres.applicationUrl, 2, 'msj-bench'))),
    new Sealing({ SECRET_KEYS: [SECRET_KEY] }),
  ).initialize();
  keep({ stop: () => dataSource.destroy() });
  return {
    databaseUrl: postgres.applicationUrl,
    ownerUrl: postgres.ownerUrl,
    dataSource,
    redisUrl: redis?.url,
    env: environment(postgres.applicationUrl, redis?.url),
    owner: (sql, values = []) => asOwner(postgres.ownerUrl, sql, values),
    checkpoint: () => asOwner(postgres.adminUrl, 'CHECKPOINT', []),
    keep,
    stop: () => stopAll(parts),
  };
}

async function asOwner(url: string, sql: string, values: readonly unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql, [...values]);
  await client.end();
}

function environment(databaseUrl: string, redisUrl: string | undefined): NodeJS.ProcessEnv {
  return {
    APP_ENV: 'test',
    DATABASE_URL: databaseUrl,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    PUBLIC_BASE_URL: 'http://127.0.0.1:9',
    SECRET_KEYS: SECRET_KEY,
    LOG_LEVEL: 'warn',
    RATE_LIMITS: 'off',
  };
}

/** The operator as a process of its own; its answers take `latencyMs`. */
export async function startOperator(
  rig: Rig,
  options: { latencyMs: number; receipts: boolean },
): Promise<{ url: string }> {
  const env = { TWILIO_ACCOUNT_SID: ACCOUNT_SID, TWILIO_AUTH_TOKEN: AUTH_TOKEN };
  const args = ['--latency', String(options.latencyMs), '--receipts', options.receipts ? 'on' : 'off'];
  const child = rig.keep(start('demo/operator-simulator/main.js', env, args));
  return { url: await lineOf(child, /operator simulator (http:\S+)/) };
}

/** One process of the service itself. */
export async function startService(
  rig: Rig,
  role: 'web' | 'worker',
  env: NodeJS.ProcessEnv,
): Promise<{ child: Child; url: string }> {
  const port = await freePort();
  const child = start('src/main.js', { ...rig.env, APP_ROLE: role, PORT: String(port), ...env });
  return { child, url: `http://127.0.0.1:${port}` };
}

async function stopAll(parts: readonly { stop(): Promise<unknown> }[]): Promise<void> {
  for (const part of [...parts].reverse())
    await part.stop().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
}
