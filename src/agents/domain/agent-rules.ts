import { type OrganizationKind, type Role, ROLES_BY_KIND } from '../../access/domain/roles.js';
import { ValidationFailed } from '../../shared/domain-error.js';

/** Where an agent stands: invited and never came, at work, away for some days, gone. */
export type AgentPresence = 'invited' | 'active' | 'absent' | 'gone';
export const AGENT_PRESENCES = ['invited', 'active', 'absent', 'gone'] as const;

/** The address belongs to somebody already; where is not said. */
export class AddressTaken extends ValidationFailed {
  override readonly code = 'validation';
  constructor() {
    super([{ field: 'email', code: 'taken', message: 'this address cannot be invited here' }]);
  }
}

/**
 * Roles that this caller may give in a service of this kind: a central administrator all of them, a local one all
 * but the central administrator's, a head clerk neither administrator's.
 */
export function rolesToGive(giver: Role, kind: OrganizationKind): readonly Role[] {
  return ROLES_BY_KIND[kind].filter((role) => mayTouch(giver, role));
}

/** Whether the account of an agent of this role may be changed by that role at all. */
export function mayTouch(giver: Role, role: Role): boolean {
  if (role === 'admin') return giver === 'admin';
  if (role === 'local-admin') return giver === 'admin' || giver === 'local-admin';
  return true;
}

/** Administrators are moved by nobody: their rights would move with them. */
export function mayBeMoved(role: Role): boolean {
  return role !== 'admin' && role !== 'local-admin';
}
