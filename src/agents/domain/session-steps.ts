import type { Role } from '../../access/domain/roles.js';
import type { SessionStep } from '../../access/domain/session-steps.js';

/** Roles that may change what others may do: a stolen password alone must not suffice. */
const MUST_HAVE_SECOND_FACTOR: readonly Role[] = ['admin', 'local-admin'];

export interface SessionState {
  readonly role: Role;
  /** The agent has an authenticator in force. */
  readonly hasSecondFactor: boolean;
  /** A second factor was shown in this session. */
  readonly showedSecondFactor: boolean;
  /** In a demonstration the second factor is announced and not enforced: its sign-ins are printed on a screen. */
  readonly isDemo: boolean;
}

export function mustHaveSecondFactor(role: Role): boolean {
  return MUST_HAVE_SECOND_FACTOR.includes(role);
}

/** What the session must do before anything else, or null. */
export function pendingStepOf(state: SessionState): SessionStep | null {
  const { role, hasSecondFactor, showedSecondFactor, isDemo } = state;
  const asked = hasSecondFactor || (mustHaveSecondFactor(role) && !isDemo);
  return asked && !showedSecondFactor ? 'second-factor' : null;
}
