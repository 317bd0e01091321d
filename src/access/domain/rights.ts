import { type Role, ROLES, SAP_ROLES, SPIP_ROLES } from './roles.js';

const ADMINS = ['admin', 'local-admin'] as const;
const EVERYONE = ROLES;

/**
 * Who may do what, by role. Relations (followed by my service, place of my service, linked service) narrow it
 * further in the query that loads the object, so that what is foreign answers like what is missing.
 */
export const RIGHTS = {
  'person.read': EVERYONE,
  'person.write': EVERYONE,
  'convocation.read': EVERYONE,
  'convocation.book': EVERYONE,
  'convocation.change': EVERYONE,
  // The enforcement office and clerks summon; they never record who came.
  'attendance.record': [...ADMINS, ...SAP_ROLES, ...SPIP_ROLES],
  'agenda.read': EVERYONE,
  'slot.manage': [
    ...ADMINS,
    'jap',
    'bex-head-clerk',
    'sap-head-clerk',
    'sap-clerk',
    'sap-secretary',
    'dpip',
    'spip-secretary',
    'overseer',
  ],
  'statistics.read': [...ADMINS, 'dpip'],
  'statistics.national': [...ADMINS, 'dpip'],
  'caseload.read': EVERYONE,
  'rollout.manage': ADMINS,
  'trial.manage': ['admin'],
  'task.read': EVERYONE,
  'task.close': EVERYONE,
  'plan.manage': ADMINS,
  'template.manage': ADMINS,
  'sending.read': [...ADMINS, 'dpip'],
  'sending.hold': ['admin'],
  'territory.manage': ['admin'],
  'tools.use': EVERYONE,
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof RIGHTS;

export function isAllowed(role: Role, action: Action): boolean {
  const roles: readonly Role[] = RIGHTS[action];
  return roles.includes(role);
}
