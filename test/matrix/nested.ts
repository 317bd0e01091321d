import { randomUUID } from 'node:crypto';
import type { Caller } from './callers.js';
import { kinOf } from './expected.js';
import { type Fire } from './fire.js';
import { leaksIn, masked } from './judge.js';
import { HOMES, type Home, type World } from './world.js';

export interface NestedResult {
  readonly cells: number;
  readonly wrong: readonly string[];
  readonly leaks: readonly string[];
}

interface Probe {
  readonly name: string;
  readonly method: string;
  readonly path: (own: Home, id: string) => string;
  readonly body?: (own: Home, id: string) => Readonly<Record<string, unknown>>;
  /** The foreign id that is smuggled in. */
  readonly id: (foreign: Home) => string;
}

const booking = (own: Home) => ({
  ...{ personId: own.person, typeCode: own.name === 'S' ? 'suivi-spip' : 'suivi-jap', notify: false },
  ...{ date: '2030-06-12', time: '10:00' },
});

/** Ids of another service inside a request about one's own: as if the row did not exist. */
const PROBES: readonly Probe[] = [
  {
    ...{ name: 'seat of another service', method: 'POST', path: () => '/api/v1/convocations' },
    body: ({ person, name }, slotId) => ({
      ...{ personId: person, slotId, notify: false },
      typeCode: name === 'S' ? 'sortie-audience-spip' : 'sortie-audience-sap',
    }),
    id: ({ slotId }) => slotId,
  },
  {
    ...{ name: 'agenda of another service', method: 'POST', path: () => '/api/v1/convocations' },
    body: (own, agendaId) => ({ ...booking(own), agendaId }),
    id: ({ agendaId }) => agendaId,
  },
  {
    ...{ name: 'person of another service', method: 'POST', path: () => '/api/v1/convocations' },
    body: (own, personId) => ({ ...booking(own), agendaId: own.agendaId, personId }),
    id: ({ person }) => person,
  },
  {
    ...{ name: 'slot in an agenda of another service', method: 'POST', path: () => '/api/v1/slots' },
    body: (_own, agendaId) => ({
      ...{
        agendaId,
        typeCode: 'sap-ddse',
        date: '2030-06-12',
        time: '10:00',
        durationMinutes: 30,
        capacity: 1,
      },
    }),
    id: ({ agendaId }) => agendaId,
  },
  {
    ...{ name: 'person registered elsewhere', method: 'POST', path: () => '/api/v1/persons' },
    body: (_own, id) => ({ firstName: 'Ada', lastName: 'Essai', noPhone: true, organizationIds: [id] }),
    id: ({ organizationId }) => organizationId,
  },
  {
    ...{ name: 'referent of another service', method: 'POST', path: () => '/api/v1/persons' },
    body: (_own, referentId) => ({ firstName: 'Ada', lastName: 'Essai', noPhone: true, referentId }),
    id: ({ agent }) => agent,
  },
  {
    ...{ name: 'moved to another service', method: 'POST' },
    path: (own) => `/api/v1/convocations/${own.follow.booked}/reschedule`,
    body: (_own, agendaId) => ({ agendaId, date: '2030-06-12', time: '10:00' }),
    id: ({ agendaId }) => agendaId,
  },
  {
    ...{ name: 'slots of another service', method: 'GET' },
    path: (_own, id) => `/api/v1/slots?agendaId=${id}`,
    id: ({ agendaId }) => agendaId,
  },
  {
    ...{ name: 'slots of a place of another service', method: 'GET' },
    path: (_own, id) => `/api/v1/slots?placeId=${id}`,
    id: ({ placeId }) => placeId,
  },
  {
    ...{ name: 'figures of another service', method: 'GET' },
    path: (_own, id) => `/api/v1/statistics/attendance?organizationId=${id}&from=2026-01-01&to=2026-06-30`,
    id: ({ organizationId }) => organizationId,
  },
];

/** Fields nobody may set from outside. */
const HIDDEN: readonly Readonly<Record<string, unknown>>[] = [
  { role: 'admin' },
  { organizationId: randomUUID() },
  { createdByOrganizationId: randomUUID() },
  { createdByAgentId: randomUUID() },
  { archivedAt: null },
  { state: 'attended' },
  { id: randomUUID() },
];

/** Within a family the roles differ in what they may do, not in what is foreign to them. */
function onePerFamily(callers: readonly Caller[]): readonly Caller[] {
  const keys = callers.filter(({ family, apiKey }) => family !== 'nobody' && apiKey !== '');
  return [...new Map(keys.toReversed().map((caller) => [caller.family, caller])).values()];
}

/** Foreign ids inside requests, and fields that no form shows; by a key of each family of roles. */
export async function playNested(
  fire: Fire,
  callers: readonly Caller[],
  world: World,
): Promise<NestedResult> {
  const wrong: string[] = [];
  let cells = 0;
  const leaks: string[] = [];
  const programs = onePerFamily(callers);
  for (const caller of programs) {
    const own = world[caller.home];
    const ask = (method: string, path: string, body?: unknown) =>
      fire.send(
        method,
        path,
        {
          authorization: `Bearer ${caller.apiKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body === undefined ? undefined : JSON.stringify(body),
      );
    for (const probe of PROBES) {
      const missing = randomUUID();
      const nothing = await ask(probe.method, probe.path(own, missing), probe.body?.(own, missing));
      for (const name of HOMES) {
        if (caller.family === 'admin' || kinOf(caller, name) !== 'foreign') continue;
        const id = probe.id(world[name]);
        const path = probe.path(own, id);
        const answer = await ask(probe.method, path, probe.body?.(own, id));
        cells += 1;
        leaks.push(
          ...leaksIn(world, caller, answer).map((mark) => `${caller.name}: ${probe.name} ${name}: ${mark}`),
        );
        const isSame = masked(answer, path) === masked(nothing, probe.path(own, missing));
        if (!isSame)
          wrong.push(`${caller.name}: ${probe.name} ${name}: ${answer.status}, missing: ${nothing.status}`);
      }
    }
    for (const field of HIDDEN)
      for (const path of ['/api/v1/persons', '/api/v1/convocations']) {
        const body = path.endsWith('persons')
          ? { firstName: 'Ada', lastName: 'Essai', noPhone: true, ...field }
          : { ...booking(own), agendaId: own.agendaId, ...field };
        const answer = await ask('POST', path, body);
        cells += 1;
        if (answer.status !== 400)
          wrong.push(
            `${caller.name}: hidden field ${Object.keys(field).join()} at ${path}: ${answer.status}`,
          );
      }
  }
  return { cells, wrong, leaks };
}
