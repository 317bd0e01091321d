import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import {
  APPLICATION_ROLE,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../demo/embedded-postgres.js';
import { clearStaleServer } from '../../../demo/postgres/stale-server.js';
import { isAlive, waitFor } from '../../../demo/support/processes.js';
import { migrate } from '../../../src/platform/migrate.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { TcpProxy } from './tcp-proxy.js';

/** One PostgreSQL server and one Redis for the whole run; each fault gets a database cloned from the migrated one. */
export class Servers {
  protected constructor(
    readonly directory: string,
    protected postgres: EmbeddedPostgres,
    readonly redis: RedisServer | null,
  ) {}

  static async start(): Promise<Servers> {
    await sweepKilledRuns();
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

/** A PostgreSQL of this fault alone, with durable writes, behind an address that stays; the Redis is the shared one. */
export class BreakableServers extends Servers {
  private constructor(
    directory: string,
    postgres: EmbeddedPostgres,
    redis: RedisServer | null,
    readonly proxy: TcpProxy,
  ) {
    super(directory, postgres, redis);
  }

  static async beside(shared: Servers): Promise<BreakableServers> {
    const directory = newDirectory();
    const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres') });
    await migrate({ ownerUrl: postgres.ownerUrl, applicationRole: APPLICATION_ROLE, environment: 'test' });
    return new BreakableServers(directory, postgres, shared.redis, await TcpProxy.before(postgres.port));
  }

  override url(role: 'application' | 'owner' | 'admin', database: string): string {
    return this.proxy.inFrontOf(super.url(role, database));
  }

  /** `pg_ctl stop -m immediate`: no checkpoint, every session cut, crash recovery at the next start. */
  async crash(): Promise<void> {
    process.kill(this.postgres.pid, 'SIGQUIT');
    await waitFor(() => !isAlive(this.postgres.pid), 15_000);
    this.proxy.resetAll();
  }

  async comeBack(): Promise<void> {
    this.postgres = await startEmbeddedPostgres({ directory: join(this.directory, 'postgres') });
    this.proxy.targetPort = this.postgres.port;
  }

  override async stop(): Promise<void> {
    await this.proxy.stop();
    await this.postgres.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const PREFIX = 'msj-faults-';

/** PostgreSQL may run as another user than we: it must be able to enter. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(directory, 0o755);
  writeFileSync(join(directory, 'runner.pid'), String(process.pid));
  return directory;
}

/** A run that was killed leaves its servers behind. */
async function sweepKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const directory = join(tmpdir(), name);
    const runner = join(directory, 'runner.pid');
    // Without one: being made at this very moment by another run.
    if (!existsSync(runner) || isAlive(Number(readFileSync(runner, 'utf8')))) continue;
    await clearStaleServer(join(directory, 'postgres', 'data'));
    rmSync(directory, { recursive: true, force: true });
  }
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
