import type { Role } from '../../access/domain/roles.js';
import type { SessionStep } from '../../access/domain/session-steps.js';
import { hasAcceptedCharter } from './charter.js';

/** Roles that may change what others may do: a stolen password alone must not suffice. */
export const ADMINISTRATORS: readonly Role[] = ['admin', 'local-admin'];

export interface SessionState {
  readonly role: Role;
  /** The agent has an authenticator in force. */
  readonly hasSecondFactor: boolean;
  /** A second factor was shown in this session. */
  readonly showedSecondFactor: boolean;
  /** In a demonstration the second factor is announced and not enforced: its sign-ins are printed on a screen. */
  readonly isDemo: boolean;
  /** Version of the charter the agent accepted last; null: none. */
  readonly charterVersion: number | null;
}

export function mustHaveSecondFactor(role: Role): boolean {
  return ADMINISTRATORS.includes(role);
}

/** What the session must do before anything else, or null. */
export function pendingStepOf(state: SessionState): SessionStep | null {
  const { role, hasSecondFactor, showedSecondFactor, isDemo, charterVersion } = state;
  const asked = hasSecondFactor || (mustHaveSecondFactor(role) && !isDemo);
  if (asked && !showedSecondFactor) return 'second-factor';
  return hasAcceptedCharter(charterVersion) ? null : 'charter';
}
