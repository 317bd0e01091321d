import type { BrowserContext, Page } from 'playwright-core';
import { overflow } from '../support/browser.js';
import { BrowserStand } from '../support/browser-stand.js';
import { prepareSights } from '../support/sights.js';
import type { Sight } from '../support/sights/sight.js';
import { keepScreenshot } from '../support/screenshots.js';

/** Trials, and what goes before a roll-out: pages that people print and take to a meeting. */
const TAKEN_AWAY = [
  'trial-registered',
  'trial-running',
  'trial-ended',
  'trial-leaning',
  'rollouts',
  'baseline-checked',
  'planner-drawn',
  'plan-of-rollouts',
];
/** Between the margins of an A4 sheet. */
const SHEET_PX = 718;

const stand = new BrowserStand();
let sights: readonly Sight[];

beforeAll(async () => {
  sights = await prepareSights(stand.world);
});

/** A window of the administrator, on this page, after what is done there. */
async function opened(name: string, width: number): Promise<{ page: Page; context: BrowserContext }> {
  const sight = sights.find((one) => one.name === name);
  if (sight === undefined) throw new Error(`no sight ${name}`);
  const page = await stand.pageOf('admin', { width, scripts: true });
  await page.goto(sight.path);
  await sight.act?.(page);
  await page.waitForLoadState();
  return { page, context: page.context() };
}

it.each(TAKEN_AWAY)(
  'prints %s on a sheet: all of it, no menu, nothing to press',
  async (name) => {
    const { page, context } = await opened(name, SHEET_PX);
    const tables = await page.locator('main table').count();
    await page.emulateMedia({ media: 'print' });
    expect(await overflow(page)).toBe(0);
    expect(await page.locator('header nav').isVisible()).toBe(false);
    expect(await page.locator('main button:visible').count()).toBe(0);
    expect(await page.locator('main table:visible').count()).toBe(tables);
    const widest = await page
      .locator('main table')
      .evaluateAll((all) => Math.max(0, ...all.map((table) => table.getBoundingClientRect().right)));
    expect(widest).toBeLessThanOrEqual(SHEET_PX);
    await keepScreenshot(page, `${name}-print`);
    await context.close();
  },
  180_000,
);

it.each(TAKEN_AWAY)(
  'says by words and shapes what %s says by colour',
  async (name) => {
    const { page, context } = await opened(name, 1280);
    const devtools = await context.newCDPSession(page);
    for (const type of ['achromatopsia', 'deuteranopia', 'protanopia', 'tritanopia'] as const) {
      await devtools.send('Emulation.setEmulatedVisionDeficiency', { type });
      await keepScreenshot(page, `${name}-${type}`);
    }
    const wordless = await page
      .locator('main .state')
      .evaluateAll((states) =>
        states.filter((state) => state.textContent.trim() === '').map(({ outerHTML }) => outerHTML),
      );
    expect(wordless).toEqual([]);
    await context.close();
  },
  180_000,
);

it('draws the result of a trial with a title, a description and its figures in a table', async () => {
  const { page, context } = await opened('trial-ended', 1280);
  const drawing = page.locator('main svg[role=img]:visible');
  expect(await drawing.count()).toBe(1);
  expect(((await drawing.locator('title').textContent()) ?? '').length).toBeGreaterThan(10);
  expect(((await drawing.locator('desc').textContent()) ?? '').length).toBeGreaterThan(10);
  const rows = await drawing.evaluate(
    (element) => element.closest('section')?.querySelectorAll('table tbody tr').length ?? 0,
  );
  expect(rows).toBeGreaterThan(1);
  await context.close();
});
