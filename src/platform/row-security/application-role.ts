import type { Env } from '../../../config/env.js';
import { STATISTICS_ROLE, WORKER_ROLE } from '../scope-settings.js';
import { WALLED_TABLES } from './walled-tables.js';

/** What would let the application's role see past row-level security, or keep it from working behind it. */
export type RoleFault =
  | 'superuser'
  | 'bypasses-row-security'
  | 'owns-tables'
  | 'inherits-owner'
  | 'inherits-worker'
  | 'cannot-take-roles'
  | 'no-wall';

export const ROLE_FAULT_SENTENCES: Readonly<Record<RoleFault, string>> = {
  superuser: 'the application’s role is a superuser',
  'bypasses-row-security': 'the application’s role has BYPASSRLS',
  'owns-tables': 'the application’s role owns tables',
  'inherits-owner': 'the application’s role inherits from the owner of the tables',
  'inherits-worker': `the application’s role inherits from ${WORKER_ROLE}: it must be granted WITH INHERIT FALSE`,
  'cannot-take-roles': `the application’s role may not take ${WORKER_ROLE} and ${STATISTICS_ROLE}: cli migrate`,
  'no-wall': 'some tables have no forced row-level security: cli migrate',
};

interface Queries {
  query<T>(sql: string, parameters?: unknown[]): Promise<T>;
}

const FAULTS = `
WITH me AS (SELECT oid, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user),
     walled AS (SELECT c.relowner, c.relrowsecurity AND c.relforcerowsecurity AS stands FROM pg_class c
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname = ANY($1)),
     owner AS (SELECT DISTINCT relowner AS oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'),
     taken AS (SELECT r.oid FROM unnest($2::text[]) AS name LEFT JOIN pg_roles r ON r.rolname = name)
SELECT ARRAY_REMOVE(ARRAY[
  CASE WHEN rolsuper THEN 'superuser' END,
  CASE WHEN rolbypassrls AND NOT rolsuper THEN 'bypasses-row-security' END,
  CASE WHEN EXISTS (SELECT FROM owner WHERE owner.oid = me.oid) THEN 'owns-tables' END,
  CASE WHEN NOT rolsuper AND EXISTS (SELECT FROM owner WHERE owner.oid <> me.oid AND pg_has_role(me.oid, owner.oid, 'MEMBER'))
       THEN 'inherits-owner' END,
  CASE WHEN NOT rolsuper AND EXISTS (SELECT FROM taken WHERE pg_has_role(me.oid, taken.oid, 'USAGE')) THEN 'inherits-worker' END,
  CASE WHEN EXISTS (SELECT FROM taken WHERE pg_has_role(me.oid, taken.oid, 'MEMBER') IS NOT TRUE) THEN 'cannot-take-roles' END,
  CASE WHEN (SELECT count(*) FROM walled WHERE stands) < cardinality($1) THEN 'no-wall' END
], NULL) AS faults FROM me`;

/** None when row-level security holds against the role that asks. */
export async function roleFaults(database: Queries): Promise<readonly RoleFault[]> {
  const rows = await database.query<{ faults: RoleFault[] }[]>(FAULTS, [
    WALLED_TABLES.map(({ table }) => table),
    [WORKER_ROLE, STATISTICS_ROLE],
  ]);
  return rows[0]?.faults ?? [];
}

/** In a demo or a test one address may serve as owner and application: there nothing is refused. */
export function needsWall(environment: Env['APP_ENV']): boolean {
  return environment === 'production' || environment === 'staging';
}

/** @throws Error naming every reason why persons would not be safe behind this role */
export async function refuseOpenWall(database: Queries, environment: Env['APP_ENV']): Promise<void> {
  if (!needsWall(environment)) return;
  const faults = await roleFaults(database);
  if (faults.length === 0) return;
  const sentences = faults.map((fault) => `- ${ROLE_FAULT_SENTENCES[fault]}`);
  throw new Error(
    `row-level security does not hold for the role of DATABASE_URL:\n${sentences.join('\n')}\n` +
      'Give the application a role of its own, as docs/adr/0010-row-security.md says.',
  );
}
