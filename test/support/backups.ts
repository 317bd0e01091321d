import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { restoreBackup } from '../../src/cli/backup/restore-backup.js';
import { type BackupReport, takeBackup } from '../../src/cli/backup/take-backup.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { scratchFolder } from './scratch.js';

export const KEYS = ['a test key that is long enough to be accepted'];

/** Rows of every table, as one digest each; what a restore leaves out or adds by design is not compared. */
export const DIGESTS = `
  SELECT relname AS name, (xpath('/row/d/text()', query_to_xml(format(
    'SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text COLLATE "C"), '''')) AS d FROM public.%I t', relname),
    false, true, '')))[1]::text AS digest
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
   AND relname NOT IN ('migrations', 'environment', 'session', 'sending_hold') ORDER BY 1`;
export const SHAPE = `
  SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS line FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT tgrelid::regclass::text || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity FROM pg_class
   WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  UNION ALL SELECT attrelid::regclass::text || ' ' || attname FROM pg_attribute WHERE attidentity <> '' ORDER BY 1`;

/** A connection of its own. */
async function asking<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export const rowsOf = (url: string, sql: string) =>
  asking(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

/** A database, and the files its backups are written to. */
export class Backups {
  directory = '';
  source!: TestDatabase;
  private readonly opened: TestDatabase[] = [];

  async open(): Promise<void> {
    this.directory = scratchFolder('backups');
    this.source = await this.emptyDatabase();
  }

  async close(): Promise<void> {
    for (const database of this.opened) await database.drop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  readonly fileNamed = (name: string): string => join(this.directory, `${name}.msj`);

  readonly take = (file: string, database = this.source): Promise<BackupReport> =>
    takeBackup({ ownerUrl: database.ownerUrl, file, masterKeys: KEYS });

  readonly emptyDatabase = async (): Promise<TestDatabase> => {
    const database = await createTestDatabase();
    this.opened.push(database);
    return database;
  };

  /** @returns « restored », or why not; a refusal leaves the database as it was: empty, and with all its keys */
  readonly restoring = async (
    database: TestDatabase,
    from: { file: string; masterKeys?: readonly string[]; environment?: string },
  ): Promise<string> => {
    const options = { ownerUrl: database.ownerUrl, masterKeys: KEYS, environment: 'test', ...from };
    const outcome = await restoreBackup(options).then(
      () => 'restored',
      (error: unknown) => (error as { fault?: string }).fault ?? String(error),
    );
    if (outcome !== 'restored')
      expect(await rowsOf(database.ownerUrl, SHAPE)).toEqual(await rowsOf(this.source.ownerUrl, SHAPE));
    return outcome;
  };
}

export async function personsIn({ ownerUrl }: TestDatabase): Promise<unknown> {
  return (await rowsOf(ownerUrl, 'SELECT count(*)::int AS n FROM person'))[0]?.['n'];
}
