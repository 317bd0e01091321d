import type { Browser } from 'playwright-core';
import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type AttendedService, anAttendedService, writePast } from '../support/attendance.js';
import { follow, launchBrowser, openContext, overflow, pageFaults, watchErrors } from '../support/browser.js';
import { aSignedInAgent, type SignedIn } from '../support/builders.js';
import { moveClock } from '../support/database.js';
import { keepScreenshot } from '../support/screenshots.js';

const NAMES = [
  'Ajoncs',
  'Bruyères',
  'Chênes',
  'Dunes',
  'Églantiers',
  'Frênes',
  'Genêts',
  'Houx',
  'Iris',
  'Jasmins',
];

let test: TestApp;
let browser: Browser;
const agents = new Map<'admin' | 'dpip' | 'cpip', SignedIn>();

beforeAll(async () => {
  test = await startTestApp({ role: 'all' });
  await moveClock(test.dataSource, '2026-06-10T10:00:00Z');
  const services: AttendedService[] = [];
  for (const [at, name] of NAMES.entries())
    services.push(
      await anAttendedService(test.dataSource, {
        name: `SPIP ${name}`,
        ...(at === 9 ? {} : { startedOn: startOf(at) }),
      }),
    );
  await writeHistory(services);
  const [first] = services;
  if (first === undefined) throw new Error('no service');
  const { organizationId } = first;
  for (const role of ['admin', 'dpip', 'cpip'] as const)
    agents.set(role, await aSignedInAgent(test.dataSource, { organizationId, role }));
  await writeCaseload(first);
  for (const [at, service] of services.slice(0, 5).entries())
    for (const month of ['2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03'])
      await writePast(test.dataSource, service, {
        month,
        attended: at === 4 ? 12 : 70 + 9 * at,
        missed: at === 4 ? 2 : 22,
      });
  await test.app.get(ScheduledTasks).run('publish-figures');
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await test.close();
});

const startOf = (at: number) => `2025-${String(at + 2).padStart(2, '0')}-01`;

/** Imported months from 2022 on, six points less once begun, and one service far above the others. */
async function writeHistory(services: readonly AttendedService[]): Promise<void> {
  await test.dataSource.query(
    `WITH source AS (
       INSERT INTO baseline_import (organization_id, source) SELECT unnest($1::uuid[]), 'registre' RETURNING id, organization_id
     ), begun AS (
       INSERT INTO rollout (organization_id, started_on)
       SELECT id, rolled_out_on FROM organization WHERE id = ANY($1) AND rolled_out_on IS NOT NULL
     )
     INSERT INTO baseline_count (organization_id, month, attended, missed, excused, unknown, import_id)
     SELECT s.organization_id, m.month, n.known - n.missed - 8, n.missed, 8, (m.month::date - '2022-01-01'::date) % 3, s.id
       FROM source s JOIN organization o ON o.id = s.organization_id
       CROSS JOIN generate_series('2022-01-01'::date, '2026-05-01', interval '1 month') AS m(month)
       CROSS JOIN LATERAL (SELECT array_position($1::uuid[], o.id) AS at) p
       CROSS JOIN LATERAL (SELECT 90 + 60 * p.at + (extract(month FROM m.month)::integer * 37 + p.at * 11) % 17 AS known) k
       CROSS JOIN LATERAL (SELECT k.known, round(k.known * (0.27 + CASE p.at WHEN 7 THEN 0.1 ELSE 0.004 * (p.at % 3) END
           - CASE WHEN m.month >= o.rolled_out_on THEN 0.06 ELSE 0 END
           + 0.02 * sin(extract(month FROM m.month)::float8) + ((k.known * 7919 + p.at * 13) % 11 - 5) * 0.003))::integer AS missed) n`,
    [services.map(({ organizationId }) => organizationId)],
  );
}

async function writeCaseload(service: AttendedService): Promise<void> {
  const mine = { referentId: agents.get('cpip')?.agentId ?? '', persons: 12 };
  for (const month of ['2026-02', '2026-03', '2026-04', '2026-05'])
    await writePast(test.dataSource, service, { month, attended: 14, missed: 4, excused: 2 }, mine);
  await writePast(test.dataSource, service, { month: '2026-06', booked: 3 }, { ...mine, persons: 3 });
  await writePast(test.dataSource, service, { month: '2026-07', booked: 4 }, { ...mine, persons: 4 });
}

const PAGES = [
  ['national', '/absence/national', 'admin'],
  ['national-own', '/absence/national', 'dpip'],
  ['own-caseload', '/absence/mine', 'cpip'],
  ['definitions', '/absence/definitions', 'cpip'],
  ['public-figures', '/chiffres', null],
] as const;

async function contextOf(role: 'admin' | 'dpip' | 'cpip' | null, width: number, scripts = true) {
  const context = await openContext(browser, test.baseUrl, { width, scripts });
  const [name = '', value = ''] = role === null ? [] : (agents.get(role)?.cookie.split('=') ?? []);
  if (role !== null) await context.addCookies([{ name, value, url: test.baseUrl }]);
  return context;
}

it.each(PAGES)(
  'shows %s wide, narrow and on paper without fault',
  async (name, path, role) => {
    const context = await contextOf(role, 1280);
    const page = await context.newPage();
    const errors = watchErrors(page);
    await page.goto(path);
    for (const details of await page.locator('main details').all())
      await details.evaluate((element) => element.setAttribute('open', ''));
    expect(await pageFaults(page)).toEqual([]);
    await keepScreenshot(page, `${name}-full-1280`);
    await page.setViewportSize({ width: 320, height: 900 });
    expect(await pageFaults(page, ['scrollable-region-focusable', 'target-size'])).toEqual([]);
    await keepScreenshot(page, `${name}-full-320`);
    await page.setViewportSize({ width: 718, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    expect(await overflow(page)).toBe(0);
    await keepScreenshot(page, `${name}-print`);
    expect(errors).toEqual([]);
    await context.close();
  },
  180_000,
);

/** What somebody sees who tells no colour from another: the drawings in shades of grey. */
it('keeps what the drawings say without colours', async () => {
  for (const [name, path, role] of PAGES.filter(([name]) => name.startsWith('national'))) {
    const context = await contextOf(role, 1280);
    const page = await context.newPage();
    await page.goto(path);
    const client = await context.newCDPSession(page);
    await client.send('Emulation.setEmulatedVisionDeficiency', { type: 'achromatopsia' });
    await keepScreenshot(page, `${name}-grey`);
    for (const limit of ['near', 'far']) {
      const dash = await page
        .locator(`svg .limit.${limit}`)
        .first()
        .evaluate((line) => getComputedStyle(line).strokeDasharray);
      expect(dash).not.toBe('none');
    }
    expect(await page.locator('svg.wide rect.mark').count()).toBe(1);
    await context.close();
  }
});

it.each(PAGES)(
  'draws %s with a title, a description and its figures in a table',
  async (_name, path, role) => {
    const context = await contextOf(role, 1280, false);
    const page = await context.newPage();
    await page.goto(path);
    for (const drawing of await page.locator('main svg[role=img]').all()) {
      const words = await drawing.evaluate((element) => element.querySelector('title')?.textContent ?? '');
      expect(words.length).toBeGreaterThan(10);
      const tables = await drawing.evaluate(
        (element) => element.closest('section')?.querySelectorAll('table tbody tr').length ?? 0,
      );
      expect(tables).toBeGreaterThan(0);
    }
    await context.close();
  },
  180_000,
);

it('filters and sorts without scripts, by the address alone', async () => {
  const context = await contextOf('admin', 1280, false);
  const page = await context.newPage();
  await page.goto('/absence/national');
  await page.getByLabel('Premier mois').fill('2025-01');
  await follow(page, () => page.getByRole('button', { name: 'Afficher' }).click());
  expect(new URL(page.url()).searchParams.get('from')).toBe('2025-01');
  await follow(page, () => page.getByRole('link', { name: 'Taux (intervalle à 95\u00a0%)' }).click());
  const address = new URL(page.url()).searchParams;
  expect([address.get('sort'), address.get('from')]).toEqual(['rate', '2025-01']);
  await context.close();
});
