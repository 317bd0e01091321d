import type { Browser } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  keepScreenshot,
  launchBrowser,
  openContext,
  overflow,
  violations,
  watchErrors,
} from '../support/browser.js';
import { BrowserWorld, FRIDAY_AFTERNOON } from '../support/browser-world.js';
import type { Role } from '../../src/access/domain/roles.js';

interface Sight {
  readonly name: string;
  readonly path: string;
  readonly role: Role | null;
}

const SCREENS = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 320, scheme: 'light' },
] as const;

let test: TestApp;
let browser: Browser;
let sights: Sight[];

/** Four persons of Friday: to come, to mark, and one who stopped messages. */
async function prepare(world: BrowserWorld): Promise<Sight[]> {
  const persons = await Promise.all(
    ['Awa Kermadec', 'Théo Brindille', 'Rosa Quintal'].map((name) => {
      const [first = '', last = ''] = name.split(' ');
      return world.person(first, last);
    }),
  );
  const [awa = '', theo = '', rosa = ''] = persons;
  const morning = await world.booked(awa, '2026-06-12', '09:00');
  await world.booked(theo, '2026-06-12', '10:30');
  const evening = await world.booked(rosa, '2026-06-12', '17:00');
  const stop = await world.stopLink(evening);
  const welcome = await world.invitation();
  await world.moveTo(FRIDAY_AFTERNOON);
  const open: Sight[] = [
    { name: 'sign-in', path: '/sign-in', role: null },
    { name: 'welcome', path: welcome, role: null },
    { name: 'stop', path: stop, role: null },
    { name: 'accessibility', path: '/accessibility', role: null },
    { name: 'privacy', path: '/privacy', role: null },
  ];
  const agent = (name: string, path: string, role: Role = 'cpip'): Sight => ({ name, path, role });
  return [
    ...open,
    agent('home', '/'),
    agent('home-court', '/', 'bex'),
    agent('home-director', '/', 'dpip'),
    agent('search', '/persons/search'),
    agent('new-person', '/persons/new'),
    agent('person', `/persons/${awa}`),
    agent('edit-person', `/persons/${awa}/edit`),
    agent('booking', `/persons/${awa}/convoke`),
    agent('convocation-past', `/convocations/${morning}`),
    agent('convocation-coming', `/convocations/${evening}`),
    agent('reschedule', `/convocations/${evening}/reschedule`),
    agent('day', '/days/2026-06-12'),
    agent('unmarked', '/attention/unmarked'),
    agent('agendas', '/agendas'),
    agent('agenda', `/agendas/${world.nanterre}`, 'dpip'),
    agent('absence', '/absence', 'dpip'),
    agent('forbidden', '/absence', 'cpip'),
    agent('not-found', '/nothing-here'),
  ];
}

beforeAll(async () => {
  test = await startTestApp();
  browser = await launchBrowser();
  const world = await new BrowserWorld(test).build();
  sights = await prepare(world);
  for (const role of ['cpip', 'dpip', 'bex'] as const) sessions.set(role, await world.session(role));
});

afterAll(async () => {
  await browser.close();
  await test.close();
});

const sessions = new Map<Role, string>();

describe.each(SCREENS)('every page at $width px, $scheme', ({ width, scheme }) => {
  it('has no accessibility fault, no sideways scroll and no refused script or style', async () => {
    const found: Record<string, unknown> = {};
    for (const { name, path, role } of sights) {
      const context = await openContext(browser, test.baseUrl, { width, scheme, scripts: true });
      const token = role === null ? undefined : sessions.get(role);
      if (token !== undefined) await context.addCookies([{ name: 'sid', value: token, url: test.baseUrl }]);
      const page = await context.newPage();
      const errors = watchErrors(page);
      await page.goto(path);
      const faults = [...(await violations(page)), ...errors];
      const sideways = await overflow(page);
      if (sideways > 0) faults.push(`wider than the window by ${sideways} px`);
      if (faults.length > 0) found[name] = faults;
      await keepScreenshot(page, `${name}-${width}-${scheme}`);
      await context.close();
    }
    expect(found).toEqual({});
  }, 240_000);
});

it('prints a day list without menu or buttons', async () => {
  const context = await openContext(browser, test.baseUrl, { width: 800, scripts: true });
  await context.addCookies([{ name: 'sid', value: sessions.get('cpip') ?? '', url: test.baseUrl }]);
  const page = await context.newPage();
  await page.goto('/days/2026-06-12');
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('link', { name: 'Agendas' }).first().isVisible()).toBe(false);
  expect(await page.getByRole('button', { name: 'Tous présents sauf…' }).isVisible()).toBe(false);
  expect(await page.getByRole('link', { name: 'Théo Brindille', exact: true }).isVisible()).toBe(true);
  await keepScreenshot(page, 'day-print');
  await context.close();
});
