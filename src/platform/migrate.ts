import { runMigrations } from 'bullmq';
import pg from 'pg';
import { ownerDataSource } from '../../config/data-source.js';
import type { Env } from '../../config/env.js';
import { QUEUE_NAME } from './queue.js';
import { ensureRoles, RolesMissing, versionOf } from './row-security/database-roles.js';
import { raiseWall, readOnlyViews, statisticsRights } from './row-security/raise-wall.js';
import { WORKER_ROLE } from './scope-settings.js';
import { sealClearContacts } from './seal-clear-contacts.js';
import { keepKeys, Sealing } from './sealing.js';

export interface MigrateOptions {
  readonly ownerUrl: string;
  /** Role of the application; the owner's own name when one address serves as both. */
  readonly applicationRole: string;
  readonly environment: Env['APP_ENV'];
  /** `SECRET_KEYS`; needed only where a release before left contacts in clear. */
  readonly secretKeys?: readonly string[];
}

/** Any number that nothing else in this database locks. */
const MIGRATION_LOCK = 7_637_001;
const QUEUE_SCHEMA = 'bullmq';

/**
 * Brings schema, queue schema, remembered environment and the application's rights to where this release needs
 * them. Safe to run again, and from several machines at once.
 *
 * Needs a DDL-capable owner. Takes an advisory lock for its whole duration.
 * @throws EnvironmentMismatch when the database was made for another environment; RolesMissing where the owner may not
 * make the roles of row-level security (in a demo or a test it goes on without)
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const client = new pg.Client({ connectionString: options.ownerUrl, application_name: 'msj-migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await refuseAnotherEnvironment(client, options.environment);
    const hasRoles = await ensureRoles(client, options.applicationRole);
    if (!hasRoles && !isLenient(options.environment))
      throw new RolesMissing(options.applicationRole, await versionOf(client));
    await migrateSchema(options);
    await rememberEnvironment(client, options.environment);
    await runMigrations(client, QUEUE_SCHEMA);
    // The queue creates its id sequence at first use, which the application's role may not do.
    await client.query(`SELECT ${QUEUE_SCHEMA}.next_job_id($1)`, [QUEUE_NAME]);
    await grantRights(client, options, hasRoles);
    if (hasRoles) await raiseWall(client, roleOf(options.ownerUrl), options.applicationRole);
  } finally {
    await client.end();
  }
}

/** The role a database address signs in as. */
export function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

/** The database belongs to another environment: nothing is changed, nothing may be sent. */
export class EnvironmentMismatch extends Error {
  constructor(remembered: string, asked: string) {
    super(`this database was made for "${remembered}", not for "${asked}"`);
  }
}

async function migrateSchema({ ownerUrl, secretKeys = [] }: MigrateOptions): Promise<void> {
  const dataSource = keepKeys(ownerDataSource(ownerUrl), new Sealing({ SECRET_KEYS: secretKeys }));
  await dataSource.initialize();
  try {
    await dataSource.runMigrations();
    await sealClearContacts(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function refuseAnotherEnvironment(client: pg.Client, environment: string): Promise<void> {
  const { rows: tables } = await client.query<{ known: boolean }>(
    `SELECT to_regclass('public.environment') IS NOT NULL AS known`,
  );
  if (tables[0]?.known !== true) return;
  const { rows } = await client.query<{ name: string }>('SELECT name FROM environment');
  const remembered = rows[0]?.name;
  if (remembered !== undefined && remembered !== environment)
    throw new EnvironmentMismatch(remembered, environment);
}

async function rememberEnvironment(client: pg.Client, environment: string): Promise<void> {
  await client.query('INSERT INTO environment (name) VALUES ($1) ON CONFLICT DO NOTHING', [environment]);
}

/** Reads and writes rows, never their shape; history is added to, never rewritten. */
async function grantRights(
  client: pg.Client,
  { ownerUrl, applicationRole, environment }: MigrateOptions,
  hasRoles: boolean,
): Promise<void> {
  const isShared = applicationRole === roleOf(ownerUrl);
  const roles = [
    ...(isShared ? [] : [pg.escapeIdentifier(applicationRole)]),
    ...(hasRoles ? [WORKER_ROLE] : []),
  ];
  if (roles.length === 0) return;
  const role = roles.join(', ');
  await client.query('BEGIN');
  for (const schema of ['public', QUEUE_SCHEMA])
    await client.query(`
      GRANT USAGE ON SCHEMA ${schema} TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role};
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${role};
    `);
  await client.query(`
    REVOKE UPDATE, DELETE ON history_entry, trial_event, trial_assignment, trial_convocation,
      journal_entry, journal_link, certificate FROM ${role};
    REVOKE DELETE ON journal_head FROM ${role};
    REVOKE INSERT, UPDATE, DELETE ON environment, migrations FROM ${role};
    ${isLenient(environment) ? '' : `REVOKE INSERT, UPDATE, DELETE ON clock_offset FROM ${role};`}
    ${readOnlyViews(role)};
    ${hasRoles ? statisticsRights() : ''}
  `);
  await client.query('COMMIT');
}

/** The clock may be moved, and one address may serve as owner and application. */
function isLenient(environment: Env['APP_ENV']): boolean {
  return environment === 'demo' || environment === 'test';
}
