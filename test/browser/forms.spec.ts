import type { Browser, Page } from 'playwright-core';
import type { Role } from '../../src/access/domain/roles.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { follow, keepScreenshot, launchBrowser, openContext, pageFaults } from '../support/browser.js';
import { BrowserWorld } from '../support/browser-world.js';

let test: TestApp;
let browser: Browser;
let world: BrowserWorld;

beforeAll(async () => {
  test = await startTestApp();
  browser = await launchBrowser();
  world = await new BrowserWorld(test).build();
});
afterAll(async () => {
  await browser.close();
  await test.close();
});

async function pageOf(role: Role, width = 1280): Promise<Page> {
  const context = await openContext(browser, test.baseUrl, { width, scripts: true });
  await context.addCookies([{ name: 'sid', value: await world.session(role), url: test.baseUrl }]);
  return context.newPage();
}

/** What has left for the server so far. */
function posted(page: Page): readonly string[] {
  const paths: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') paths.push(new URL(request.url()).pathname);
  });
  return paths;
}

describe('the Enter key in a field decides nothing', () => {
  it('leaves a task open, with the note that is being typed', async () => {
    const personId = await world.person('Awa', 'Kermadec');
    const convocationId = await world.booked(personId, '2026-06-17', '09:00');
    await world.asked(personId, convocationId, 'reach-otherwise', 'phone-unreachable');
    const page = await pageOf('cpip');
    const posts = posted(page);
    await page.goto('/tasks');
    const note = page.getByLabel('Note (facultatif)');
    await note.fill('rappelée, sans réponse');
    await note.press('Enter');
    await page.getByRole('button', { name: 'Joint', exact: true }).focus();
    expect(posts).toEqual([]);
    expect(await note.inputValue()).toBe('rappelée, sans réponse');
    await page.context().close();
  });

  it.each(['[name="arm.1"]', '#byService'])(
    'keeps the arms of a trial as they are typed, from %s',
    async (field) => {
      const page = await pageOf('admin');
      await page.goto('/trials/new');
      await page.locator('[name="arm.1"]').fill('Trois jours avant');
      await follow(page, () => page.locator(field).press('Enter'));
      expect(new URL(page.url()).pathname).toBe('/trials/new');
      expect(await page.locator('[name="arm.1"]').inputValue()).toBe('Trois jours avant');
      expect(await page.locator('.error-summary').count()).toBe(0);
      await page.context().close();
    },
  );

  it('shows a translation again instead of saving it unread', async () => {
    const page = await pageOf('admin');
    await page.goto('/messages/text?language=ar');
    await follow(page, () => page.locator('#confirmed').press('Enter'));
    expect(new URL(page.url()).pathname).toBe('/messages/text/preview');
    await page.context().close();
  });
});

it('shows two alerts of one level as two parts of one region', async () => {
  for (const words of ['Nouvel agenda d’été.', 'Panne de téléphone ce matin.'])
    await test.dataSource.query(
      `INSERT INTO agent_alert (level, text, starts_at, ends_at, written_by_agent_id)
       SELECT 'info', $1, app_now() - interval '1 hour', app_now() + interval '1 day', id FROM agent LIMIT 1`,
      [words],
    );
  for (const width of [1280, 320]) {
    const page = await pageOf('cpip', width);
    await page.goto('/');
    expect(await pageFaults(page)).toEqual([]);
    const region = page.getByRole('complementary', { name: 'Alertes' });
    expect(await region.getByRole('button', { name: /^J’ai lu/ }).count()).toBe(2);
    await keepScreenshot(page, `two-alerts-${width}`);
    await page.context().close();
  }
});

it('shows what leaves and when without scrolling sideways, on a narrow screen', async () => {
  const page = await pageOf('admin', 320);
  await page.goto('/plans/edit');
  const table = page.getByRole('table', { name: 'Textes par rendez-vous et par personne' });
  expect(await table.locator('li').first().isVisible()).toBe(true);
  const { right } = await table.evaluate((element) => element.getBoundingClientRect());
  expect(right).toBeLessThanOrEqual(320);
  const calendar = page.getByRole('region', { name: 'Calendrier des textes' });
  expect(await calendar.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  expect(await calendar.getByText('Rappel, la veille').isVisible()).toBe(true);
  await keepScreenshot(page, 'plan-samples-320');
  await page.context().close();
});
