import type pg from 'pg';
import { BackupRefused } from './backup-refused.js';
import { filteredTables } from './catalogue.js';

/** The lock of migrations (src/platform/migrate.ts): the shape of a table must not change meanwhile. */
const MIGRATION_LOCK = 7_637_001;

/** Rows are written as text: the same value must be the same text on every server. No time limit: tables are large. */
const SETTINGS = [
  `SET LOCAL statement_timeout = 0`,
  `SET LOCAL idle_in_transaction_session_timeout = 0`,
  `SET LOCAL lock_timeout = '30s'`,
  `SET LOCAL datestyle = 'ISO, YMD'`,
  `SET LOCAL intervalstyle = 'postgres'`,
  `SET LOCAL timezone = 'UTC'`,
  `SET LOCAL extra_float_digits = 1`,
  `SET LOCAL bytea_output = 'hex'`,
  `SET LOCAL client_encoding = 'UTF8'`,
  // Names of tables are told without their schema.
  `SET LOCAL search_path = public`,
];

/**
 * One transaction in which nothing is hidden by row security and no migration runs.
 * @throws BackupRefused `busy` or `filtered-role`
 */
export async function unfiltered<T>(
  client: pg.ClientBase,
  kind: 'snapshot' | 'write',
  work: () => Promise<T>,
): Promise<T> {
  const mode = kind === 'snapshot' ? '_shared' : '';
  const { rows } = await client.query<{ got: boolean }>(`SELECT pg_try_advisory_lock${mode}($1) AS got`, [
    MIGRATION_LOCK,
  ]);
  if (rows[0]?.got !== true) throw new BackupRefused('busy');
  await client.query(kind === 'snapshot' ? 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' : 'BEGIN');
  try {
    const filtered = await filteredTables(client);
    if (filtered.length > 0) throw new BackupRefused('filtered-role', filtered.slice(0, 5).join(', '));
    for (const setting of SETTINGS) await client.query(setting);
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
