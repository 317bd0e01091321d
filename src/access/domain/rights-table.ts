import { BEX_ROLES, type OrganizationKind, type Role, SAP_ROLES, SPIP_ROLES } from './roles.js';

/**
 * How a caller stands to what it asks for. The same role at another service is nobody there.
 *
 * - `own`: of the caller's service
 * - `linked`: of a service linked to it (courts of a SPIP, SPIPs of a court)
 * - `linked-exits`: the hearing-exit openings of the linked services, and what they are in (place, agenda)
 * - `person-linked`: about a person followed by the caller's service or by one linked to it
 * - `headquarters`: of an antenna of the headquarters the caller is attached to
 * - `inter-ressort`: of any service of France, when the caller's own is flagged so
 * - `created-by-service`: made by the caller's service, wherever it takes place
 * - `self`: the caller's own account
 * - `everywhere`: any service
 */
export const RELATIONS = [
  'own',
  'linked',
  'linked-exits',
  'person-linked',
  'headquarters',
  'inter-ressort',
  'created-by-service',
  'self',
  'everywhere',
] as const;
export type Relation = (typeof RELATIONS)[number];

/** One column of the table: a local administrator of a court is not one of a SPIP. */
export type Post = Exclude<Role, 'local-admin'> | `local-admin@${OrganizationKind}`;

export const POSTS: readonly Post[] = [
  'admin',
  'local-admin@tj',
  'local-admin@spip',
  ...BEX_ROLES,
  ...SAP_ROLES,
  ...SPIP_ROLES,
];

/** To whom an action is given, and at which relations. */
export type Grant = readonly [posts: readonly Post[], ...relations: readonly Relation[]];

const CENTRAL: Grant = [['admin'], 'everywhere'];
/** The columns of a local administrator. */
export const LOCAL: readonly Post[] = ['local-admin@tj', 'local-admin@spip'];
const SAP: readonly Post[] = ['local-admin@tj', ...SAP_ROLES];
const SPIP: readonly Post[] = ['local-admin@spip', ...SPIP_ROLES];
const COURT: readonly Post[] = [...SAP, ...BEX_ROLES];
const ALL: readonly Post[] = [...COURT, ...SPIP];
/** Who answers for a service, and who looks after several of them from a headquarters. */
const DIRECTION: Grant = [[...LOCAL, 'dpip'], 'own', 'headquarters'];
const LOCAL_ADMINS: Grant = [LOCAL, 'own', 'headquarters'];

/** Persons: the enforcement office serves its whole jurisdiction, every other role its own service. */
const PERSONS: readonly Grant[] = [
  CENTRAL,
  [BEX_ROLES, 'own', 'linked', 'inter-ressort'],
  [[...SAP, ...SPIP], 'own'],
];
const EVERYBODY: readonly Grant[] = [CENTRAL, [ALL, 'own']];
const ONLY_CENTRAL: readonly Grant[] = [CENTRAL];
const LOCALLY: readonly Grant[] = [CENTRAL, [LOCAL, 'own']];
const PLACES: readonly Grant[] = [
  CENTRAL,
  [[...LOCAL, 'jap', 'bex-head-clerk', 'sap-head-clerk', 'sap-clerk', 'dpip'], 'own'],
];
const MADE_OR_KEPT = ['own', 'created-by-service'] as const;

/**
 * Who may do what, to what: action × role → relations. The rule of the whole application: guard, queries, buttons
 * and the page for auditors read it. What is not written here is refused.
 */
export const RIGHTS = {
  'person.read': PERSONS,
  'person.write': PERSONS,
  // The services that may be named as following a person.
  'person.share': [CENTRAL, [ALL, 'own', 'linked']],
  // Whom a convocation may be for: a court summons those of its linked services.
  'person.summon': [CENTRAL, [COURT, 'own', 'linked'], [BEX_ROLES, 'inter-ressort'], [SPIP, 'own']],
  'person.assign-self': [[['local-admin@spip', 'dpip', 'cpip'], 'own']],
  'contact.reveal': PERSONS,
  'certificate.make': PERSONS,
  'journal.read-person': [CENTRAL, DIRECTION],
  'journal.read-agent': [CENTRAL, LOCAL_ADMINS],

  'convocation.read': [CENTRAL, [COURT, ...MADE_OR_KEPT, 'person-linked'], [SPIP, ...MADE_OR_KEPT]],
  'convocation.book': [CENTRAL, [COURT, 'own', 'linked-exits'], [BEX_ROLES, 'inter-ressort'], [SPIP, 'own']],
  'convocation.change': [CENTRAL, [COURT, ...MADE_OR_KEPT, 'person-linked'], [SPIP, ...MADE_OR_KEPT]],
  'convocation.reschedule': [CENTRAL, [ALL, ...MADE_OR_KEPT]],
  // Families of appointment types, each with who sees and cancels it. Of another family: as if it were not there.
  'convocation.exit-sap': [CENTRAL, [COURT, ...MADE_OR_KEPT, 'person-linked'], [SPIP, ...MADE_OR_KEPT]],
  'convocation.exit-spip': [CENTRAL, [COURT, ...MADE_OR_KEPT, 'person-linked'], [SPIP, ...MADE_OR_KEPT]],
  'convocation.court': [CENTRAL, [SAP, ...MADE_OR_KEPT, 'person-linked'], [SPIP, ...MADE_OR_KEPT]],
  'convocation.monitoring': [CENTRAL, [SAP, ...MADE_OR_KEPT, 'person-linked'], [SPIP, ...MADE_OR_KEPT]],
  'convocation.spip': [CENTRAL, [['local-admin@tj', ...SPIP], ...MADE_OR_KEPT]],

  // The enforcement office and clerks summon; they never record who came.
  'attendance.record': [CENTRAL, [[...SAP, ...SPIP], 'own']],
  'outcome.exit-sap': [CENTRAL, [SAP, 'own']],
  'outcome.exit-spip': [CENTRAL, [['local-admin@tj', ...SPIP], 'own']],
  'outcome.court': [CENTRAL, [SAP, 'own']],
  'outcome.monitoring': [CENTRAL, [[...SAP, ...SPIP], 'own']],
  'outcome.spip': [CENTRAL, [['local-admin@tj', ...SPIP], 'own']],

  'task.read': EVERYBODY,
  'task.close': EVERYBODY,
  'caseload.read': EVERYBODY,

  'agenda.read': [CENTRAL, [COURT, 'own', 'linked-exits'], [BEX_ROLES, 'inter-ressort'], [SPIP, 'own']],
  'agenda.manage': [CENTRAL, [[...LOCAL, 'sap-clerk'], 'own']],
  'place.manage': PLACES,
  'slot.manage': [
    ...PLACES,
    [['sap-secretary', 'spip-secretary'], 'own'],
    // Only in types of electronic monitoring: `slot.manage-any-type` says who is not bound to them.
    [['overseer'], 'own'],
  ],
  'slot.manage-any-type': [...PLACES, [['sap-secretary', 'spip-secretary'], 'own']],

  'organization.read': [CENTRAL, [ALL, 'own', 'linked', 'headquarters']],
  'organization.manage': ONLY_CENTRAL,
  'plan.manage': LOCALLY,
  'template.manage': LOCALLY,
  'territory.manage': ONLY_CENTRAL,
  'sending.read': [CENTRAL, [[...LOCAL, 'dpip'], 'own']],
  'sending.hold': ONLY_CENTRAL,
  'trial.manage': ONLY_CENTRAL,

  'statistics.read': [CENTRAL, DIRECTION],
  'statistics.national': [CENTRAL, DIRECTION],
  'rollout.manage': LOCALLY,

  'profile.manage': [[POSTS, 'self']],
  'agent.read': [CENTRAL, LOCAL_ADMINS, [['bex-head-clerk', 'sap-head-clerk'], 'own']],
  'agent.manage': [CENTRAL, LOCAL_ADMINS, [['bex-head-clerk', 'sap-head-clerk'], 'own']],
  // The address of somebody who came: links for a new password go there. Before, it is `agent.manage`.
  'agent.change-address': ONLY_CENTRAL,
  // Into the caller's own service, from one of the same kind, never an administrator.
  'agent.move': [CENTRAL, LOCAL_ADMINS],
  // A lost authenticator: whoever takes it away could sign in with the password alone.
  'agent.reset-second-factor': [CENTRAL, LOCAL_ADMINS],
  'agent.switch-service': [CENTRAL, [['local-admin@spip', 'psychologist', 'overseer'], 'headquarters']],
  'agent.impersonate': ONLY_CENTRAL,
  'alert.manage': [CENTRAL, LOCAL_ADMINS],
  'local-console.use': [CENTRAL, LOCAL_ADMINS],

  'console.use': ONLY_CENTRAL,
  'api-key.manage': LOCALLY,
  'webhook.manage': ONLY_CENTRAL,
  'job.inspect': ONLY_CENTRAL,
  'rights.read': [CENTRAL, [[...LOCAL, 'dpip'], 'own']],
  'tools.use': EVERYBODY,
} as const satisfies Record<string, readonly Grant[]>;

export type Action = keyof typeof RIGHTS;
export const ACTIONS = Object.keys(RIGHTS) as readonly Action[];

/** What rights on convocations are given by: a family of appointment types. */
export const TYPE_FAMILIES = ['exit-sap', 'exit-spip', 'court', 'monitoring', 'spip'] as const;
export type TypeFamily = (typeof TYPE_FAMILIES)[number];
