import type { Browser, Page } from 'playwright-core';
import type { Role } from '../../src/access/domain/roles.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { demoSignIns, demoTemplate, enterAs } from '../support/demo-world.js';
import {
  follow,
  launchBrowser,
  openContext,
  overflow,
  pageFaults,
  type Screen,
  watchErrors,
} from '../support/browser.js';
import { keepScreenshot } from '../support/screenshots.js';

const SERVICES = ['SPIP 92 Nanterre', 'SPIP Guyane', 'SPIP La Réunion'];

let test: TestApp;
let browser: Browser;
let agents: readonly { email: string; password: string; role: Role; organization: string }[];

beforeAll(async () => {
  test = await startTestApp({ template: await demoTemplate() });
  agents = demoSignIns().agents;
  browser = await launchBrowser();
}, 600_000);

afterAll(async () => {
  await browser.close();
  await test.close();
});

async function signedIn(screen: Screen, role: Role): Promise<Page> {
  const agent = agents.find((one) => one.role === role);
  if (agent === undefined) throw new Error(`the demo has no ${role}`);
  const page = await (await openContext(browser, test.baseUrl, screen)).newPage();
  await enterAs(page, test, agent.email);
  return page;
}

it('shows the story of a service, wide and narrow, light and dark, without fault', async () => {
  for (const scheme of ['light', 'dark'] as const) {
    const page = await signedIn({ width: 1280, scripts: true, scheme }, 'dpip');
    const errors = watchErrors(page);
    await page.goto('/absence');
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await pageFaults(page)).toEqual([]);
      expect(await page.locator('svg[role=img]:visible').count()).toBe(1);
      await keepScreenshot(page, `absence-demo-${width}-${scheme}`);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  }
});

it('tells by shapes and words what it tells by colour', async () => {
  const page = await signedIn({ width: 1280, scripts: true }, 'dpip');
  await page.goto('/absence');
  const devtools = await page.context().newCDPSession(page);
  for (const type of ['achromatopsia', 'deuteranopia', 'protanopia', 'tritanopia'] as const) {
    await devtools.send('Emulation.setEmulatedVisionDeficiency', { type });
    await keepScreenshot(page, `absence-demo-${type}`);
  }
  await page.context().close();
});

it('prints on a sheet of paper: the curve, every table, no form', async () => {
  // The width of an A4 sheet between its margins.
  const page = await signedIn({ width: 718, scripts: true }, 'dpip');
  await page.goto('/absence');
  await page.emulateMedia({ media: 'print' });
  expect(await overflow(page)).toBe(0);
  expect(await page.getByRole('button', { name: 'Afficher' }).isVisible()).toBe(false);
  expect(await page.locator('svg[role=img]:visible').count()).toBe(1);
  const widest = await page
    .locator('table')
    .evaluateAll((tables) => Math.max(...tables.map((table) => table.getBoundingClientRect().right)));
  expect(widest).toBeLessThanOrEqual(718);
  await keepScreenshot(page, 'absence-demo-print');
  await page.context().close();
});

it('draws and tabulates the same figures', async () => {
  const page = await signedIn({ width: 1280, scripts: true }, 'dpip');
  await page.goto('/absence');
  const description = (await page.locator('svg.wide desc').textContent()) ?? '';
  const [, low = '', high = ''] =
    /Le taux va de ([\d,]+)\s% \([^)]+\) à ([\d,]+)\s% \(/.exec(description) ?? [];
  for (const details of await page.locator('.month-tables details').all())
    await details.evaluate((element) => element.setAttribute('open', ''));
  const rates = await page.locator('.months tbody td:nth-child(3) strong').allTextContents();
  const numbers = rates
    .filter((text) => text !== '–')
    .map((text) => Number(text.replace(/\s%/, '').replace(',', '.')));
  expect(numbers.length).toBeGreaterThan(36);
  expect(Math.min(...numbers)).toBe(Number(low.replace(',', '.')));
  expect(Math.max(...numbers)).toBe(Number(high.replace(',', '.')));
  await page.context().close();
});

it('tells each of the three services what may be said of it, and one of them that nothing may', async () => {
  const verdicts: string[] = [];
  const page = await signedIn({ width: 1280, scripts: false }, 'admin');
  for (const service of SERVICES) {
    await page.goto('/absence');
    const names = await page.locator('#service option').allTextContents();
    await page
      .getByLabel('Service', { exact: true })
      .selectOption({ label: names.find((name) => name.startsWith(service)) ?? service });
    await follow(page, () => page.getByRole('button', { name: 'Afficher' }).click());
    expect(await page.locator('h1').textContent()).toContain(service);
    verdicts.push((await page.locator('.verdict').textContent()) ?? '');
    await keepScreenshot(page, `absence-demo-service-${SERVICES.indexOf(service) + 1}`);
  }
  await page.context().close();
  for (const verdict of verdicts) expect(verdict).toMatch(/[+−]?\d+,\d\spoints?, entre/);
  expect(verdicts.filter((verdict) => verdict.includes('on ne peut pas conclure'))).toHaveLength(1);
});

it('filters and saves without scripts', async () => {
  const page = await signedIn({ width: 800, scripts: false }, 'local-admin');
  await page.goto('/absence');
  await page.getByLabel('Type', { exact: true }).selectOption('suivi-spip');
  await page.getByLabel('Premier mois').fill('2026-01');
  await follow(page, () => page.getByRole('button', { name: 'Afficher' }).click());
  expect(page.url()).toContain('type=suivi-spip');
  await page.getByText('Changer les coûts du service').click();
  await page.getByLabel('Une heure d’agent (€)').fill('41,50');
  await follow(page, () => page.getByRole('button', { name: 'Enregistrer les coûts' }).click());
  await page.getByText('Les coûts du service sont enregistrés.').waitFor();
  expect(page.url()).toContain('type=suivi-spip');
  await page.context().close();
});

it('tells a director on the home page, in short', async () => {
  const page = await signedIn({ width: 1280, scripts: true }, 'dpip');
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await pageFaults(page)).toEqual([]);
    await keepScreenshot(page, `home-director-demo-${width}`);
  }
  await page.context().close();
});
