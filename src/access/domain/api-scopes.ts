import type { Action } from './rights-table.js';

/** What a key may be used for, besides what its role allows; both are asked. A closed list. */
export const API_SCOPES = [
  'persons:read',
  'persons:write',
  'convocations:read',
  'convocations:write',
  'services:read',
  'slots:write',
  'statistics:read',
  'tools',
] as const;

export type ApiScope = (typeof API_SCOPES)[number];

/** The scope that each action of the API asks for. A route of the API whose action stands not here stops the start. */
const SCOPE_OF_ACTION: Readonly<Partial<Record<Action, ApiScope>>> = {
  'person.read': 'persons:read',
  'person.write': 'persons:write',
  'convocation.read': 'convocations:read',
  'convocation.book': 'convocations:write',
  'convocation.change': 'convocations:write',
  'attendance.record': 'convocations:write',
  'agenda.read': 'services:read',
  'slot.manage': 'slots:write',
  'statistics.read': 'statistics:read',
  'tools.use': 'tools',
};

/** @returns undefined for an action that no program may take */
export function scopeOf(action: Action): ApiScope | undefined {
  return SCOPE_OF_ACTION[action];
}

/** @param scopes of the key; null: every scope, those to come included */
export function isInScope(scopes: readonly ApiScope[] | null, action: Action): boolean {
  const asked = scopeOf(action);
  return asked !== undefined && (scopes === null || scopes.includes(asked));
}

export function isApiScope(text: string): text is ApiScope {
  const known: readonly string[] = API_SCOPES;
  return known.includes(text);
}
