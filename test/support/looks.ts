import type { Browser, Page, Response } from 'playwright-core';
import type { Role } from '../../src/access/domain/roles.js';
import { startTestApp, type TestApp } from './app.js';
import { launchBrowser, openContext, pageFaults, watchErrors } from './browser.js';
import { BrowserWorld } from './browser-world.js';
import { prepareSights } from './sights.js';
import type { Sight } from './sights/sight.js';
import { keepScreenshot, takeScreenshot } from './screenshots.js';

/** No screenshot of the last is kept but of a fault: it shows the narrow page in the colours of the dark one. */
const SCREENS = [
  { width: 1280, scheme: 'light', isKept: true },
  { width: 1280, scheme: 'dark', isKept: true },
  { width: 320, scheme: 'light', isKept: true },
  { width: 320, scheme: 'dark', isKept: false },
] as const;

/** A dark page is the light one in other colours: all else was judged in the light. */
const RULES = {
  light: undefined,
  dark: ['color-contrast', 'link-in-text-block'],
};

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

/** Of the sights of a role, in their order. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

/** Every page the application has, as each role meets it, in every window. */
export class Looks {
  private constructor(
    readonly test: TestApp,
    readonly browser: Browser,
    readonly world: BrowserWorld,
    readonly sights: readonly Sight[],
  ) {}

  static async open(): Promise<Looks> {
    const test = await startTestApp();
    const browser = await launchBrowser();
    const world = await new BrowserWorld(test).build();
    return new Looks(test, browser, world, await prepareSights(world));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.test.close();
  }

  /** A window of this role's own session, null: of nobody's, that keeps what its content policy refused. */
  async pageOf(role: Role | null, width: number): Promise<Page> {
    const url = this.test.baseUrl;
    const context = await openContext(this.browser, url, {
      width,
      scripts: true,
    });
    const value = role === null ? null : await this.world.session(role);
    if (value !== null)
      await context.addCookies([{ name: 'sid', value, url, httpOnly: true, sameSite: 'Lax' }]);
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const kept = sessionStorage.getItem('violations') ?? '';
        sessionStorage.setItem('violations', `${kept}${event.violatedDirective} ${event.blockedURI}\n`);
      });
    });
    return context.newPage();
  }

  /** Faults by name of what was looked at; each page is opened once, then seen in every window. */
  async faultsFor(role: Role | null, part: Part): Promise<Record<string, unknown>> {
    const own = this.sights.filter((other) => other.role === role);
    const share = Math.ceil(own.length / part.of);
    const page = await this.pageOf(role, SCREENS[0].width);
    const heard = this.listen(page);
    const found: Record<string, unknown> = {};
    for (const sight of own.slice((part.number - 1) * share, part.number * share)) {
      const faults = [...(await visit(page, sight)), ...(await lookAt(page, sight.name))];
      const { errors, answered } = heard();
      if (answered !== (sight.status ?? 200)) faults.push(`answered ${answered}`);
      faults.push(...errors);
      if (faults.length > 0) found[sight.name] = faults;
    }
    await page.context().close();
    return found;
  }

  /** @returns what came since it was last asked: errors, questions to strangers, the status of the last answer */
  private listen(page: Page): () => { readonly errors: readonly string[]; readonly answered: number } {
    const { baseUrl } = this.test;
    const errors = watchErrors(page);
    const strange: string[] = [];
    let [told, answered] = [0, 0];
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(baseUrl) && !url.startsWith('data:')) strange.push(`asks ${url}`);
    });
    page.on('response', (answer) => {
      if (answer.request().isNavigationRequest()) answered = answer.status();
    });
    return () => {
      const since = [...errors.slice(told), ...strange.splice(0)];
      told = errors.length;
      return { errors: since, answered };
    };
  }
}

/** @returns what the browser says against the way the page was sent */
async function visit(page: Page, { path, act }: Sight): Promise<string[]> {
  await show(page, SCREENS[0]);
  const faults = headerFaults(await page.goto(path));
  await act?.(page);
  await page.waitForLoadState();
  const { refused, cookie } = await page.evaluate(() => {
    const kept = sessionStorage.getItem('violations') ?? '';
    sessionStorage.removeItem('violations');
    return { refused: kept, cookie: document.cookie };
  });
  if (refused !== '') faults.push(refused);
  if (cookie !== '') faults.push('a script can read a cookie');
  return faults;
}

function headerFaults(answer: Response | null): string[] {
  const headers = answer?.headers() ?? {};
  return Object.entries(HEADERS)
    .filter(([header, wanted]) => !wanted.test(headers[header] ?? ''))
    .map(([header]) => `${header} is ${headers[header] ?? 'missing'}`);
}

async function lookAt(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const screen of SCREENS) {
    const { width, scheme, isKept } = screen;
    await show(page, screen);
    const seen = await pageFaults(page, RULES[scheme]);
    faults.push(...seen.map((fault) => `${width} px, ${scheme}: ${fault}`));
    const file = `${name}-${width}-${scheme}`;
    if (seen.length > 0) await takeScreenshot(page, file);
    else if (isKept) await keepScreenshot(page, file);
  }
  return faults;
}

async function show(page: Page, { width, scheme }: (typeof SCREENS)[number]): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: scheme });
}
