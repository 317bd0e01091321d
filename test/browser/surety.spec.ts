import type { Browser } from 'playwright-core';
import { auditDatabase } from '../../src/notifications/surety/auditor.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { demoSignIns, demoTemplate, enterAs } from '../support/demo-world.js';
import { follow, launchBrowser, openContext, overflow, pageFaults, watchErrors } from '../support/browser.js';
import { keepScreenshot } from '../support/screenshots.js';

let test: TestApp;
let browser: Browser;
let admin: { email: string };

beforeAll(async () => {
  test = await startTestApp({ role: 'all', template: await demoTemplate() });
  const found = demoSignIns().agents.find(({ role }) => role === 'admin');
  if (found === undefined) throw new Error('the demo has no administrator');
  admin = found;
  // Told and followed up long ago: the demo world is a past, not a backlog.
  await test.dataSource.query('UPDATE message SET followed_up_at = settled_at WHERE settled_at IS NOT NULL');
  browser = await launchBrowser();
}, 600_000);

afterAll(async () => {
  await browser.close();
  await test.close();
});

it('shows the demo world, wide and narrow, without fault', async () => {
  const context = await openContext(browser, test.baseUrl, { width: 1280, scripts: true });
  const page = await context.newPage();
  const errors = watchErrors(page);
  await enterAs(page, test, admin.email);
  await page.goto('/surety?days=7');
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await pageFaults(page)).toEqual([]);
    await keepScreenshot(page, `surety-demo-${width}`);
  }
  expect(errors).toEqual([]);
  await context.close();
});

it('prints on a sheet of paper, without menu or buttons', async () => {
  // The width of an A4 sheet between its margins.
  const context = await openContext(browser, test.baseUrl, { width: 718, scripts: true });
  const page = await context.newPage();
  await enterAs(page, test, admin.email);
  await page.goto('/surety?days=7');
  await page.emulateMedia({ media: 'print' });
  expect(await overflow(page)).toBe(0);
  expect(await page.getByRole('link', { name: 'CSV' }).isVisible()).toBe(false);
  expect(await page.getByRole('table').first().isVisible()).toBe(true);
  await keepScreenshot(page, 'surety-print');
  await context.close();
});

it('holds and releases without scripts', async () => {
  const context = await openContext(browser, test.baseUrl, { width: 800, scripts: false });
  const page = await context.newPage();
  await enterAs(page, test, admin.email);
  await page.goto('/surety');
  await page.getByRole('link', { name: 'Retenir tous les envois…' }).click();
  await page.getByLabel('Pourquoi').fill('Un texte à corriger');
  await page.getByRole('button', { name: 'Retenir tous les envois' }).click();
  await page.getByText('Les envois sont retenus\u00a0: rien ne part.').waitFor();
  await follow(page, () => page.getByRole('link', { name: 'Reprendre les envois…' }).click());
  await keepScreenshot(page, 'surety-release');
  await page.getByRole('button', { name: /Laisser partir|Reprendre les envois/ }).click();
  await page.getByText('Les envois reprennent').waitFor();
  await context.close();
});

it('is a world in which the auditor finds nothing', async () => {
  expect(await test.dataSource.transaction((tx) => auditDatabase(tx, { sendWindow: '08:00-20:00' }))).toEqual(
    [],
  );
});
