import pg from 'pg';
import { BY_KEYS, KEPT_PLANS } from './kept-plans.js';
import type { Scope } from './scope.js';

/** Roles of the cluster that the application takes for one transaction; it inherits from neither. */
export const WORKER_ROLE = 'msj_worker';
export const STATISTICS_ROLE = 'msj_statistics';

/**
 * What the connection says as its transaction begins: which role, everywhere or not, for which services. All three
 * always, each until the end of the transaction, so that nothing of the previous holder of the connection remains.
 * And what it asks: the hour (`now`), which stays the same until the end.
 */
export function openingOf(scope: Scope): string {
  const everywhere = scope.kind === 'services' && scope.everywhere ? 'on' : 'off';
  const organizationIds = scope.kind === 'services' ? scope.organizationIds : [];
  const services = pg.escapeLiteral(`{${organizationIds.join(',')}}`);
  const plans = scope.kind === 'worker' && scope.plansOnce ? `, ${KEPT_PLANS}, ${BY_KEYS}` : '';
  return `SELECT app_now() AS now, ${scopeRoleSql(roleOf(scope))}, set_config('app.everywhere', '${everywhere}', true), set_config('app.organization_ids', ${services}, true)${plans}`;
}

export type ScopeRole = typeof WORKER_ROLE | typeof STATISTICS_ROLE | null;

/** Null: the application's own role. */
export function roleOf({ kind }: Scope): ScopeRole {
  if (kind === 'worker') return WORKER_ROLE;
  return kind === 'statistics' ? STATISTICS_ROLE : null;
}

/**
 * SQL expression that takes a role until the end of the transaction. A cluster whose owner may not create roles (demo
 * or test on one address) has no wall: there the application's own role stays.
 */
export function scopeRoleSql(role: ScopeRole): string {
  if (role === null) return `set_config('role', 'none', true)`;
  const mayTake = `pg_has_role(session_user, to_regrole('${role}')::oid, 'MEMBER')`;
  return `set_config('role', CASE WHEN ${mayTake} THEN '${role}' ELSE 'none' END, true)`;
}
