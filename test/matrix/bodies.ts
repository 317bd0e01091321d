import type { Route } from '../../src/access/route-declarations.js';
import { inputsOf } from '../support/route-inputs.js';
import type { Home } from './world.js';

const DATE = '2030-06-12';

/** Sound in shape: what is refused is refused for whose it is, or for its state, and not for its spelling. */
function values(own: Home): Readonly<Record<string, unknown>> {
  return {
    ...{ firstName: 'Dominique', lastName: 'Essai', birthDate: '1990-04-14', phone: '06 12 34 56 78' },
    ...{ typeCode: own.name.startsWith('S') ? 'suivi-spip' : 'suivi-jap', agendaId: own.agendaId },
    ...{ date: DATE, time: '10:00', notify: true, cancelledBy: 'service', query: 'Dominique', limit: 20 },
    ...{
      durationMinutes: 30,
      capacity: 1,
      input: '0612345678',
      text: 'RDV demain',
      timeZone: 'Europe/Paris',
    },
    ...{ bookedAt: '2030-06-01T08:00:00Z', personId: own.person },
  };
}

/** Fields of every form of the pages: a form reads its own and leaves the others. */
function formFields(own: Home): Readonly<Record<string, string>> {
  const plain = Object.entries(values(own)).map(([name, value]) => [name, String(value)] as const);
  return {
    ...Object.fromEntries(plain),
    ...{ seat: 'free', agenda: own.agendaId, role: 'cpip', note: 'note', reason: 'changement de service' },
    ...{ from: '2030-06-17', to: '2030-06-20', weeks: '1', times: '09:00', week: '2030-06-17' },
    ...{ wordMeans: 'phone', wordSaidOn: '2026-06-09', organization: own.organizationId, show: 'mine' },
    ...{ outcome: 'reached', version: '0', rows: '1', confirmed: 'true', email: 'nouveau@example.test' },
  };
}

export interface Payload {
  readonly type: string;
  readonly body: string;
}

/** What a caller of this service sends to the route; undefined for a route without a body. */
export function payloadOf(route: Route, own: Home, csrfToken: string): Payload | undefined {
  if (route.method === 'GET') return undefined;
  if (!route.path.startsWith('/api/')) {
    const fields = { ...formFields(own), _csrf: csrfToken };
    return {
      type: 'application/x-www-form-urlencoded',
      body: new URLSearchParams(fields).toString(),
    };
  }
  const known = values(own);
  const fields = (inputsOf(route).body ?? []).flatMap((name) =>
    known[name] === undefined ? [] : [[name, known[name]] as const],
  );
  return { type: 'application/json', body: JSON.stringify(Object.fromEntries(fields)) };
}
