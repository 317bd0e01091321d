import type { Browser, Page } from 'playwright-core';
import { follow, launchBrowser, openContext, pageFaults, watchErrors } from '../support/browser.js';
import { HeldService } from '../support/held-service.js';
import { keepScreenshot } from '../support/screenshots.js';

const COUNT = 3;
const RELEASE = 'Reprendre les envois';
const WITHHOLD = /^Les retenir/;

const service = new HeldService();
let browser: Browser;

beforeAll(async () => {
  await service.start(COUNT);
  await service.hold('restored-backup');
  await service.serve(1);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

async function look(page: Page, name: string): Promise<void> {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await pageFaults(page)).toEqual([]);
    await keepScreenshot(page, `${name}-${width}`);
  }
}

it('asks what becomes of messages that may have left, and asks again once an operator is silent', async () => {
  const context = await openContext(browser, service.web.baseUrl, { width: 1280, scripts: true });
  const [, value = ''] = service.admin.cookie.split('=');
  await context.addCookies([{ name: 'sid', value, url: service.web.baseUrl }]);
  const page = await context.newPage();
  const errors = watchErrors(page);
  await page.goto('/surety/release');
  await look(page, 'release-served');

  const withhold = page.getByRole('radio', { name: WITHHOLD });
  const release = () => follow(page, () => page.getByRole('button', { name: RELEASE }).click());
  service.operator.listAnswers = false;
  await withhold.check();
  await release();
  await look(page, 'release-worse');
  await page.getByRole('alert').getByText('ne donne plus sa liste').waitFor();

  await release();
  await page.getByRole('link', { name: /dites ce qu’ils deviennent/ }).click();
  await page.locator('#served:focus').waitFor();
  await look(page, 'release-undecided');

  await withhold.check();
  await release();
  await page.getByText('Les envois reprennent').waitFor();
  expect(
    await service.web.dataSource.query('SELECT state, count(*)::int AS n FROM message GROUP BY 1'),
  ).toEqual([{ state: 'expired', n: COUNT }]);
  expect(errors).toEqual([]);
  await context.close();
});
