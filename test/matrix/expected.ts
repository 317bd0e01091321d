import type { Caller, Family } from './callers.js';
import type { HomeName, State } from './world.js';

/**
 * The second opinion: written from the reference's matrix and the contract, without a look at
 * `src/access/domain/rights.ts`, so that the two can disagree.
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
  /** A row nobody of the world has: every id answers as a missing one. */
  | 'missing';

export interface Expectation {
  /** Names of roles or of families; null: anybody, signed in or not. */
  readonly who: readonly string[] | null;
  readonly object?: ObjectKind;
  /** The page needs more than its address, or has nothing to show to some: a missing one is an answer too. */
  readonly mayBeMissing?: true;
  /** Changes the caller itself (its session, its service): fired after everything else. */
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

type Rule = readonly [route: RegExp, expectation: Expectation];

const last = (who: readonly string[]): Expectation => ({ who, isLast: true });

const PUBLIC: readonly Rule[] = [
  [
    /^(GET|POST) \/(sign-in|welcome|s|hooks|health|metrics|assets|chiffres|accessibility|privacy|sign-out\/done)(\/|$)/,
    { who: null },
  ],
  [/^\w+ \/(verify|attestation|certificates?)(\/|$)/, { who: null }],
  [/^GET \/api\/v1\/openapi/, { who: null }],
];

const SELF: readonly Rule[] = [
  [/^GET \/sign-in\/second-factor/, { who: EVERYONE }],
  [/^POST \/sign-in\/second-factor/, last(EVERYONE)],
  [/^POST \/account\/service/, last(SWITCHERS)],
  [/^GET \/account/, { who: EVERYONE }],
  [/^POST \/(account|charter|sign-out|impersonation)/, last(EVERYONE)],
  [/^GET \/(charter)?$/, { who: EVERYONE }],
  [/^\w+ \/alerts\/:\w+\/(read|close)/, { who: EVERYONE, object: 'missing' }],
];

const PERSONS: readonly Rule[] = [
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
  [/^GET \/settings/, { who: EVERYONE, mayBeMissing: true }],
  [/^GET \/(tasks|worklist)/, { who: EVERYONE }],
];

const OFFICE: readonly Rule[] = [
  [/^POST \/agendas\/:id\/slots\/:slotId/, { who: SLOTS, object: 'slot-in-agenda' }],
  [/^POST \/agendas\/:id/, { who: SLOTS, object: 'slots' }],
  [/^GET \/agendas\/:id/, { who: EVERYONE, object: 'agenda' }],
  [/^POST \/api\/v1\/slots/, { who: SLOTS }],
  [/^POST \/places\/:id\/agendas/, { who: [...LOCAL, 'role:sap-clerk'], object: 'place' }],
  [/^\w+ \/places\/:id/, { who: PLACES, object: 'place' }],
  [/^\w+ \/places(\/|$)/, { who: PLACES }],
  [/^GET (\/api\/v1)?\/(organizations|places|agendas|appointment-types|slots)/, { who: EVERYONE }],
  [
    /^\w+ \/api\/v1\/(phone-numbers|calendars|sms|reminder-plans)/,
    { who: EVERYONE, parameters: { calendar: 'metropole', year: '2026' } },
  ],
];

const FIGURES: readonly Rule[] = [
  [/^GET \/absence\/(mine|definitions)/, { who: EVERYONE }],
  [/^POST \/absence\/unit-costs/, { who: LOCAL }],
  [/^GET (\/api\/v1\/statistics|\/absence|\/rights)/, { who: DIRECTION }],
  [/^GET \/trials\/new/, { who: ADMIN }],
  [/^GET \/trials\/:id/, { who: DIRECTION, object: 'missing' }],
  [/^GET \/trials/, { who: DIRECTION }],
  [/^POST \/trials\/:id/, { who: ADMIN, object: 'missing' }],
  [/^POST \/trials/, { who: ADMIN }],
  [/^\w+ \/surety\/(hold|release)/, { who: ADMIN }],
  [/^GET \/surety/, { who: DIRECTION }],
  [/^POST \/messages\/text\/(reset|review)/, { who: LOCAL, mayBeMissing: true }],
  [/^POST \/rollouts\/(row|baseline\/undo)/, { who: LOCAL, mayBeMissing: true }],
  [/^GET \/rollouts\/(row|planner\/plan)/, { who: LOCAL, mayBeMissing: true }],
  [/^\w+ \/(plans|messages|rollouts)(\/|$)/, { who: LOCAL }],
  [/^\w+ \/territories/, { who: ADMIN }],
];

const AGENTS: readonly Rule[] = [
  [/^POST \/agents\/:id\/impersonate/, { who: ADMIN, object: 'agent', isLast: true }],
  [/^GET \/agents\/:id\/journal/, { who: LOCAL, object: 'agent-journal' }],
  [/^\w+ \/agents\/transfers\/:\w+/, { who: LOCAL, object: 'missing' }],
  [/^\w+ \/agents\/:id\/transfer/, { who: LOCAL, object: 'agent' }],
  [/^\w+ \/agents\/transfers/, { who: LOCAL }],
  [/^POST \/agents\/absence\/:absence/, { who: HEADS, object: 'missing' }],
  [/^\w+ \/agents\/:id/, { who: HEADS, object: 'agent' }],
  [/^\w+ \/agents/, { who: HEADS }],
  [/^POST \/alerts\/:alert/, { who: LOCAL, object: 'missing' }],
  [/^\w+ \/alerts/, { who: LOCAL }],
  [/^\w+ \/console\/(keys|alerts)\/:\w+/, { who: LOCAL, object: 'missing' }],
  [/^\w+ \/console\/(keys|alerts)/, { who: LOCAL }],
  [/^\w+ \/console\/jobs/, { who: ADMIN, mayBeMissing: true }],
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

/** `seen`: anything but a refusal; `hidden`: exactly as a missing one; `refused`: seen, and not theirs to change. */
export type Verdict = 'seen' | 'hidden' | 'refused';

export function verdictOf(caller: Caller, asked: Asked): Verdict {
  if (asked.kind === 'missing') return 'hidden';
  if (asked.kind === 'slot-in-agenda') return asked.home === caller.home ? 'seen' : 'hidden';
  if (caller.family === 'admin') return 'seen';
  const kin = kinOf(caller, asked.home);
  const family = caller.family as Family;
  switch (asked.kind) {
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
    case 'agent':
    case 'agent-journal':
    case 'person-journal':
      return kin === 'own' || (caller.isDirector && asked.home === 'S2') ? 'seen' : 'hidden';
    default:
      return kin === 'own' ? 'seen' : 'hidden';
  }
}

/** A SPIP knows its own; a court its own, by family, and hearing exits about persons of its jurisdiction. */
function seesConvocation(family: Family, kin: Kin, { type }: Asked): boolean {
  if (family === 'spip' || family === 'local-spip') return kin === 'own';
  if (type === 'exit') return kin !== 'foreign';
  return kin === 'own' && family !== 'bex';
}
