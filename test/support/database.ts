import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.js';
import { WORKER_ROLE } from '../../src/platform/scope-settings.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';

export interface TestDatabase {
  /** The application's role: no DDL, owns nothing. */
  readonly url: string;
  readonly ownerUrl: string;
  /** Sees every row, as the workers do, in a transaction or not; every entity of the source known. */
  readonly dataSource: DataSource;
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Connections of `dataSource`; default 5. Everything must also pass with 1. */
  readonly poolSize?: number;
}

/** With which the processes of the tests seal; whoever brings other keys writes them first. */
export const TEST_SECRET_KEY = 'k'.repeat(32);

/** A migrated database of its own, cloned from the template of this run in some tens of milliseconds. */
export async function createTestDatabase(
  options: TestDatabaseOptions = {},
  template = 'msj',
): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await createEmptyDatabase(name, `TEMPLATE ${template} STRATEGY file_copy`);
  const url = addressOf('TEST_APPLICATION_URL', name);
  const dataSource = new DataSource({
    ...asWorker(databaseOptions(url, options.poolSize ?? 5, 'msj-test')),
    entities: await entities(),
  });
  keepKeys(dataSource, new Sealing({ SECRET_KEYS: [TEST_SECRET_KEY] }));
  await dataSource.initialize();
  return {
    url,
    ownerUrl: addressOf('TEST_OWNER_URL', name),
    dataSource,
    drop: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await dropDatabase(name);
    },
  };
}

/** Builders and tests look at rows without saying for whom. */
export function asWorker(options: DataSourceOptions): DataSourceOptions {
  return { ...options, extra: { ...options.extra, options: `-c role=${WORKER_ROLE}` } };
}

/** The same rows in a database of its own, as a backup restored elsewhere. Nothing else may be connected. */
export async function copyOf(database: TestDatabase): Promise<TestDatabase> {
  await database.dataSource.destroy();
  const copy = await createTestDatabase({}, new URL(database.url).pathname.slice(1));
  await database.dataSource.initialize();
  return copy;
}

/** The copy takes the name and the address of the other, as a backup restored in place: every session is cut. */
export async function putInPlaceOf(database: TestDatabase, copy: TestDatabase): Promise<void> {
  const nameOf = ({ url }: TestDatabase) => new URL(url).pathname.slice(1);
  await copy.dataSource.destroy();
  await database.dataSource.destroy();
  await dropDatabase(nameOf(database));
  await asAdmin(`ALTER DATABASE ${nameOf(copy)} RENAME TO ${nameOf(database)}`);
  await database.dataSource.initialize();
}

/** An empty database owned by the owner role; returns the owner's address. */
export async function createEmptyDatabase(name: string, from = 'TEMPLATE template0'): Promise<string> {
  await asAdmin(`CREATE DATABASE ${name} ${from} OWNER msj_owner`);
  return addressOf('TEST_OWNER_URL', name);
}

export async function dropDatabase(name: string): Promise<void> {
  await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** Moves every process's clock: `app_now()` answers this instant from now on, and runs from there. */
export async function moveClock(dataSource: DataSource, to: string | { readonly to: string }): Promise<void> {
  const instant = typeof to === 'string' ? to : to.to;
  await dataSource.query(
    `INSERT INTO clock_offset (shift) VALUES ($1::timestamptz - now())
     ON CONFLICT (only_row) DO UPDATE SET shift = excluded.shift`,
    [instant],
  );
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: required('TEST_ADMIN_URL') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function addressOf(variable: string, database: string): string {
  const url = new URL(required(variable));
  url.pathname = `/${database}`;
  return url.toString();
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is missing: run this through jest`);
  return value;
}

type Entity = new () => object;
let known: Promise<Entity[]> | undefined;

/** Every class of every `*.entity.ts` under src. */
function entities(): Promise<Entity[]> {
  known ??= loadEntities();
  return known;
}

async function loadEntities(): Promise<Entity[]> {
  const root = join(__dirname, '../../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.entity.ts'),
  );
  const modules = await Promise.all(
    files.map((file) => import(join(root, file)) as Promise<Record<string, unknown>>),
  );
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value) => typeof value === 'function') as Entity[];
}
