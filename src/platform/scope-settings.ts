import pg from 'pg';
import type { Scope } from './scope.js';

/** Roles of the cluster that the application takes for one transaction; it inherits from neither. */
export const WORKER_ROLE = 'msj_worker';
export const STATISTICS_ROLE = 'msj_statistics';

/**
 * What the connection says as its transaction begins: which role, everywhere or not, for which services. All three
 * always, each until the end of the transaction, so that nothing of the previous holder of the connection remains.
 *
 * A cluster whose owner may not create roles (demo or test on one address) has no wall: there the role stays.
 */
export function openingOf(scope: Scope): string {
  const everywhere = scope.kind === 'services' && scope.everywhere;
  const organizationIds = scope.kind === 'services' ? scope.organizationIds : [];
  return settings(roleOf(scope), everywhere, organizationIds);
}

function settings(role: string | null, everywhere: boolean, organizationIds: readonly string[]): string {
  const taken =
    role === null
      ? `'none'`
      : `CASE WHEN pg_has_role(session_user, to_regrole('${role}')::oid, 'MEMBER') THEN '${role}' ELSE 'none' END`;
  const services = pg.escapeLiteral(`{${organizationIds.join(',')}}`);
  return `SELECT set_config('role', ${taken}, true), set_config('app.everywhere', '${everywhere ? 'on' : 'off'}', true), set_config('app.organization_ids', ${services}, true)`;
}

function roleOf(scope: Scope): string | null {
  if (scope.kind === 'worker') return WORKER_ROLE;
  return scope.kind === 'statistics' ? STATISTICS_ROLE : null;
}
