import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { type Hold, holdOf } from '../../src/notifications/surety/sending-hold.js';
import { contactId } from './contacts.js';
import { copyOf, createTestDatabase, type TestDatabase } from './database.js';
import { planDueNow } from './due-messages.js';
import { type Engine, startEngine } from './engine.js';

/** Texts due in each database. */
export const COUNT = 4;

interface Operator {
  readonly url: string;
  readonly authToken: string;
}

/** Databases with texts due now, and workers that come and go on them. */
export class HeldDatabases {
  private readonly opened: TestDatabase[] = [];
  private readonly engines: Engine[] = [];

  async make(): Promise<TestDatabase> {
    const database = await createTestDatabase();
    this.opened.push(database);
    await planDueNow(database.dataSource, COUNT);
    return database;
  }

  /** As a backup restored elsewhere. */
  async copy(database: TestDatabase): Promise<TestDatabase> {
    const copy = await copyOf(database);
    this.opened.push(copy);
    return copy;
  }

  /** Everybody of it has this number from now on. */
  async moveNumbers({ dataSource }: TestDatabase, e164: string): Promise<void> {
    await dataSource.query('UPDATE person SET phone_id = $1', [await contactId(dataSource, e164)]);
  }

  /** Starts one, at any hour. */
  async worker(
    database: TestDatabase,
    operator: Operator,
    more: Record<string, string | undefined> = {},
  ): Promise<Engine> {
    const engine = await startEngine(database, operator, { SEND_WINDOW: '00:00-23:59', ...more });
    this.engines.push(engine);
    return engine;
  }

  async stop(engine: Engine): Promise<void> {
    this.engines.splice(this.engines.indexOf(engine), 1);
    await engine.stop();
  }

  /** A worker's whole life: starts, sends what is due, stops. */
  async work(database: TestDatabase, operator: Operator): Promise<void> {
    const engine = await this.worker(database, operator);
    await engine.drain();
    await this.stop(engine);
  }

  async end(): Promise<void> {
    for (const engine of this.engines.splice(0)) await engine.stop();
    for (const database of this.opened.splice(0)) await database.drop();
  }
}

/** To be called once in a file: what a test opened is gone after it. */
export function useHeldDatabases(): HeldDatabases {
  const databases = new HeldDatabases();
  afterEach(() => databases.end());
  return databases;
}

/** What holds its sending; null: nothing does. */
export async function hold(database: TestDatabase): Promise<Hold | null> {
  return holdOf(database.dataSource.manager, 'test');
}

/** Messages in this state. */
export async function countIn(database: TestDatabase, state: string): Promise<number> {
  const rows: { n: number }[] = await database.dataSource.query(
    'SELECT count(*)::int AS n FROM message WHERE state = $1',
    [state],
  );
  return rows[0]?.n ?? 0;
}

/** In one transaction. */
export async function run<T>(database: TestDatabase, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  return database.dataSource.transaction(work);
}

/** What only the owner of the database may do. */
export async function asOwner(database: TestDatabase, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query(sql);
  await client.end();
}
