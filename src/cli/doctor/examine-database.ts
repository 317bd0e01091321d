import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../config/data-source.js';
import type { Env } from '../../../config/env.js';
import { holdOf } from '../../notifications/surety/sending-hold.js';
import { TIME_ZONES } from '../../organizations/domain/time-zones.js';
import { keyIdsOfContacts } from '../../platform/known-keys.js';
import { needsWall, ROLE_FAULT_SENTENCES, roleFaults } from '../../platform/row-security/application-role.js';
import { hasClearColumns } from '../../platform/seal-clear-contacts.js';
import { sealingOf } from '../../platform/sealing.js';
import { withDatabase } from '../context.js';
import { countOldSeals } from '../keys/old-seals.query.js';
import { counted } from '../output.js';
import { fault, type Finding, ok, warning } from './finding.js';

const LEAST_POSTGRES = 15;

/** What PostgreSQL and the rows in it have to say; one finding when it cannot be reached. */
export async function examineDatabase(env: Readonly<Env>): Promise<Finding[]> {
  try {
    return await withDatabase(env, async (source) => [
      await version(source),
      await migrations(source),
      await environment(source, env),
      await hold(source, env),
      await rights(source, env),
      await wall(source, env),
      await zones(source),
      await keys(source),
    ]);
  } catch {
    return [fault('database', 'cannot be reached with DATABASE_URL')];
  }
}

async function keys(source: DataSource): Promise<Finding> {
  const [table]: { there: boolean }[] = await source.query(
    `SELECT to_regclass('contact') IS NOT NULL AS there`,
  );
  if (table?.there !== true) return fault('keys', 'nothing is sealed yet: cli migrate');
  if (await hasClearColumns(source.manager))
    return fault('keys', 'contacts are not all sealed: cli migrate, to its end');
  const ids = await keyIdsOfContacts(source.manager);
  const sealing = sealingOf(source.manager);
  if (!ids.every((id) => sealing.knows(id)))
    return fault('keys', 'contacts are sealed by a key that SECRET_KEYS does not hold');
  const old = await source.transaction(countOldSeals);
  return old === 0
    ? ok('keys', 'everything is sealed with the newest key')
    : warning('keys', `${counted(old, 'row')} still under an older key: cli keys:rotate`);
}

async function version(source: DataSource): Promise<Finding> {
  const [row]: { n: number }[] = await source.query(
    `SELECT current_setting('server_version_num')::integer / 10000 AS n`,
  );
  const major = row?.n ?? 0;
  return major >= LEAST_POSTGRES
    ? ok('database', `PostgreSQL ${major}`)
    : fault('database', `PostgreSQL ${major}, at least ${LEAST_POSTGRES} is needed`);
}

async function migrations(source: DataSource): Promise<Finding> {
  const [table]: { there: boolean }[] = await source.query(
    `SELECT to_regclass('migrations') IS NOT NULL AS there`,
  );
  if (table?.there !== true) return fault('migrations', 'none has run: cli migrate');
  const rows: { name: string }[] = await source.query('SELECT name FROM migrations');
  const run = new Set(rows.map(({ name }) => name));
  const missing = MIGRATIONS.filter(({ name }) => !run.has(name)).length;
  return missing === 0
    ? ok('migrations', `all ${MIGRATIONS.length} have run`)
    : fault('migrations', `${missing} have not run: cli migrate`);
}

async function environment(source: DataSource, env: Readonly<Env>): Promise<Finding> {
  const [table]: { there: boolean }[] = await source.query(
    `SELECT to_regclass('environment') IS NOT NULL AS there`,
  );
  const rows: { name: string }[] =
    table?.there === true ? await source.query('SELECT name FROM environment') : [];
  const made = rows[0]?.name ?? 'nothing';
  return made === env.APP_ENV
    ? ok('environment', `made for ${made}`)
    : fault('environment', `made for ${made}, APP_ENV is ${env.APP_ENV}: nothing will be sent`);
}

/** Held is not a fault: somebody wanted it, or a worker found a reason that a human must weigh. */
async function hold(source: DataSource, env: Readonly<Env>): Promise<Finding> {
  const [table]: { there: boolean }[] = await source.query(
    `SELECT to_regclass('sending_hold') IS NOT NULL AS there`,
  );
  if (table?.there !== true) return ok('hold', 'unknown before the migrations');
  const held = await holdOf(source.manager, env.APP_ENV);
  if (held === null) return ok('hold', 'sending is not held');
  if (held.reason === 'environment-mismatch') return fault('hold', `nothing is sent: ${held.detail ?? ''}`);
  return warning('hold', `nothing is sent (${held.reason}): ${held.detail ?? ''}. Next: cli release`);
}

/** One address may serve as owner and application in the demo and in tests, nowhere else. */
async function rights(source: DataSource, env: Readonly<Env>): Promise<Finding> {
  const [row]: { ddl: boolean; owner: boolean; superuser: boolean }[] = await source.query(
    `SELECT has_schema_privilege(current_user, 'public', 'CREATE') AS ddl,
            EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user) AS owner,
            (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser`,
  );
  if (row === undefined) return fault('rights', 'cannot be read');
  if (!row.ddl && !row.owner && !row.superuser)
    return ok('rights', 'the application owns nothing and cannot change the schema');
  const lenient = env.APP_ENV === 'demo' || env.APP_ENV === 'test';
  return (lenient ? warning : fault)(
    'rights',
    'the application owns tables or may change the schema: give it a role of its own',
  );
}

/** Whether PostgreSQL itself keeps the services apart; the start is refused in production where it does not. */
async function wall(source: DataSource, env: Readonly<Env>): Promise<Finding> {
  const faults = await roleFaults(source);
  if (faults.length === 0) return ok('row security', 'each request sees the rows of its services only');
  const sentence = faults.map((name) => ROLE_FAULT_SENTENCES[name]).join('; ');
  return (needsWall(env.APP_ENV) ? fault : warning)('row security', sentence);
}

async function zones(source: DataSource): Promise<Finding> {
  const [table]: { there: boolean }[] = await source.query(
    `SELECT to_regclass('place') IS NOT NULL AS there`,
  );
  const used: { zone: string }[] =
    table?.there === true ? await source.query('SELECT DISTINCT time_zone AS zone FROM place') : [];
  const wanted = [...new Set([...TIME_ZONES, ...used.map(({ zone }) => zone)])];
  const rows: { zone: string }[] = await source.query(
    'SELECT zone FROM unnest($1::text[]) AS zone WHERE zone NOT IN (SELECT name FROM pg_timezone_names)',
    [wanted],
  );
  return rows.length === 0
    ? ok('time zones of PostgreSQL', `all ${wanted.length} are known`)
    : fault('time zones of PostgreSQL', `unknown: ${rows.map(({ zone }) => zone).join(', ')}`);
}
