import type { Route } from '../../src/access/route-declarations.js';
import { RouteDeclarations } from '../../src/access/route-declarations.js';
import { startTestApp, type TestApp } from './app.js';
import { aService, aSignedInAgent } from './builders.js';

export const SOME_ID = '0c6f1a2e-7b1f-4a53-9a51-0f3c5d1f7e11';
/** Routes that programs ask, not people. */
export const PROGRAMS = /^\/(api|hooks|health|metrics)\b/;

/** The address of a route with something plausible in the place of each parameter. */
export function addressOf({ path }: Pick<Route, 'path'>): string {
  return path.replace(/:(\w+)/g, (_, name: string) =>
    /date|day/i.test(name) ? '2026-06-09' : /token/i.test(name) ? 'x'.repeat(22) : SOME_ID,
  );
}

/** The application as it stands behind https, with a key of a service and a signed-in administrator. */
export class HardenedSite {
  web!: TestApp;
  key = '';
  routes: readonly Route[] = [];
  private cookie = '';

  async open(): Promise<void> {
    this.web = await startTestApp({ env: { PUBLIC_BASE_URL: 'https://suivi.example' } });
    const { key, organizationId } = await aService(this.web.dataSource);
    const agent = await aSignedInAgent(this.web.dataSource, { organizationId, role: 'admin' });
    this.key = key;
    this.cookie = agent.cookie.replace(/^(__Host-)?sid=/, '__Host-sid=');
    this.routes = this.web.app.get(RouteDeclarations).routes();
  }

  close(): Promise<void> {
    return this.web.close();
  }

  readonly ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(this.web.baseUrl + path, { redirect: 'manual', ...init });

  readonly signedIn = (headers: Record<string, string> = {}): Record<string, string> => ({
    cookie: this.cookie,
    ...headers,
  });
}
