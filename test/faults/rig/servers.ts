import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import {
  APPLICATION_ROLE,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../demo/embedded-postgres.js';
import { migrate } from '../../../src/platform/migrate.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';

/** One PostgreSQL server and one Redis for the whole run; each fault gets a database cloned from the migrated one. */
export class Servers {
  private constructor(
    readonly directory: string,
    readonly postgres: EmbeddedPostgres,
    readonly redis: RedisServer | null,
  ) {}

  static async start(): Promise<Servers> {
    const directory = newDirectory();
    // Processes are killed, never the machine: nothing written is lost with them.
    const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), fsync: false });
    await migrate({ ownerUrl: postgres.ownerUrl, applicationRole: APPLICATION_ROLE, environment: 'test' });
    return new Servers(directory, postgres, await startRedis(join(directory, 'redis')));
  }

  /** @returns the name of a fresh migrated database */
  async createDatabase(template = 'msj', name = `f_${randomBytes(6).toString('hex')}`): Promise<string> {
    await this.asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER msj_owner`);
    return name;
  }

  async dropDatabase(name: string): Promise<void> {
    await this.asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  url(role: 'application' | 'owner' | 'admin', database: string): string {
    const { applicationUrl, ownerUrl, adminUrl } = this.postgres;
    const url = new URL({ application: applicationUrl, owner: ownerUrl, admin: adminUrl }[role]);
    url.pathname = `/${database}`;
    return url.toString();
  }

  async asAdmin(sql: string, database = 'postgres'): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('admin', database) });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.redis?.stop();
    await this.postgres.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** PostgreSQL may run as another user than we: it must be able to enter. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'msj-faults-'));
  chmodSync(directory, 0o755);
  return directory;
}

/** A Redis of this fault alone, to be stopped, filled and killed. @throws when the machine has no redis-server */
export async function startOwnRedis(directory: string): Promise<RedisServer & { readonly pid: number }> {
  const given = process.env['REDIS_URL'];
  delete process.env['REDIS_URL'];
  const redis = await startRedis(directory).finally(() => {
    if (given !== undefined) process.env['REDIS_URL'] = given;
  });
  if (redis === null) throw new Error('this machine has no redis-server');
  return { ...redis, pid: await pidOf(redis.url) };
}

async function pidOf(url: string): Promise<number> {
  const client = new Redis(url);
  const pid = /process_id:(\d+)/.exec(await client.info('server'))?.[1];
  client.disconnect();
  return Number(pid);
}
