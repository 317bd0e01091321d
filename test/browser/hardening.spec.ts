import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Role } from '../../src/access/domain/roles.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { launchBrowser, openContext } from '../support/browser.js';
import { BrowserWorld } from '../support/browser-world.js';
import { prepareSights } from '../support/sights.js';
import type { Sight } from '../support/sights/sight.js';

/** Of every page, whatever it shows: ASVS 3.3 and 3.4, as a browser sees them. */
const HEADERS: Readonly<Record<string, RegExp>> = {
  'content-security-policy':
    /^default-src 'none';(?!.*unsafe)(?!.*\*).*frame-ancestors 'none';base-uri 'none'$/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^same-origin$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\)/,
  'cache-control': /no-store|max-age/,
};
const ROLES = [null, 'cpip', 'bex', 'dpip', 'admin'] as const;

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

async function windowOf(role: Role | null): Promise<BrowserContext> {
  const context = await openContext(browser, test.baseUrl, { width: 1280, scripts: true });
  if (role !== null)
    await context.addCookies([
      { name: 'sid', value: await world.session(role), url: test.baseUrl, httpOnly: true, sameSite: 'Lax' },
    ]);
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const kept = sessionStorage.getItem('violations') ?? '';
      sessionStorage.setItem('violations', `${kept}${event.violatedDirective} ${event.blockedURI}\n`);
    });
  });
  return context;
}

const violationsOn = (page: Page) => page.evaluate(() => sessionStorage.getItem('violations') ?? '');

it.each(ROLES)(
  'has no violation, no foreign address and every header on each page of %s',
  async (role) => {
    const context = await windowOf(role);
    const faults: string[] = [];
    let seen = 0;
    for (const { name, path, act } of sights.filter((sight) => sight.role === role)) {
      const page = await context.newPage();
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(test.baseUrl) && !url.startsWith('data:')) faults.push(`${name}: asks ${url}`);
      });
      const answer = await page.goto(path);
      for (const [header, wanted] of Object.entries(HEADERS)) {
        const value = answer?.headers()[header] ?? '';
        if (!wanted.test(value)) faults.push(`${name}: ${header} is ${value}`);
      }
      await act?.(page);
      await page.waitForLoadState();
      const violations = await violationsOn(page);
      if (violations !== '') faults.push(`${name}: ${violations}`);
      if ((await page.evaluate(() => document.cookie)) !== '')
        faults.push(`${name}: a script can read a cookie`);
      seen += 1;
      await page.close();
    }
    await context.close();
    expect(seen).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  },
  400_000,
);

it('runs no script and no style that came into a page', async () => {
  const context = await windowOf('cpip');
  const page = await context.newPage();
  await page.goto('/');
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.planted = true';
    document.body.append(script);
    const styled = document.createElement('p');
    styled.setAttribute('style', 'color: rgb(1, 2, 3)');
    document.body.append(styled);
    return { planted: 'planted' in window, colour: getComputedStyle(styled).color };
  });
  expect(ran.planted).toBe(false);
  expect(ran.colour).not.toBe('rgb(1, 2, 3)');
  expect(await violationsOn(page)).toContain('script-src');
  await context.close();
});
