import { DataSource } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { may } from '../../src/access/domain/rights.js';
import { BEX_ROLES } from '../../src/access/domain/roles.js';
import { Identification } from '../../src/access/identification.port.js';
import { type Route, RouteDeclarations } from '../../src/access/route-declarations.js';
import { buildCallers, type Caller } from '../matrix/callers.js';
import { nameOf } from '../matrix/play.js';
import { buildWorld, type World } from '../matrix/world.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, formsOf } from '../support/browser-lite.js';

/** Six of the seven roles of the enforcement office have the same rights: one stands for them. */
const TWINS = BEX_ROLES.filter((role) => role !== 'bex' && role !== 'bex-head-clerk').map(
  (role) => `${role} T`,
);
/** Pages of one kind that are looked at: rows of a list differ in whose they are. */
const OF_A_KIND = 2;

let web: TestApp;
let world: World;
let routes: readonly (Route & { readonly pattern: RegExp })[];
const callers = new Map<string, Caller>();

beforeAll(async () => {
  web = await startTestApp();
  world = await buildWorld(web.dataSource);
  for (const caller of await buildCallers(web.dataSource, world)) callers.set(caller.name, caller);
  routes = web.app
    .get(RouteDeclarations)
    .routes()
    .map((route) => ({ ...route, pattern: new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`) }))
    .toSorted((a, b) => a.path.split(':').length - b.path.split(':').length);
});
afterAll(() => web.close());

const routeOf = (method: string, path: string) =>
  routes.find((route) => route.method === method && route.pattern.test(path));

/** Where an agent begins: the home page, the settings, and what only a search leads to. */
function beginnings({ home }: Caller): string[] {
  const { person, archived, agent, follow, exit } = world[home];
  const near = home === 'T' ? Object.values(world.S.exit) : [];
  const convocations = [...Object.values(follow), ...Object.values(exit), ...near];
  return [
    ...['/', '/settings', `/persons/${person}`, `/persons/${archived}`, `/agents/${agent}`],
    ...convocations.map((id) => `/convocations/${id}`),
  ];
}

const plain = (attribute: string) => attribute.replaceAll('&amp;', '&').replace(/#.*$/, '');

function linksOf(html: string): string[] {
  return [...html.matchAll(/<a\b[^>]*\bhref="(\/[^"]*)"/g)].map(([, href = '']) => plain(href));
}

/** What a page offers that its reader would be refused. */
class Visit {
  readonly faults = new Set<string>();
  readonly pages = new Set<string>();
  private readonly browser: Browser;
  private readonly asked = new Map<string, Set<string>>();

  constructor(
    { cookie }: Caller,
    private readonly actor: Actor,
  ) {
    this.browser = new Browser(web.baseUrl, cookie);
  }

  /** Follows the links that are offered, some of each kind. */
  async from(beginnings: readonly string[]): Promise<void> {
    const waiting = beginnings.map((path) => ({ path, isOffered: false, on: '' }));
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { path, isOffered, on } = next;
      const { status, text } = await this.browser.get(path);
      if (isOffered && status >= 400) this.faults.add(`${on} offers ${path}: ${status}`);
      if (status !== 200) continue;
      const page = this.kindOf('GET', path) ?? path;
      this.pages.add(page);
      this.readForms(text, path, page);
      for (const link of linksOf(text))
        if (this.isNew(link, page)) waiting.push({ path: link, isOffered: true, on: page });
    }
  }

  private isNew(link: string, page: string): boolean {
    if (link.startsWith('/assets/')) return false;
    const kind = this.kindOf('GET', link);
    if (kind === undefined) this.faults.add(`${page} offers ${link}: no such page`);
    if (kind === undefined) return false;
    const asked = this.asked.get(kind) ?? new Set<string>();
    this.asked.set(kind, asked);
    const isNew = !asked.has(link) && asked.size < OF_A_KIND;
    if (isNew) asked.add(link);
    return isNew;
  }

  private readForms(html: string, address: string, page: string): void {
    for (const { method, action } of formsOf(html)) {
      const [path = ''] = plain(action === '' ? address : action).split('?');
      const requirement = routeOf(method.toUpperCase(), path)?.requirement;
      const mayAct =
        requirement !== undefined && (requirement.kind !== 'action' || may(this.actor, requirement.action));
      if (!mayAct) this.faults.add(`${page} offers ${method} ${path}`);
    }
  }

  private kindOf(method: string, link: string): string | undefined {
    const [path = ''] = link.split('?');
    const route = routeOf(method, path);
    return route === undefined ? undefined : nameOf(route);
  }
}

describe('what pages offer', () => {
  it.each([
    ...['admin S', 'local-admin T', 'local-admin S', 'bex T', 'bex-head-clerk T', 'bex inter-ressort'],
    ...['jap T', 'sap-secretary T', 'sap-head-clerk T', 'sap-clerk T'],
    ...[
      'dpip S',
      'dpip of a headquarters',
      'local-admin of a headquarters',
      'psychologist of a headquarters',
      'overseer of a headquarters',
      'cpip S',
      'spip-secretary S',
      'educator S',
      'psychologist S',
      'overseer S',
    ],
  ])('is open to who reads them: %s', async (name) => {
    const caller = callers.get(name);
    if (caller === undefined) throw new Error(`nobody is ${name}`);
    const token = caller.cookie.split('=')[1] ?? '';
    const session = await web.app
      .get(DataSource)
      .transaction((tx) => web.app.get(Identification).ofSession(tx, token));
    if (session === undefined) throw new Error(`${name} is not signed in`);
    const visit = new Visit(caller, session.actor);
    await visit.from(beginnings(caller));
    expect([...visit.faults].toSorted()).toEqual([]);
    expect(visit.pages.size).toBeGreaterThan(15);
  });

  it('was asked of every agent there is, but twins', () => {
    const agents = [...callers.values()].filter(({ family }) => family !== 'nobody').map(({ name }) => name);
    expect(agents.filter((name) => !TWINS.includes(name))).toHaveLength(20);
  });
});
