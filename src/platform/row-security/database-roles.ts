import pg from 'pg';
import { STATISTICS_ROLE, WORKER_ROLE } from '../scope-settings.js';

const ROLES = [WORKER_ROLE, STATISTICS_ROLE] as const;
/** Creating or granting a role that another database of the cluster creates or grants at the same moment. */
const RACES = new Set(['42710', '23505', 'XX000']);
const NOT_ALLOWED = new Set(['42501', '0LP01']);
const TRIES = 5;
const SET_OPTION_SINCE = 160_000;

/** The owner may not create or grant the roles: an administrator of the cluster must, once. */
export class RolesMissing extends Error {
  constructor(applicationRole: string, version: number) {
    super(
      `row-level security needs roles that the owner of the database may not make. As a superuser of the cluster, run:\n` +
        rolesSql(applicationRole, version).join('\n'),
    );
  }
}

/** What makes the roles of the wall; a superuser may run it as it is. */
export function rolesSql(applicationRole: string, version: number): readonly string[] {
  const application = pg.escapeIdentifier(applicationRole);
  const create = ROLES.map((role) => `CREATE ROLE ${role} NOLOGIN NOINHERIT;`);
  if (version >= SET_OPTION_SINCE)
    return [
      ...create,
      ...ROLES.map((role) => `GRANT ${role} TO ${application} WITH INHERIT FALSE, SET TRUE;`),
    ];
  return [
    ...create,
    `ALTER ROLE ${application} NOINHERIT;`,
    ...ROLES.map((role) => `GRANT ${role} TO ${application};`),
  ];
}

/**
 * Creates what is missing of the two roles and lets the application take them. They belong to the whole cluster, so
 * several databases may be migrated at once.
 * @returns false when this owner may not, and they are not there
 */
export async function ensureRoles(client: pg.Client, applicationRole: string): Promise<boolean> {
  for (let attempt = 1; ; attempt++)
    try {
      const missing = await missingSteps(client, applicationRole);
      for (const step of missing) await client.query(step);
      return true;
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
      if (NOT_ALLOWED.has(code)) return false;
      if (!RACES.has(code) || attempt === TRIES) throw error;
    }
}

async function missingSteps(client: pg.Client, applicationRole: string): Promise<readonly string[]> {
  const version = await versionOf(client);
  const { rows } = await client.query<{ role: string; exists: boolean; taken: boolean }>(
    `SELECT role, r.oid IS NOT NULL AS exists,
            EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles a ON a.oid = m.member
                     WHERE m.roleid = r.oid AND a.rolname = $2 AND ${canTake(version)}) AS taken
       FROM unnest($1::text[]) AS role LEFT JOIN pg_roles r ON r.rolname = role`,
    [[...ROLES], applicationRole],
  );
  const steps = rolesSql(applicationRole, version);
  return steps.filter((step) => {
    const row = rows.find(({ role }) => step.includes(` ${role} `));
    if (row === undefined) return rows.some(({ taken }) => !taken);
    return step.startsWith('CREATE') ? !row.exists : !row.taken;
  });
}

/** Before version 16 a member always may; what it inherits hangs on the member. */
function canTake(version: number): string {
  return version >= SET_OPTION_SINCE ? 'm.set_option AND NOT m.inherit_option' : 'NOT a.rolinherit';
}

export async function versionOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::integer AS version`,
  );
  return rows[0]?.version ?? 0;
}
