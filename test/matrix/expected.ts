import type { Caller, Family } from './callers.js';
import type { HomeName, State } from './world.js';

/**
 * The second opinion: written from the reference's matrix and the contract, without a look at
 * `src/access/domain/rights-table.ts`, so that the two can disagree.
 */
export type ObjectKind =
  | 'person'
  | 'convocation'
  | 'outcome'
  | 'moving'
  | 'reminded'
  | 'agenda'
  | 'slots'
  /** A slot of one's own, named under the address of another agenda: nowhere, even for an administrator. */
  | 'slot-in-agenda'
  | 'task'
  | 'place'
  | 'agent'
  | 'agent-journal'
  | 'person-journal'
  | 'certificate'
  /** Seen by who looks after the service, from a headquarters too. */
  | 'absence'
  | 'own-absence'
  | 'transfer-to-answer'
  | 'transfer-asked'
  | 'alert'
  | 'alert-to-read'
  | 'service'
  /** Kept by the service itself. */
  | 'key'
  | 'trial'
  | 'rollout'
  | 'rollout-plan'
  | 'baseline'
  | 'template'
  | 'own-service'
  /** Central. */
  | 'webhook'
  /** Where the caller may go and work. */
  | 'antenna'
  /** A service by which figures are narrowed: one that is not the caller's is as one that does not exist. */
  | 'figures'
  /** A row nobody of the world has: every id answers as a missing one. */
  | 'missing';

export interface Expectation {
  /** Names of roles or of families; null: anybody, signed in or not. */
  readonly who: readonly string[] | null;
  readonly object?: ObjectKind;
  /** Where the id stands, when not in the path: a field of the form, or of the query for what is read. */
  readonly field?: string;
  /** What the form holds besides, where no page of the world shows it; `own`: the service of the caller. */
  readonly typed?: Readonly<Record<string, string>>;
  /** A status that refuses something else than the caller, where the page asks for more than its address. */
  readonly alsoSeen?: number;
  /** Changes the caller itself (its session, its service): asked by a twin of its own, after everything else. */
  readonly isLast?: true;
  /** Sound values of the parameters of the path that name no row. */
  readonly parameters?: Readonly<Record<string, string>>;
}

const ADMIN = ['admin'];
const LOCAL = ['admin', 'local-tj', 'local-spip'];
const EVERYONE = [...LOCAL, 'bex', 'sap', 'spip'];
const NOT_BEX = [...LOCAL, 'sap', 'spip'];
const DIRECTION = [...LOCAL, 'role:dpip'];
const HEADS = [...LOCAL, 'role:bex-head-clerk', 'role:sap-head-clerk'];
const SLOTS = [
  ...LOCAL,
  'sap',
  ...['bex-head-clerk', 'dpip', 'spip-secretary', 'overseer'].map((role) => `role:${role}`),
];
const PLACES = [
  ...LOCAL,
  ...['jap', 'bex-head-clerk', 'sap-head-clerk', 'sap-clerk', 'dpip'].map((role) => `role:${role}`),
];
const SWITCHERS = ['admin', 'local-spip', 'role:psychologist', 'role:overseer'];

/** Which of the texts. */
const TEXT = { kind: 'reminder', register: 'standard' };

type Rule = readonly [route: RegExp, expectation: Expectation];

const last = (who: readonly string[]): Expectation => ({ who, isLast: true });

const PUBLIC: readonly Rule[] = [
  [
    /^(GET|POST) \/(sign-in|welcome|s|hooks|health|metrics|assets|chiffres|accessibility|privacy|sign-out\/done)(\/|$)/,
    { who: null },
  ],
  [/^GET \/api\/v1\/openapi/, { who: null }],
];

const SELF: readonly Rule[] = [
  [/^GET \/sign-in\/second-factor/, { who: EVERYONE }],
  [/^POST \/sign-in\/second-factor/, last(EVERYONE)],
  [/^POST \/account\/service/, { who: SWITCHERS, object: 'antenna', field: 'organizationId', isLast: true }],
  [/^GET \/account/, { who: EVERYONE }],
  [/^POST \/account\/absence\/:id/, { who: EVERYONE, object: 'own-absence' }],
  // Administrators keep a second factor.
  [/^POST \/account\/security\/remove/, last(['bex', 'sap', 'spip'])],
  // 401: the page says that this is not the password.
  [/^POST \/account\/confirm/, { who: EVERYONE, isLast: true, alsoSeen: 401 }],
  [/^POST \/(account|charter|sign-out|impersonation)/, last(EVERYONE)],
  [/^GET \/(charter)?$/, { who: EVERYONE }],
  [/^\w+ \/alerts\/:\w+\/(read|close)/, { who: EVERYONE, object: 'alert-to-read' }],
];

const PERSONS: readonly Rule[] = [
  [/^GET \/certificates\/:id\/file/, { who: EVERYONE, object: 'certificate' }],
  [/^\w+ \/certificates\/check/, { who: EVERYONE }],
  [/^GET \/persons\/:id\/journal/, { who: DIRECTION, object: 'person-journal' }],
  [/^\w+ (\/api\/v1)?\/persons\/:\w+/, { who: EVERYONE, object: 'person' }],
  [/^\w+ (\/api\/v1)?\/persons(\/|$)/, { who: EVERYONE }],
];

const CONVOCATIONS: readonly Rule[] = [
  [/^POST (\/api\/v1)?\/convocations\/:id\/(attend|miss|excuse|reopen)/, { who: NOT_BEX, object: 'outcome' }],
  [/^\w+ (\/api\/v1)?\/convocations\/:id\/reschedule/, { who: EVERYONE, object: 'moving' }],
  [/^\w+ (\/api\/v1)?\/convocations\/:\w+/, { who: EVERYONE, object: 'convocation' }],
  [/^POST \/api\/v1\/convocations/, { who: EVERYONE }],
  [/^GET \/days/, { who: EVERYONE, parameters: { date: '2026-06-12' } }],
  [/^POST \/days/, { who: NOT_BEX, parameters: { date: '2026-06-12' } }],
  [/^GET \/attention/, { who: EVERYONE, parameters: { list: 'unmarked' } }],
  [/^POST \/worklist\/:id/, { who: EVERYONE, object: 'reminded' }],
  [/^POST \/tasks\/:id/, { who: EVERYONE, object: 'task' }],
  [/^GET \/settings/, { who: EVERYONE, alsoSeen: 404 }],
  [/^GET \/(tasks|worklist)/, { who: EVERYONE }],
];

const OFFICE: readonly Rule[] = [
  [/^POST \/agendas\/:id\/slots\/:slotId/, { who: SLOTS, object: 'slot-in-agenda' }],
  [/^POST \/agendas\/:id/, { who: SLOTS, object: 'slots' }],
  [/^GET \/agendas\/:id/, { who: EVERYONE, object: 'agenda' }],
  [/^POST \/api\/v1\/slots/, { who: SLOTS }],
  [/^POST \/places\/:id\/agendas/, { who: [...LOCAL, 'role:sap-clerk'], object: 'place' }],
  [/^\w+ \/places\/:id/, { who: PLACES, object: 'place' }],
  [/^POST \/places$/, { who: PLACES, object: 'own-service', field: 'organization' }],
  [/^\w+ \/places(\/|$)/, { who: PLACES }],
  [/^GET (\/api\/v1)?\/(organizations|places|agendas|appointment-types|slots)/, { who: EVERYONE }],
  [
    /^\w+ \/api\/v1\/(phone-numbers|calendars|sms|reminder-plans)/,
    { who: EVERYONE, parameters: { calendar: 'metropole', year: '2026' } },
  ],
];

const FIGURES: readonly Rule[] = [
  [/^GET \/absence\/(mine|definitions)/, { who: EVERYONE }],
  [/^POST \/absence\/unit-costs/, { who: LOCAL, object: 'own-service', field: 'service' }],
  [/^GET \/absence(\/export)?$/, { who: DIRECTION, object: 'figures', field: 'service' }],
  [/^GET (\/api\/v1\/statistics|\/absence|\/rights)/, { who: DIRECTION }],
  [/^GET \/trials\/new/, { who: ADMIN }],
  [/^GET \/trials\/:id/, { who: DIRECTION, object: 'trial' }],
  [/^GET \/trials/, { who: DIRECTION }],
  [/^POST \/trials\/:id/, { who: ADMIN, object: 'trial' }],
  [/^POST \/trials/, { who: ADMIN }],
  [/^\w+ \/surety\/(hold|release)/, { who: ADMIN }],
  [/^GET \/surety/, { who: DIRECTION }],
  [
    /^POST \/messages\/text\/review/,
    {
      ...{ who: LOCAL, object: 'template', field: 'template' },
      typed: { ...TEXT, language: 'en', confirmed: 'true', organization: 'own' },
    },
  ],
  [
    /^POST \/messages\/text\/reset/,
    { who: LOCAL, object: 'own-service', field: 'organization', typed: { ...TEXT, language: 'fr' } },
  ],
  [/^\w+ \/rollouts\/row/, { who: LOCAL, object: 'rollout', field: 'rollout' }],
  [/^POST \/rollouts\/baseline\/undo/, { who: LOCAL, object: 'baseline', field: 'importId' }],
  [/^GET \/rollouts\/planner\/plan/, { who: LOCAL, object: 'rollout-plan', field: 'plan' }],
  [/^\w+ \/rollouts\/planner/, { who: LOCAL }],
  [/^\w+ \/(plans|messages|rollouts)(\/|$)/, { who: LOCAL, object: 'own-service', field: 'organization' }],
  [/^\w+ \/territories/, { who: ADMIN }],
];

const AGENTS: readonly Rule[] = [
  [/^POST \/agents\/:id\/impersonate/, { who: ADMIN, object: 'agent', isLast: true }],
  [/^GET \/agents\/:id\/journal/, { who: LOCAL, object: 'agent-journal' }],
  [/^POST \/agents\/transfers\/:\w+\/withdraw/, { who: LOCAL, object: 'transfer-asked' }],
  [/^\w+ \/agents\/transfers\/:\w+/, { who: LOCAL, object: 'transfer-to-answer' }],
  [/^POST \/agents\/transfers$/, { who: LOCAL, object: 'service', field: 'toOrganizationId' }],
  [/^\w+ \/agents\/:id\/transfer/, { who: LOCAL, object: 'agent' }],
  [/^\w+ \/agents\/transfers/, { who: LOCAL }],
  [/^POST \/agents\/absence\/:absence/, { who: HEADS, object: 'absence' }],
  [/^POST \/agents\/:id\/second-factor/, { who: LOCAL, object: 'agent' }],
  [/^POST \/agents\/(new|import)$/, { who: HEADS, object: 'service', field: 'organizationId' }],
  [/^\w+ \/agents\/:id/, { who: HEADS, object: 'agent' }],
  [/^\w+ \/agents/, { who: HEADS }],
  [/^POST \/alerts\/:alert/, { who: LOCAL, object: 'alert' }],
  [/^POST \/alerts$/, { who: LOCAL, object: 'service', field: 'organizationId' }],
  [/^\w+ \/alerts/, { who: LOCAL }],
  [/^\w+ \/console\/keys\/:\w+/, { who: LOCAL, object: 'key' }],
  [/^POST \/console\/keys$/, { who: LOCAL, object: 'own-service', field: 'organization' }],
  [/^\w+ \/console\/keys/, { who: LOCAL }],
  [/^\w+ \/console\/jobs/, { who: ADMIN, alsoSeen: 404 }],
  [/^\w+ \/console\/webhooks\/:\w+/, { who: ADMIN, object: 'webhook' }],
  [/^POST \/console\/webhooks$/, { who: ADMIN, object: 'own-service', field: 'organization' }],
  [/^\w+ \/console\/organizations\/:\w+/, { who: ADMIN, object: 'service' }],
  [/^\w+ \/console\/types\/:\w+/, { who: ADMIN, parameters: { code: 'suivi-spip' } }],
  [/^\w+ \/console\/.*:\w+/, { who: ADMIN, object: 'missing' }],
  [/^\w+ \/console/, { who: ADMIN }],
  [/^\w+ \/(service|local-console)/, { who: LOCAL }],
];

const RULES: readonly Rule[] = [
  ...SELF,
  ...PUBLIC,
  ...PERSONS,
  ...CONVOCATIONS,
  ...OFFICE,
  ...FIGURES,
  ...AGENTS,
];

/** @param route `METHOD /path/:id`; undefined: nobody said what to expect, and the run fails by its name */
export function expectationOf(route: string): Expectation | undefined {
  return RULES.find(([pattern]) => pattern.test(route))?.[1];
}

export function mayAsk(who: readonly string[], { role, family }: Caller): boolean {
  return who.includes(family) || who.includes(`role:${role}`);
}

export type Kin = 'own' | 'linked' | 'foreign';

export function kinOf({ home }: Caller, object: HomeName): Kin {
  if (home === object) return 'own';
  return (home === 'S' && object === 'T') || (home === 'T' && object === 'S') ? 'linked' : 'foreign';
}

export interface Asked {
  readonly kind: ObjectKind;
  readonly home: HomeName;
  /** Of a convocation: of the service's follow-up, or a hearing exit. */
  readonly type?: 'follow' | 'exit';
  readonly state?: State;
}

/**
 * `seen`: anything but a refusal; `hidden`: exactly as a missing one; `refused`: seen, and not theirs to change;
 * `overlooked`: the page of who asks, exactly as if a missing one had been asked for.
 */
export type Verdict = 'seen' | 'hidden' | 'refused' | 'overlooked';

export function verdictOf(caller: Caller, asked: Asked): Verdict {
  if (asked.kind === 'missing') return 'hidden';
  if (asked.kind === 'slot-in-agenda') return asked.home === caller.home ? 'seen' : 'hidden';
  const kin = kinOf(caller, asked.home);
  // A draft is reviewed for the service that the form names: here the own one.
  if (asked.kind === 'alert-to-read' || asked.kind === 'template') return kin === 'own' ? 'seen' : 'hidden';
  if (asked.kind === 'antenna') return mayWorkAt(caller, asked.home) ? 'seen' : 'hidden';
  if (caller.family === 'admin') return 'seen';
  const family = caller.family as Family;
  switch (asked.kind) {
    case 'certificate':
    case 'person':
      if (family === 'bex') return caller.isInterRessort || kin !== 'foreign' ? 'seen' : 'hidden';
      return kin === 'own' ? 'seen' : 'hidden';
    case 'convocation':
      return seesConvocation(family, kin, asked) ? 'seen' : 'hidden';
    case 'outcome':
      if (!seesConvocation(family, kin, asked)) return 'hidden';
      return kin === 'own' ? 'seen' : 'refused';
    case 'moving':
      if (!seesConvocation(family, kin, asked)) return 'hidden';
      return kin === 'own' ? 'seen' : 'refused';
    case 'agenda':
      if (family === 'bex' && caller.isInterRessort) return 'seen';
      return kin === 'own' || (kin === 'linked' && caller.home === 'T') ? 'seen' : 'hidden';
    case 'own-absence':
      return mayAsk(HEADS, caller) && looksAfter(caller, asked.home) ? 'seen' : 'hidden';
    case 'figures':
      return looksAfter(caller, asked.home) ? 'seen' : 'overlooked';
    case 'agent':
    case 'agent-journal':
    case 'person-journal':
    case 'absence':
    case 'transfer-to-answer':
    case 'transfer-asked':
    case 'alert':
    case 'service':
      return looksAfter(caller, asked.home) ? 'seen' : 'hidden';
    default:
      return kin === 'own' ? 'seen' : 'hidden';
  }
}

/** The own service, and from a headquarters its antennas. */
function looksAfter(caller: Caller, home: HomeName): boolean {
  return caller.home === home || (caller.isAttached && home === 'S2');
}

/** Another antenna of one's headquarters; any other service for a central administrator. */
function mayWorkAt(caller: Caller, home: HomeName): boolean {
  if (home === caller.home) return false;
  return caller.family === 'admin' || (caller.isAttached && home === 'S2');
}

/** A SPIP knows its own; a court its own, by family, and hearing exits about persons of its jurisdiction. */
function seesConvocation(family: Family, kin: Kin, { type }: Asked): boolean {
  if (family === 'spip' || family === 'local-spip') return kin === 'own';
  if (type === 'exit') return kin !== 'foreign';
  return kin === 'own' && family !== 'bex';
}
