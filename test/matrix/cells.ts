import { randomUUID } from 'node:crypto';
import type { Route } from '../../src/access/route-declarations.js';
import type { Caller } from './callers.js';
import {
  type Asked,
  type Expectation,
  mayAsk,
  type ObjectKind,
  type Verdict,
  verdictOf,
} from './expected.js';
import { type Home, type HomeName, type State, STATES, type World } from './world.js';

export interface Cell {
  readonly route: Route;
  readonly caller: Caller;
  readonly address: string;
  /** Ids that stand in the form, and what only this caller may send. */
  readonly fields: Readonly<Record<string, string>>;
  /** How the caller stands to what it asks for, in words. */
  readonly relation: string;
  readonly verdict: Verdict | 'signed-out' | 'forbidden' | 'public';
  readonly isLast: boolean;
  readonly alsoSeen: number | null;
}

interface Target {
  readonly relation: string;
  readonly id: string;
  readonly verdict: Verdict;
}

const MALFORMED = ['not-a-uuid'];
/** What exports ask besides; pages read the rest of the query and leave these. */
const QUERY = { format: 'csv', table: 'months' };

/** Linked, another service of the same headquarters, another jurisdiction. */
const STRANGERS: Readonly<Record<HomeName, readonly HomeName[]>> = {
  ...{ S: ['T', 'S2', 'SB'], T: ['S', 'S2', 'TB'], TI: ['S', 'TB'] },
  ...{ S2: [], SB: [], TB: [] },
};

/**
 * Every cell of one route. A caller who may not ask at all is asked about its own only.
 * @param everyTarget about everything all the same: what stands when the application does not ask
 */
export function cellsOf(
  route: Route,
  expectation: Expectation,
  callers: readonly Caller[],
  world: World,
  { everyTarget = false }: { readonly everyTarget?: boolean } = {},
): readonly Cell[] {
  const isApi = route.path.startsWith('/api/');
  return callers.flatMap((caller): Cell[] => {
    if (isApi && caller.family !== 'nobody' && caller.apiKey === '') return [];
    const make = (verdict: Cell['verdict'], { relation, id }: Omit<Target, 'verdict'>): Cell => {
      const isInForm = expectation.field !== undefined && route.method !== 'GET';
      const home = world[caller.home].organizationId;
      const typed = Object.entries(expectation.typed ?? {}).map(
        ([name, value]) => [name, value === 'own' ? home : value] as const,
      );
      const fields = { ...Object.fromEntries(typed), ...(isInForm ? { [expectation.field ?? '']: id } : {}) };
      const address = addressOf(route, expectation, id, world[caller.home]);
      const isLast = expectation.isLast === true;
      const alsoSeen = expectation.alsoSeen ?? null;
      return { route, caller, relation, address, fields, verdict, isLast, alsoSeen };
    };
    const plain = { relation: '', id: randomUUID() };
    if (expectation.who === null) return [make('public', plain)];
    const targets = targetsOf(expectation, caller, world);
    const own = targets[0] ?? plain;
    if (caller.family === 'nobody') return [make('signed-out', own)];
    if (!mayAsk(expectation.who, caller))
      return (everyTarget && targets.length > 0 ? targets : [own]).map((one) => make('forbidden', one));
    if (expectation.object === undefined) return [make('seen', plain)];
    return targets.map((target) => make(target.verdict, target));
  });
}

function targetsOf({ object }: Expectation, caller: Caller, world: World): readonly Target[] {
  if (object === undefined) return [];
  const missing = [
    { relation: 'missing', id: randomUUID(), verdict: 'hidden' as const },
    ...MALFORMED.map((id) => ({ relation: 'malformed', id, verdict: 'hidden' as const })),
  ].map((one) => (object === 'figures' ? { ...one, verdict: 'overlooked' as const } : one));
  if (object === 'missing') return missing;
  const homes = [caller.home, ...STRANGERS[caller.home]];
  const self =
    object === 'own-absence'
      ? [{ relation: `own absence ${caller.home}`, id: caller.absence, verdict: 'seen' as const }]
      : [];
  return [
    ...self,
    ...homes.flatMap((name) => ofHome(world[name], { kind: object, home: name }, caller)),
    ...missing,
  ];
}

function ofHome(home: Home, asked: Asked, caller: Caller): readonly Target[] {
  const target = (word: string, id: string, more: Partial<Asked> = {}): Target => ({
    relation: `${word} ${home.name}`,
    id,
    verdict: verdictOf(caller, { ...asked, ...more }),
  });
  switch (asked.kind) {
    case 'person':
    case 'person-journal':
      return [
        target('person', home.person),
        ...(home.name === caller.home ? [target('archived person', home.archived)] : []),
      ];
    case 'convocation':
    case 'outcome':
    case 'moving':
      return (['follow', 'exit'] as const).flatMap((type) =>
        statesOf(home, type, caller).map((state) =>
          target(`${state} ${type}`, home[type][state], { type, state }),
        ),
      );
    case 'reminded':
      return [target('follow', home.follow.booked)];
    case 'place':
      return [target('place', home.placeId)];
    case 'task':
      return [target('task', home.task)];
    case 'agent':
    case 'agent-journal':
      return [target('agent', home.agent)];
    case 'agenda':
    case 'slots':
    case 'slot-in-agenda':
      return [target('agenda', home.agendaId)];
    default:
      return [target(asked.kind, thingOf(home, asked.kind, caller.at))];
  }
}

/** @param at of what an act uses up, the one of this caller */
function thingOf({ organizationId, things }: Home, kind: ObjectKind, at: number): string {
  const found: Partial<Record<ObjectKind, string | undefined>> = {
    ...{ service: organizationId, 'own-service': organizationId, antenna: organizationId },
    ...{ figures: organizationId, certificate: things.certificate, template: things.template },
    ...{ absence: things.absences[2 * at], 'own-absence': things.absences[2 * at + 1] },
    ...{ alert: things.alerts[at], 'alert-to-read': things.alerts[0], rollout: things.rollouts[at] },
    ...{ 'transfer-to-answer': things.transferToAnswer, 'transfer-asked': things.transferAsked },
    ...{ key: things.key, webhook: things.webhook, trial: things.trial, baseline: things.baseline },
    'rollout-plan': things.rolloutPlan,
  };
  const id = found[kind];
  if (id === undefined) throw new Error(`the world has no ${kind}`);
  return id;
}

/** Every state of one's own follow-up; of the rest, what is to come and what is past. */
function statesOf(home: Home, type: 'follow' | 'exit', caller: Caller): readonly State[] {
  if (home.name === caller.home) return type === 'follow' ? STATES : ['booked', 'past'];
  return home.name === 'S2' ? ['past'] : ['booked'];
}

function addressOf(route: Route, { parameters = {}, field }: Expectation, id: string, own: Home): string {
  const path = route.path.replaceAll(/:(\w+)/g, (_whole, name: string) => {
    if (name === 'slotId') return own.slotId;
    return parameters[name] ?? id;
  });
  if (route.path === '/api/v1/statistics/attendance') return `${path}?from=2026-01-01&to=2026-06-30`;
  if (field === undefined || route.method !== 'GET') return path;
  return `${path}?${new URLSearchParams({ ...QUERY, [field]: id }).toString()}`;
}
