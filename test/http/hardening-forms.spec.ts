import { Reflector } from '@nestjs/core';
import { FRESH } from '../../src/access/fresh-sign-in.js';
import { LIMITED } from '../../src/access/limited.decorator.js';
import type { Route } from '../../src/access/route-declarations.js';
import { ApiClient } from '../support/client.js';
import { addressOf, HardenedSite, PROGRAMS } from '../support/hardened-site.js';
import { inputsOf } from '../support/route-inputs.js';

/** What others make a browser or a program send; the rest stands in `hardening.spec.ts`. */
describe('hardening against other sites and careless callers', () => {
  const site = new HardenedSite();
  const { ask, signedIn } = site;
  beforeAll(() => site.open());
  afterAll(() => site.close());

  describe('forms of other sites (3.5.1 to 3.5.3)', () => {
    const forms = () =>
      site.routes.filter(({ method, path }) => !['GET', 'ALL'].includes(method) && !PROGRAMS.test(path));

    it('are refused on every route that changes something', async () => {
      const passed: string[] = [];
      expect(forms().length).toBeGreaterThan(30);
      for (const route of forms()) {
        const path = addressOf(route);
        const send = (headers: Record<string, string>) =>
          ask(path, {
            method: route.method,
            headers: signedIn({ 'Content-Type': 'application/x-www-form-urlencoded', ...headers }),
            body: '_csrf=wrong&a=b',
          });
        for (const headers of [
          { 'Sec-Fetch-Site': 'cross-site' },
          { 'Sec-Fetch-Site': 'same-site' },
          { Origin: 'https://evil.example' },
          { Origin: 'null' },
        ]) {
          const { status } = await send(headers);
          if (status !== 403)
            passed.push(`${status} ${route.method} ${route.path} ${JSON.stringify(headers)}`);
        }
        if (route.requirement?.kind === 'public') continue;
        const { status } = await send({ 'Sec-Fetch-Site': 'same-origin' });
        if (status !== 403) passed.push(`${status} ${route.method} ${route.path} without its token`);
      }
      expect(passed).toEqual([]);
    });

    it('cannot use a cookie against the API, nor JSON that is sent as text', async () => {
      const body = '{"firstName":"A","lastName":"B"}';
      const send = (type: string, headers: Record<string, string>) =>
        ask('/api/v1/persons', { method: 'POST', headers: { 'Content-Type': type, ...headers }, body });
      expect((await send('application/json', signedIn())).status).toBe(401);
      expect((await send('text/plain', { Authorization: `Bearer ${site.key}` })).status).toBe(400);
    });
  });

  describe('grave acts (7.5.1)', () => {
    /** What stops something, or gives nobody a right: it must not wait for a password. */
    const HARMLESS = [
      '/surety/hold',
      '/agents/transfers/:transfer/refuse',
      '/agents/transfers/:transfer/withdraw',
    ];
    const ABSENCE = /^\/agents\/(:id\/absence|absence\/:absence\/end)$/;
    const GRAVE =
      /^(agent\.(manage|move|impersonate)|(organization|api-key|webhook)\.manage|job\.inspect|sending\.hold)$/;

    it('ask who did not prove it lately who they are: whatever leaves in a file, and administration', () => {
      const reflector = site.web.app.get(Reflector);
      const asks = ({ controller, handlerName }: Route, key: string): unknown => {
        const handlers = controller.prototype as Record<string, () => unknown>;
        return reflector.getAllAndOverride(key, [
          handlers[handlerName] as () => unknown,
          controller as never,
        ]);
      };
      const grave = site.routes.filter((route) => {
        const { requirement, method, path } = route;
        if (path.startsWith('/api/') || requirement?.kind === 'public') return false;
        const administers = requirement?.kind === 'action' && GRAVE.test(requirement.action);
        return asks(route, LIMITED) === 'export' || (administers && method !== 'GET');
      });
      expect(grave.length).toBeGreaterThan(20);
      const silent = grave
        .filter((route) => asks(route, FRESH) !== true)
        .filter(({ path }) => !HARMLESS.includes(path) && !ABSENCE.test(path));
      expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    });
  });

  describe('addresses to go back to (3.7.2)', () => {
    it.each([
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      '/sign-in/..//evil.example',
      'http:evil.example',
    ])(
      'never lead to %j',
      async (target) => {
        const bad = /evil\.example|javascript:|data:text/;
        const found: string[] = [];
        const names = ['returnTo', 'next', 'back', 'then', 'redirect'];
        const query = names.map((name) => `${name}=${encodeURIComponent(target)}`).join('&');
        for (const route of site.routes.filter(
          ({ method, path }) => method === 'GET' && !PROGRAMS.test(path),
        )) {
          const answer = await ask(`${addressOf(route)}?${query}`, { headers: signedIn() });
          const location = answer.headers.get('location') ?? '/';
          const leads = new URL(location, 'https://suivi.example').host !== 'suivi.example';
          const text = answer.headers.get('content-type')?.startsWith('text/html') ? await answer.text() : '';
          const links = [...text.matchAll(/(?:href|action|formaction)="([^"]*)"/g)].map(
            ([, href = '']) => href,
          );
          // What stands behind the question mark is read by us again, and judged then.
          if (leads || links.some((href) => bad.test(href.split('?')[0] ?? ''))) found.push(route.path);
        }
        expect(found).toEqual([]);
      },
      180_000,
    );
  });

  describe('fields nobody asked for (15.3.3)', () => {
    it('are refused by every write of the API', async () => {
      const api = new ApiClient(site.web.baseUrl, site.key);
      const writes = site.routes.filter(
        (route) =>
          route.path.startsWith('/api/v1') && route.method !== 'GET' && inputsOf(route).body !== null,
      );
      expect(writes.length).toBeGreaterThan(12);
      const accepted: string[] = [];
      for (const route of writes)
        for (const field of ['role', 'organization_id', 'isAdmin', 'state', 'createdAt']) {
          if ((inputsOf(route).body ?? []).includes(field)) continue;
          const path = addressOf(route).replace('/api/v1', '');
          const headers = { 'If-Match': '"2026-06-09T08:00:00.000Z"' };
          const answer =
            route.method === 'PATCH'
              ? await api.patch(path, { [field]: 'admin' }, headers)
              : await api.post(path, { [field]: 'admin' }, headers);
          const told: { field: string; code: string }[] = answer.body?.errors ?? [];
          if (!told.some((one) => one.field === field && one.code === 'unknown-field'))
            accepted.push(`${answer.status} ${route.method} ${route.path} ${field}`);
        }
      expect(accepted).toEqual([]);
    });
  });
});
