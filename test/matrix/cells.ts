import { randomUUID } from 'node:crypto';
import type { Route } from '../../src/access/route-declarations.js';
import type { Caller } from './callers.js';
import { type Asked, type Expectation, mayAsk, type Verdict, verdictOf } from './expected.js';
import { type Home, type HomeName, type State, STATES, type World } from './world.js';

export interface Cell {
  readonly route: Route;
  readonly caller: Caller;
  readonly address: string;
  /** How the caller stands to what it asks for, in words. */
  readonly relation: string;
  readonly verdict: Verdict | 'signed-out' | 'forbidden' | 'public';
  readonly isLast: boolean;
  readonly mayBeMissing: boolean;
}

interface Target {
  readonly relation: string;
  readonly id: string;
  readonly verdict: Verdict;
}

const MALFORMED = ['not-a-uuid'];

/** Linked, another service of the same headquarters, another jurisdiction. */
const STRANGERS: Readonly<Record<HomeName, readonly HomeName[]>> = {
  ...{ S: ['T', 'S2', 'SB'], T: ['S', 'S2', 'TB'], TI: ['S', 'TB'] },
  ...{ S2: [], SB: [], TB: [] },
};

/** Every cell of one route. A caller who may not ask at all is asked about its own only. */
export function cellsOf(
  route: Route,
  expectation: Expectation,
  callers: readonly Caller[],
  world: World,
): readonly Cell[] {
  const isApi = route.path.startsWith('/api/');
  return callers.flatMap((caller): Cell[] => {
    if (isApi && caller.family !== 'nobody' && caller.apiKey === '') return [];
    const make = (verdict: Cell['verdict'], { relation, id }: Omit<Target, 'verdict'>): Cell => {
      const address = addressOf(route, expectation, id, world[caller.home]);
      const isLast = expectation.isLast === true;
      const mayBeMissing = expectation.mayBeMissing === true;
      return { route, caller, relation, address, verdict, isLast, mayBeMissing };
    };
    const plain = { relation: '', id: randomUUID() };
    if (expectation.who === null) return [make('public', plain)];
    const targets = targetsOf(expectation, caller, world);
    const own = targets[0] ?? plain;
    if (caller.family === 'nobody') return [make('signed-out', own)];
    if (!mayAsk(expectation.who, caller)) return [make('forbidden', own)];
    if (expectation.object === undefined) return [make('seen', plain)];
    return targets.map((target) => make(target.verdict, target));
  });
}

function targetsOf({ object }: Expectation, caller: Caller, world: World): readonly Target[] {
  if (object === undefined) return [];
  const missing = [
    { relation: 'missing', id: randomUUID(), verdict: 'hidden' as const },
    ...MALFORMED.map((id) => ({ relation: 'malformed', id, verdict: 'hidden' as const })),
  ];
  if (object === 'missing') return missing;
  const homes = [caller.home, ...STRANGERS[caller.home]];
  return [...homes.flatMap((name) => ofHome(world[name], { kind: object, home: name }, caller)), ...missing];
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
    default:
      return [target('agenda', home.agendaId)];
  }
}

/** Every state of one's own follow-up; of the rest, what is to come and what is past. */
function statesOf(home: Home, type: 'follow' | 'exit', caller: Caller): readonly State[] {
  if (home.name === caller.home) return type === 'follow' ? STATES : ['booked', 'past'];
  return home.name === 'S2' ? ['past'] : ['booked'];
}

function addressOf(route: Route, { parameters = {} }: Expectation, id: string, own: Home): string {
  const path = route.path.replaceAll(/:(\w+)/g, (_whole, name: string) => {
    if (name === 'slotId') return own.slotId;
    return parameters[name] ?? id;
  });
  return route.path === '/api/v1/statistics/attendance' ? `${path}?from=2026-01-01&to=2026-06-30` : path;
}
