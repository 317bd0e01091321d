import type { AgentView } from '../../agents/agent.queries.js';
import type { AgentPresence } from '../../agents/domain/agent-rules.js';
import type { Option } from '../../ui/select-field.js';
import type { StateWord } from '../../ui/state.js';
import { plainDate } from '../../ui/typography.js';
import type { Role } from '../../access/domain/roles.js';
import { ROLE_NAMES } from '../role-names.js';

export const PRESENCES: Readonly<Record<AgentPresence, StateWord>> = {
  invited: { word: 'Invité, jamais venu', shape: 'half wait' },
  active: { word: 'En activité', shape: 'ok' },
  absent: { word: 'Absent', shape: 'warn' },
  gone: { word: 'Parti', shape: 'off' },
};

export function fullNameOf({ firstName, lastName }: Pick<AgentView, 'firstName' | 'lastName'>): string {
  return `${firstName} ${lastName}`;
}

/** « Absent jusqu’au 12 juin 2026, remplacé par Paul Desforges », else nothing. */
export function absenceWords({ absentUntil, replacementName }: AgentView): string | null {
  if (absentUntil === null) return null;
  return `Jusqu’au ${plainDate(absentUntil)} compris, remplacé par ${replacementName ?? ''}`;
}

export function roleOptions(roles: readonly Role[]): readonly Option[] {
  return roles.map((role) => ({ value: role, label: ROLE_NAMES[role] }));
}
