import { RouteDeclarations } from '../../src/access/route-declarations.js';
import { buildCallers, type Caller, twinOf } from '../matrix/callers.js';
import type { Cell } from '../matrix/cells.js';
import { expectationOf } from '../matrix/expected.js';
import { nameOf, play } from '../matrix/play.js';
import { buildWorld } from '../matrix/world.js';
import { startTestApp, type TestApp } from '../support/app.js';

/** One role of each family, and nobody. */
const WHO = /^(admin S|cpip S|bex T|sap-clerk T|local-admin T|anonymous)$/;
/** The rooms in which persons are met; `npm run test:matrix` asks for all of them. */
const ROOMS = /^(GET|PATCH|POST) (\/api\/v1)?\/(persons|convocations|tasks|agendas|statistics)/;

describe('the matrix of rights, in short', () => {
  let web: TestApp;
  beforeAll(async () => {
    web = await startTestApp({ env: { RATE_LIMITS: 'off' } });
  });
  afterAll(() => web.close());

  const routes = () => web.app.get(RouteDeclarations).routes();

  it('says of every route who may ask', () => {
    expect(
      routes()
        .map(nameOf)
        .filter((name) => expectationOf(name) === undefined),
    ).toEqual([]);
  });

  it('is answered as written, foreign rows like missing ones, and tells nobody of strangers', async () => {
    const world = await buildWorld(web.dataSource);
    const callers = (await buildCallers(web.dataSource, world)).filter(({ name }) => WHO.test(name));
    const seen = new Set<string>();
    const isFirstOfItsKind = ({ route, caller, verdict, relation }: Cell) => {
      const kind = `${nameOf(route)} ${caller.family} ${verdict} ${verdict === 'hidden' ? relation : ''}`;
      const isFirst = !seen.has(kind);
      seen.add(kind);
      return isFirst;
    };
    const asked = routes().filter((route) => ROOMS.test(nameOf(route)));
    const twin = (caller: Caller) => twinOf(web.dataSource, world, caller);
    const stage = { baseUrl: web.baseUrl, routes: asked, world, callers, twin };
    const played = await play({ ...stage, picks: isFirstOfItsKind });
    expect(played.wrong).toEqual([]);
    expect(played.leaks).toEqual([]);
    expect(played.cells).toBeGreaterThan(500);
  }, 600_000);
});
