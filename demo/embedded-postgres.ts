import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { ensureRoles } from '../src/platform/row-security/database-roles.js';
import {
  type Cluster,
  identity,
  initializeCluster,
  type Passwords,
  prepareCluster,
} from './postgres/cluster.js';
import { clearStaleServer } from './postgres/stale-server.js';
import { freePort } from './support/free-port.js';
import { waitFor } from './support/processes.js';

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its log and its passwords; kept between runs. */
  readonly directory: string;
  /** False only where losing the cluster with the machine does not matter. */
  readonly fsync?: boolean;
  readonly maxConnections?: number;
  /** Memory of the server for pages of tables; 64 MB where nothing is measured. */
  readonly sharedBuffers?: string;
}

export interface EmbeddedPostgres {
  readonly port: number;
  /** The server's own process, in a process group of its own: Ctrl-C on the terminal does not reach it. */
  readonly pid: number;
  /** Superuser, database `postgres`: for the supervisor only. */
  readonly adminUrl: string;
  /** Owner of the database, runs migrations. */
  readonly ownerUrl: string;
  /** The application: no DDL, owns nothing. */
  readonly applicationUrl: string;
  /** Fast shutdown; returns when the server is gone. */
  stop(): Promise<void>;
}

export const OWNER_ROLE = 'msj_owner';
export const APPLICATION_ROLE = 'msj_app';
export const DATABASE = 'msj';

/**
 * Starts a real PostgreSQL from the programs that npm installed, with its two roles and one database.
 * @throws Error saying what to do when it cannot start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = prepareCluster(resolve(options.directory));
  await clearStaleServer(cluster.data);
  if (!existsSync(cluster.data)) initializeCluster(cluster);
  const { child, port } = await launch(cluster, options);
  const url = (role: string, password: string, database: string) =>
    `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`;
  const adminUrl = url('postgres', cluster.passwords.admin, 'postgres');
  await createRoles(adminUrl, cluster.passwords);
  return {
    port,
    pid: child.pid ?? 0,
    adminUrl,
    ownerUrl: url(OWNER_ROLE, cluster.passwords.owner, DATABASE),
    applicationUrl: url(APPLICATION_ROLE, cluster.passwords.application, DATABASE),
    stop: () => stop(child),
  };
}

const TRIES = 5;

/** The free port may be taken by somebody else before PostgreSQL gets it: then another is tried. */
async function launch(
  cluster: Cluster,
  options: EmbeddedPostgresOptions,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const child = spawnServer(cluster, options, port);
    if (await isServing(child, port, cluster)) return { child, port };
    await stop(child);
    if (attempt === TRIES) throw new Error(`PostgreSQL did not start:\n${logTail(cluster)}`);
  }
}

function spawnServer(cluster: Cluster, options: EmbeddedPostgresOptions, port: number): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: options.maxConnections ?? 200,
    fsync: options.fsync === false ? 'off' : 'on',
    synchronous_commit: options.fsync === false ? 'off' : 'on',
    shared_buffers: options.sharedBuffers ?? '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const log = openSync(join(cluster.directory, 'postgres.log'), 'a');
  const child = spawn(
    cluster.binaries.postgres,
    ['-D', cluster.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A group of its own: the terminal's Ctrl-C must not stop it before the application has closed.
    { ...identity(cluster.user), cwd: cluster.directory, detached: true, stdio: ['ignore', log, log] },
  );
  child.on('error', () => undefined);
  closeSync(log);
  return child;
}

async function isServing(child: ChildProcess, port: number, cluster: Cluster): Promise<boolean> {
  const url = `postgresql://postgres:${cluster.passwords.admin}@127.0.0.1:${port}/postgres`;
  const decided = await waitFor(async () => (await answers(url)) || !isRunning(child), 30_000);
  return decided && isRunning(child);
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function createRoles(adminUrl: string, secrets: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await createRole(client, OWNER_ROLE, secrets.owner);
    await createRole(client, APPLICATION_ROLE, secrets.application);
    await ensureRoles(client, APPLICATION_ROLE);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER_ROLE}`);
  } finally {
    await client.end();
  }
}

async function createRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0)
    await client.query(
      `CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${password}'`,
    );
}

/** SIGINT is PostgreSQL's fast shutdown: sessions are ended, data is flushed. */
async function stop(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  child.kill('SIGINT');
  if (await waitFor(() => !isRunning(child), 15_000)) return;
  child.kill('SIGQUIT');
  await waitFor(() => !isRunning(child), 5_000);
}

function logTail(cluster: Cluster): string {
  return readFileSync(join(cluster.directory, 'postgres.log'), 'utf8').split('\n').slice(-12).join('\n');
}
