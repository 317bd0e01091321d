import type pg from 'pg';
import type { About, Manifest } from './archive.js';
import { BackupRefused } from './backup-refused.js';
import {
  emptiedTables,
  environmentOf,
  type ForeignKey,
  foreignKeys,
  keptTables,
  quoted,
  schemaVersion,
} from './catalogue.js';

/** Without a row in any of these nobody works here: everything else hangs on them or comes from migrations. */
const ROOTS = ['organization', 'agent', 'person'];

/** @throws BackupRefused `wrong-version`, `wrong-environment` or `not-empty`; nothing was written */
export async function refuseUnfitTarget(
  client: pg.ClientBase,
  about: About,
  environment: string,
): Promise<void> {
  const version = await schemaVersion(client);
  if (version !== about.schemaVersion || !sameTables(about.tables, await keptTables(client)))
    throw new BackupRefused('wrong-version', `backup ${about.schemaVersion}, database ${version}`);
  const made = await environmentOf(client);
  if (made !== about.environment || environment !== about.environment)
    throw new BackupRefused(
      'wrong-environment',
      `backup ${about.environment}, database ${made}, APP_ENV ${environment}`,
    );
  for (const table of ROOTS) {
    const { rows } = await client.query<{ any: boolean }>(
      `SELECT EXISTS (SELECT FROM ${quoted(table)}) AS any`,
    );
    if (rows[0]?.any === true) throw new BackupRefused('not-empty', `rows in ${table}`);
  }
}

/** What is set aside while rows are written, in the same transaction, to be put back by `closeTarget`. */
export interface OpenTarget {
  readonly keys: readonly ForeignKey[];
  /** Triggers that fire otherwise than usually. */
  readonly triggers: readonly { readonly table: string; readonly name: string; readonly state: string }[];
  readonly tables: readonly string[];
  /** Tables whose row security binds their owner too: COPY writes into none of those. */
  readonly forced: readonly string[];
}

/**
 * Foreign keys are dropped and made again at the end, which checks every row at once and needs no superuser; triggers
 * are silent, since what they would derive or refuse comes with the rows.
 */
export async function openTarget(client: pg.ClientBase): Promise<OpenTarget> {
  const keys = await foreignKeys(client);
  const tables = await emptiedTables(client);
  const { rows: triggers } = await client.query<OpenTarget['triggers'][number]>(
    `SELECT c.relname AS table, tgname AS name, tgenabled AS state FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
      WHERE NOT tgisinternal AND tgenabled <> 'O' AND c.relnamespace = 'public'::regnamespace`,
  );
  const { rows: walled } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relforcerowsecurity`,
  );
  const forced = walled.map(({ name }) => name);
  for (const table of forced) await client.query(`ALTER TABLE ${quoted(table)} NO FORCE ROW LEVEL SECURITY`);
  for (const { table, name } of keys)
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT "${name.replaceAll('"', '""')}"`);
  for (const table of tables) await client.query(`ALTER TABLE ${quoted(table)} DISABLE TRIGGER USER`);
  await client.query(`TRUNCATE ${tables.map(quoted).join(', ')}`);
  return { keys, triggers, tables, forced };
}

/** @throws BackupRefused `damaged` when a row refers to one that did not come */
export async function closeTarget(
  client: pg.ClientBase,
  { keys, triggers, tables, forced }: OpenTarget,
): Promise<void> {
  for (const { table, name, definition } of keys)
    try {
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT "${name.replaceAll('"', '""')}" ${definition}`);
    } catch {
      throw new BackupRefused('damaged', `foreign key ${name}`);
    }
  for (const table of forced) await client.query(`ALTER TABLE ${quoted(table)} FORCE ROW LEVEL SECURITY`);
  for (const table of tables) await client.query(`ALTER TABLE ${quoted(table)} ENABLE TRIGGER USER`);
  const verbs: Readonly<Record<string, string>> = { A: 'ENABLE ALWAYS', R: 'ENABLE REPLICA', D: 'DISABLE' };
  for (const { table, name, state } of triggers)
    await client.query(
      `ALTER TABLE ${quoted(table)} ${verbs[state] ?? 'ENABLE'} TRIGGER "${name.replaceAll('"', '""')}"`,
    );
}

export async function setSequences(client: pg.ClientBase, sequences: Manifest['sequences']): Promise<void> {
  for (const { name, lastValue, isCalled } of sequences)
    await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [quoted(name), lastValue, isCalled]);
}

/** Counted in the tables themselves. @throws BackupRefused `damaged` */
export async function checkCounts(client: pg.ClientBase, rows: Manifest['rows']): Promise<void> {
  for (const [table, expected] of Object.entries(rows)) {
    const { rows: found } = await client.query<{ n: string }>(
      `SELECT count(*)::text AS n FROM ${quoted(table)}`,
    );
    if (Number(found[0]?.n) !== expected)
      throw new BackupRefused('damaged', `${table}: ${found[0]?.n ?? '?'} rows of ${expected}`);
  }
}

function sameTables(a: About['tables'], b: About['tables']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
