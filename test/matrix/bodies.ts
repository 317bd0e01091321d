import { randomUUID } from 'node:crypto';
import type { Route } from '../../src/access/route-declarations.js';
import { inputsOf } from '../support/route-inputs.js';
import { formsOf } from '../support/browser-lite.js';
import type { Caller } from './callers.js';
import type { Home, HomeName } from './world.js';

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
export function soundFields(own: Home): Readonly<Record<string, string>> {
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

export interface ShownForm {
  /** Path of the route it posts to. */
  readonly route: string;
  readonly action: string;
  /** Where it stands. */
  readonly page: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Forms as the pages show them, by the route they post to: a form takes its own fields and no other. */
export class KnownForms {
  private readonly forms = new Map<string, Readonly<Record<string, string>>>();
  private readonly byCaller = new Map<string, ShownForm>();
  private readonly posts: readonly { readonly name: string; readonly address: RegExp }[];

  constructor(routes: readonly Route[]) {
    this.posts = routes
      .filter(({ method }) => method === 'POST')
      .toSorted((a, b) => a.path.split(':').length - b.path.split(':').length)
      .map(({ path }) => ({ name: path, address: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`) }));
  }

  /** @param page the address it was read from */
  learn(html: string, { name, home }: Pick<Caller, 'name' | 'home'>, page: string): void {
    for (const { action, method, fields } of formsOf(html)) {
      if (method !== 'post') continue;
      const address = action.split('?')[0] ?? '';
      const post = this.posts.find((one) => one.address.test(address));
      if (post === undefined) continue;
      this.forms.set(`${home} ${post.name}`, fields);
      this.byCaller.set(`${name} ${post.name}`, { route: post.name, action, page, fields });
    }
  }

  /** Forms that this very caller was shown, one of each route. */
  shownTo({ name }: Pick<Caller, 'name'>): readonly ShownForm[] {
    return [...this.byCaller].flatMap(([key, form]) => (key === `${name} ${form.route}` ? [form] : []));
  }

  of({ path }: Route, home: HomeName): Readonly<Record<string, string>> {
    return this.forms.get(`${home} ${path}`) ?? {};
  }
}

/** What a caller of this service sends to the route; undefined for a route without a body. */
export function payloadOf(
  route: Route,
  own: Home,
  csrfToken: string,
  forms: KnownForms,
  ids: Readonly<Record<string, string>> = {},
): Payload | undefined {
  if (route.method === 'GET') return undefined;
  if (!route.path.startsWith('/api/')) {
    const sound = soundFields(own);
    const shown = Object.entries(forms.of(route, own.name));
    const fields = Object.fromEntries(shown.map(([name, value]) => [name, sound[name] ?? value]));
    const hidden = { _csrf: csrfToken, formToken: randomUUID() };
    return {
      type: 'application/x-www-form-urlencoded',
      body: new URLSearchParams({ ...fields, ...ids, ...hidden }).toString(),
    };
  }
  const known = values(own);
  const fields = (inputsOf(route).body ?? []).flatMap((name) =>
    known[name] === undefined ? [] : [[name, known[name]] as const],
  );
  return { type: 'application/json', body: JSON.stringify(Object.fromEntries(fields)) };
}
