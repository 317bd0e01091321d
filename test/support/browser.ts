import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as playwright, type Page } from 'playwright-core';
import { misledByEnter } from './enter-key.js';

/** The Chromium of the npm package asks for more (one process, no web security); tests want a browser as people have. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'];

/** WCAG 2.2 AA and what axe's authors recommend; some of 2.2 runs only when asked for. */
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Axe reads the few colours of a page thousands of times, through a library that weighs every notation there is. */
const KNOWN_COLOURS = `{
  const prototype = axe.commons.color.Color.prototype;
  const { parseString } = prototype;
  const known = new Map();
  prototype.parseString = function (text) {
    const same = known.get(text);
    if (same !== undefined) return Object.assign(this, same);
    parseString.call(this, text);
    const { r, g, b, alpha } = this;
    known.set(text, { r, g, b, alpha });
    return this;
  };
}`;

const AXE = `${readFileSync(join(__dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8')};${KNOWN_COLOURS}`;

/** What is used of axe, in the page. */
interface Axe {
  run(
    context: Document,
    options: object,
  ): Promise<{ readonly violations: readonly { id: string; nodes: readonly { html: string }[] }[] }>;
}

/** Of a slow machine that does two other things; whoever waits for what comes does not notice. */
export const PATIENCE_MS = 45_000;

export interface Screen {
  readonly width: number;
  readonly scripts: boolean;
  readonly scheme?: 'light' | 'dark';
}

/** Chromium of an npm package; `CHROMIUM_PATH` names another. */
export async function launchBrowser(): Promise<Browser> {
  const given = process.env['CHROMIUM_PATH'];
  const executablePath = given === undefined || given === '' ? await chromium.executablePath() : given;
  return playwright.launch({ executablePath, args: ARGUMENTS });
}

/** A fresh window: no cookie, French, this width, with or without scripts. */
export async function openContext(
  browser: Browser,
  baseUrl: string,
  screen: Screen,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: baseUrl,
    viewport: { width: screen.width, height: 900 },
    javaScriptEnabled: screen.scripts,
    colorScheme: screen.scheme ?? 'light',
    locale: 'fr-FR',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/** Does what leads to another page, and comes back when that page is there whole. */
export async function follow(page: Page, act: () => Promise<unknown>): Promise<void> {
  // A page that is still arriving would be taken for the next one.
  await page.waitForLoadState();
  await Promise.all([page.waitForEvent('load'), act()]);
}

/** Comes back when no part of the page is being replaced. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[class*="htmx-"]') === null);
}

/** Errors of the page itself and refusals of the content security policy, as they come. */
export function watchErrors(page: Page): readonly string[] {
  const errors: string[] = [];
  const refused = new Set<string>();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('response', (answer) => {
    if (answer.status() >= 400 && answer.request().isNavigationRequest()) refused.add(answer.url());
  });
  page.on('console', (message) => {
    // The browser reports a page answered by 401, 404 or 422 as a resource that failed to load.
    const { url } = message.location();
    const isThePage = (url === page.url() || refused.has(url)) && message.text().startsWith('Failed to load');
    if (message.type() === 'error' && !isThePage) errors.push(message.text());
  });
  return errors;
}

/** What axe finds, each as « rule: element »; scripts must be on. */
async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // Half a megabyte: a page gets it once.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(
    async (runOnly) => {
      const { axe } = window as unknown as { axe: Axe };
      // Of what is in order nothing is read: axe need not describe it.
      const { violations: found } = await axe.run(document, { runOnly, resultTypes: ['violations'] });
      return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
    },
    rules === undefined ? { type: 'tag', values: STANDARDS } : { type: 'rule', values: [...rules] },
  );
}

/** Pixels by which the page is wider than the window; 0 when nobody has to scroll sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/**
 * Everything a page owes whoever reads it: accessibility, its width, its language, one title and one heading.
 * @param rules of axe, when not all of them
 */
export async function pageFaults(page: Page, rules?: readonly string[]): Promise<string[]> {
  return [
    ...(await violations(page, rules)),
    ...(await page.evaluate(misledBySummary)),
    ...(await page.evaluate(misledByEnter)),
    ...(await owed(page)),
  ];
}

async function owed(page: Page): Promise<string[]> {
  const { sideways, language, title, headings } = await page.evaluate(() => ({
    sideways: document.documentElement.scrollWidth - window.innerWidth,
    language: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll('h1').length,
  }));
  const faults = sideways > 0 ? [`wider than the window by ${sideways} px`] : [];
  if (language !== 'fr') faults.push('not said to be in French');
  if (title === '') faults.push('no title');
  if (headings !== 1) faults.push(`${headings} headings of the first level`);
  return faults;
}

/** In the page: links of the summary of a refused form that lead to no control, or to one not said to be wrong. */
function misledBySummary(): string[] {
  const had = document.activeElement;
  const faults = Array.from(document.querySelectorAll<HTMLAnchorElement>('.error-summary a')).flatMap(
    ({ hash }) => {
      const control = document.getElementById(decodeURIComponent(hash.slice(1)));
      control?.focus();
      if (control === null || document.activeElement !== control) return [`${hash} takes no focus`];
      // Of several boxes the group says what is wrong; a button was never filled in.
      const isApart = control.matches('button, [type=radio], fieldset[aria-describedby] [type=checkbox]');
      return isApart || control.ariaInvalid === 'true' ? [] : [`${hash} is not said to be invalid`];
    },
  );
  if (had instanceof HTMLElement) had.focus();
  return faults;
}

export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByLabel('Mot de passe').fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}
