import { currentScope } from '../platform/scope.js';
import type { Reach } from './domain/rights.js';

/**
 * The same reach, held to the services that PostgreSQL shows this transaction. Asked before anything is read or written
 * with other eyes than the caller's (`elevated`): there the wall no longer stands, and this is what stays of it.
 */
export function withinScope({ everywhere, organizationIds }: Reach): Reach {
  const scope = currentScope();
  if (scope.kind === 'worker' || (scope.kind === 'services' && scope.everywhere))
    return { everywhere, organizationIds };
  const seen = scope.kind === 'services' ? scope.organizationIds : [];
  return {
    everywhere: false,
    organizationIds: everywhere ? seen : organizationIds.filter((id) => seen.includes(id)),
  };
}

/** True when the service is in such a reach. */
export function reachesWithinScope(reach: Reach, organizationId: string): boolean {
  const held = withinScope(reach);
  return held.everywhere || held.organizationIds.includes(organizationId);
}
