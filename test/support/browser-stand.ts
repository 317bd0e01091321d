import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Role } from '../../src/access/domain/roles.js';
import { startTestApp, type TestApp } from './app.js';
import { launchBrowser, openContext, type Screen } from './browser.js';
import { BrowserWorld } from './browser-world.js';

interface Parts {
  readonly test: TestApp;
  readonly browser: Browser;
  readonly world: BrowserWorld;
}

/** The application, a browser and the world of its pages, begun once for all tests of a file and ended after them. */
export class BrowserStand {
  private parts: Parts | undefined;

  constructor() {
    beforeAll(() => this.start());
    afterAll(() => this.stop());
  }

  get test(): TestApp {
    return this.begun.test;
  }
  get world(): BrowserWorld {
    return this.begun.world;
  }

  /** A fresh window of nobody. */
  open(screen: Screen): Promise<BrowserContext> {
    return openContext(this.begun.browser, this.test.baseUrl, screen);
  }

  /** A page in a fresh window of this role's own session, null: of nobody's. */
  async pageOf(role: Role | null, screen: Screen): Promise<Page> {
    const context = await this.open(screen);
    if (role !== null)
      await context.addCookies([
        { name: 'sid', value: await this.world.session(role), url: this.test.baseUrl },
      ]);
    return context.newPage();
  }

  private async start(): Promise<void> {
    const test = await startTestApp();
    const browser = await launchBrowser();
    this.parts = { test, browser, world: await new BrowserWorld(test).build() };
  }

  private async stop(): Promise<void> {
    await this.begun.browser.close();
    await this.begun.test.close();
  }

  private get begun(): Parts {
    if (this.parts === undefined) throw new Error('the tests of the file have not begun');
    return this.parts;
  }
}
