import type { Browser, Page } from 'playwright-core';
import { RouteDeclarations } from '../../src/access/route-declarations.js';
import type { Role } from '../../src/access/domain/roles.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { keepScreenshot, launchBrowser, openContext, pageFaults, watchErrors } from '../support/browser.js';
import { BrowserWorld } from '../support/browser-world.js';
import { prepareSights } from '../support/sights.js';
import type { Sight } from '../support/sights/sight.js';

const SCREENS = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 320, scheme: 'light' },
  { width: 320, scheme: 'dark' },
] as const;

/** A dark page is the light one in other colours: all else was judged in the light. */
const RULES = { light: undefined, dark: ['color-contrast', 'link-in-text-block'] };

/** An administrator has more pages than one test has time for; in the order of the sights. */
interface Part {
  readonly number: number;
  readonly of: number;
}
const PARTS: Partial<Record<string, number>> = { admin: 4, cpip: 2 };

/** Answers programs read, files, the way through a provider of identities, another library's board. */
const NOT_PAGES =
  /^\/(api|health|metrics|assets)(\/|$)|\.csv$|\/export$|^\/absence\/report$|\/file$|^\/sign-in\/oidc|^\/sign-out\/done$|^\/console\/jobs/;

let test: TestApp;
let browser: Browser;
let world: BrowserWorld;
let sights: readonly Sight[];

beforeAll(async () => {
  test = await startTestApp();
  browser = await launchBrowser();
  world = await new BrowserWorld(test).build();
  sights = await prepareSights(world);
});

afterAll(async () => {
  await browser.close();
  await test.close();
});

it('looks at every page the application has', () => {
  const pages = test.app
    .get(RouteDeclarations)
    .routes()
    .filter(({ method, path }) => method === 'GET' && !NOT_PAGES.test(path))
    .map(({ path }) => path);
  expect(pages.length).toBeGreaterThan(0);
  const paths = sights.filter(({ status }) => (status ?? 200) < 400).map(({ path }) => path.split('?')[0]);
  const unseen = pages.filter((route) => {
    const rivals = pages.filter((other) => !other.includes(':') && other !== route);
    const pattern = new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`);
    return !paths.some((path = '') => pattern.test(path) && !rivals.includes(path));
  });
  expect(unseen).toEqual([]);
});

/** Faults by name of what was looked at; each page is opened once, then seen in every window. */
async function lookAt(role: Role | null, part: Part): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  const context = await openContext(browser, test.baseUrl, { ...SCREENS[0], scripts: true });
  if (role !== null)
    await context.addCookies([{ name: 'sid', value: await world.session(role), url: test.baseUrl }]);
  const own = sights.filter((other) => other.role === role);
  const share = Math.ceil(own.length / part.of);
  for (const sight of own.slice((part.number - 1) * share, part.number * share)) {
    const page = await context.newPage();
    const faults = await faultsOf(page, sight);
    if (faults.length > 0) found[sight.name] = faults;
    await page.close();
  }
  await context.close();
  return found;
}

async function faultsOf(page: Page, { name, path, act, status }: Sight): Promise<string[]> {
  const errors = watchErrors(page);
  let answered = 0;
  page.on('response', (answer) => {
    if (answer.request().isNavigationRequest()) answered = answer.status();
  });
  await page.goto(path);
  await act?.(page);
  await page.waitForLoadState();
  const faults: string[] = [];
  for (const { width, scheme } of SCREENS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    const seen = await pageFaults(page, RULES[scheme]);
    faults.push(...seen.map((fault) => `${width} px, ${scheme}: ${fault}`));
    await keepScreenshot(page, `${name}-${width}-${scheme}`);
  }
  if (answered !== (status ?? 200)) faults.push(`answered ${answered}`);
  return [...faults, ...errors];
}

const ROLES = [null, 'cpip', 'bex', 'dpip', 'admin'] as const;

it.each(
  ROLES.flatMap((role) => {
    const of = PARTS[role ?? 'nobody'] ?? 1;
    return Array.from({ length: of }, (_, at) => [role, { number: at + 1, of }] as const);
  }),
)(
  'has no fault on any page, wide or narrow, light or dark, for %s, part %j',
  async (role, part) => {
    expect(await lookAt(role, part)).toEqual({});
  },
  240_000,
);

it('looks as every role it lists', () => {
  expect(new Set(sights.map(({ role }) => role))).toEqual(new Set(ROLES));
});

it('prints a day list without menu or buttons', async () => {
  const context = await openContext(browser, test.baseUrl, { width: 800, scripts: true });
  const role: Role = 'cpip';
  await context.addCookies([{ name: 'sid', value: await world.session(role), url: test.baseUrl }]);
  const page = await context.newPage();
  await page.goto('/days/2026-06-12');
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('link', { name: 'Agendas' }).first().isVisible()).toBe(false);
  expect(await page.getByRole('button', { name: 'Tous présents sauf…' }).isVisible()).toBe(false);
  expect(await page.getByRole('link', { name: 'Théo Brindille', exact: true }).isVisible()).toBe(true);
  await keepScreenshot(page, 'day-print');
  await context.close();
});
