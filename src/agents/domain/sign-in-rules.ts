import type { Role } from '../../access/domain/roles.js';
import { mustHaveSecondFactor } from './session-steps.js';

/**
 * May this account sign in by password? Whoever is bound to an identity at the provider signs in there: a password
 * that is still known must not outlive what the provider decides. Administrators keep theirs, behind a second
 * factor, for the day on which the provider is down (break-glass).
 */
export function mayUsePassword(account: {
  readonly role: Role;
  readonly usesProvider: boolean;
  readonly oidcIsOn: boolean;
}): boolean {
  return !account.oidcIsOn || !account.usesProvider || mustHaveSecondFactor(account.role);
}
