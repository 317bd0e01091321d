import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { CspEvaluator } from 'csp_evaluator';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import { hashPassword } from '../../src/agents/passwords.js';
import { startTestApp } from '../support/app.js';
import { anAgent, aService, aSignedInAgent } from '../support/builders.js';
import { Browser } from '../support/browser-lite.js';
import { addressOf, HardenedSite, SOME_ID } from '../support/hardened-site.js';

/** The same for everybody, signed in or not. */
const SHARED = /^\/(assets|chiffres)(\/|$)/;
const POLICY =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'";
/** A stack, a statement, or the name and version of what runs here. */
const INSIDE =
  /\bat .*\.(ts|js):\d+|\bSELECT |\bINSERT INTO|QueryFailedError|node_modules|Express|NestJS|PostgreSQL \d|nginx/;

/** Beside what other specs prove: docs/asvs.md says which item of ASVS is proven where. */
describe('hardening', () => {
  const site = new HardenedSite();
  const { ask, signedIn } = site;
  beforeAll(() => site.open());
  afterAll(() => site.close());

  describe('headers (3.4.1 to 3.4.6, 3.4.8, 14.3.2)', () => {
    it('stand on every answer of every route, refusals and faults included', async () => {
      const wrong: string[] = [];
      for (const route of site.routes.filter(({ method }) => method === 'GET')) {
        const answer = await ask(addressOf(route), { headers: signedIn() });
        const header = (name: string) => answer.headers.get(name);
        const isRight =
          header('content-security-policy') === POLICY &&
          header('strict-transport-security') === 'max-age=31536000' &&
          header('x-content-type-options') === 'nosniff' &&
          header('referrer-policy') === 'same-origin' &&
          header('x-frame-options') === 'DENY' &&
          header('cross-origin-opener-policy') === 'same-origin' &&
          header('cross-origin-resource-policy') === 'same-origin' &&
          header('permissions-policy')?.includes('geolocation=()') === true &&
          header('x-powered-by') === null &&
          header('server') === null;
        if (!isRight) wrong.push(`${answer.status} ${route.path}`);
        const type = header('content-type') ?? '';
        if (type.startsWith('text/') && !/charset=utf-8/i.test(type)) wrong.push(`charset ${route.path}`);
        if (!SHARED.test(route.path) && header('cache-control')?.includes('no-store') !== true)
          wrong.push(`stored ${route.path}`);
      }
      for (const path of ['/no-such-page', '/%E0%A4%A', '/api/v1/none', '/assets/none.css']) {
        const answer = await ask(path);
        if (answer.headers.get('content-security-policy') !== POLICY) wrong.push(path);
      }
      expect(site.routes.length).toBeGreaterThan(80);
      expect(wrong).toEqual([]);
    });

    it('hold a content policy in which an evaluator finds no hole', () => {
      const findings = new CspEvaluator(new CspParser(POLICY).csp).evaluate();
      const grave = findings.filter(({ severity }) =>
        [Severity.HIGH, Severity.HIGH_MAYBE, Severity.MEDIUM, Severity.SYNTAX].includes(severity),
      );
      expect(grave).toEqual([]);
      expect(POLICY).not.toMatch(/unsafe|\*|https?:/);
    });

    it('ask for https only where the service is reached by it', async () => {
      const plain = await startTestApp();
      const answer = await fetch(`${plain.baseUrl}/sign-in`);
      await plain.close();
      expect(answer.headers.get('strict-transport-security')).toBeNull();
    });
  });

  describe('cookies and sessions (3.3.1 to 3.3.4, 14.3.1)', () => {
    it('are bound to this host over https, out of reach of scripts and of other sites', async () => {
      const password = 'quatre mots bien choisis';
      const email = 'hote@example.test';
      const { organizationId } = await aService(site.web.dataSource);
      await anAgent(site.web.dataSource, {
        organizationId,
        email,
        passwordHash: await hashPassword(password),
      });
      const browser = new Browser(site.web.baseUrl);
      const form = await browser.form('/sign-in', '/sign-in');
      const answer = await browser.submit(form, { email, password });
      const lines = answer.headers.getSetCookie();
      expect(lines.some((line) => line.startsWith('__Host-sid='))).toBe(true);
      for (const line of lines) {
        expect(line).toMatch(/^__Host-/);
        expect(line).toMatch(/; Path=\/(;|$)/);
        expect(line).toMatch(/; HttpOnly/);
        expect(line).toMatch(/; Secure/);
        expect(line).toMatch(/; SameSite=(Lax|Strict)/);
        expect(line).not.toMatch(/domain=/i);
      }
    });

    // The session cookie is cleared by itself: « cookies » would also forget a known device and the state of a logout.
    it('tell the browser to forget what it kept at sign-out', async () => {
      const { organizationId } = await aService(site.web.dataSource);
      const one = await aSignedInAgent(site.web.dataSource, { organizationId });
      const browser = new Browser(site.web.baseUrl, one.cookie.replace(/^(__Host-)?sid=/, '__Host-sid='));
      const left = await browser.submit(await browser.form('/', '/sign-out'), {});
      expect(left.status).toBe(303);
      expect(left.headers.get('clear-site-data')).toBe('"cache", "storage"');
    });

    it('are never set by a hook or a public page of a person', async () => {
      for (const [method, path] of [
        ['POST', '/hooks/twilio/inbound'],
        ['GET', `/s/${'x'.repeat(22)}`],
      ] as const)
        expect((await ask(path, { method })).headers.getSetCookie()).toEqual([]);
    });
  });

  describe('methods and requests (4.1.1, 4.1.3, 4.1.4, 4.2.1, 13.4.2 to 13.4.6)', () => {
    it('do nothing by another method than their own', async () => {
      const answered: string[] = [];
      const own = new Set(site.routes.map(({ method, path }) => `${method} ${path}`));
      for (const { path } of new Map(site.routes.map((route) => [route.path, route])).values())
        for (const method of ['PUT', 'DELETE', 'PATCH', 'POST'])
          if (!own.has(`${method} ${path}`)) {
            const { status } = await ask(addressOf({ path }), {
              method,
              headers: { ...signedIn(), 'Sec-Fetch-Site': 'same-origin' },
            });
            if (status < 400 || status >= 500) answered.push(`${status} ${method} ${path}`);
          }
      expect(answered).toEqual([]);
    });

    it('meet nothing under another spelling of an address: guards read how it begins', async () => {
      for (const path of ['/API/v1/organizations', '/Api/v1/places', '/Account', '/CONSOLE', '/Sign-in']) {
        const { status } = await ask(path, {
          headers: { ...signedIn(), Authorization: `Bearer ${site.key}` },
        });
        expect([path, status]).toEqual([path, 404]);
      }
      expect((await ask('/api/v1/organizations', { headers: signedIn() })).status).toBe(401);
    });

    it('are never echoed', async () => {
      const text = await raw(
        'TRACE /sign-in HTTP/1.1\r\nHost: x\r\nX-Secret: canary\r\nConnection: close\r\n\r\n',
      );
      expect(text).toMatch(/^HTTP\/1\.1 4\d\d/);
      expect(text).not.toContain('canary');
    });

    it('are refused, not served, when their headers or bodies are too large or ambiguous', async () => {
      const wide = await raw(`GET /sign-in HTTP/1.1\r\nHost: x\r\nX-Wide: ${'w'.repeat(20_000)}\r\n\r\n`);
      expect(wide).toMatch(/^HTTP\/1\.1 431/);
      const both = await raw(
        'POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n',
      );
      expect(both).toMatch(/^HTTP\/1\.1 400/);
      const large = { method: 'POST', body: new URLSearchParams({ a: 'x'.repeat(70_000) }) };
      expect((await ask('/sign-in', large)).status).toBe(400);
      const hook = { method: 'POST', body: new URLSearchParams({ a: 'x'.repeat(17_000) }) };
      expect((await ask('/hooks/twilio/inbound', hook)).status).toBe(403);
      const many = {
        method: 'POST',
        body: new URLSearchParams(Array.from({ length: 2_000 }, () => ['a', 'b'])),
      };
      expect((await ask('/sign-in', many)).status).toBe(400);
    });

    it.each(['utf-7', 'utf-32', 'x-user-defined', 'klingon'])(
      'are refused in the character set %s',
      async (charset) => {
        const answer = await ask('/api/v1/persons/search', {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${site.key}`,
            'Content-Type': `application/json; charset=${charset}`,
          },
          body: '{"query":"a"}',
        });
        expect(answer.status).toBe(400);
      },
    );

    it('have a time to come in, headers first', () => {
      const server = site.web.app.getHttpServer() as { requestTimeout: number; headersTimeout: number };
      expect(server.requestTimeout).toBeLessThanOrEqual(30_000);
      expect(server.headersTimeout).toBeLessThanOrEqual(10_000);
      expect(server.headersTimeout).toBeGreaterThan(0);
    });

    it('come on connections that no proxy finds closed', () => {
      const server = site.web.app.getHttpServer() as { keepAliveTimeout: number };
      expect(server.keepAliveTimeout).toBeGreaterThan(60_000);
    });

    it('do not choose the address of links, nor pass for somebody else, by headers of proxies', async () => {
      const forged = {
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'http',
        'X-Forwarded-For': '127.0.0.1',
        Forwarded: 'for=127.0.0.1;host=evil.example',
        'X-Original-URL': '/metrics',
        'X-HTTP-Method-Override': 'DELETE',
      };
      const page = await ask('/', { headers: forged });
      expect(page.headers.get('location')).toMatch(/^\/sign-in/);
      expect(await (await ask('/sign-in', { headers: forged })).text()).not.toContain('evil.example');
      expect((await ask('/metrics', { headers: forged })).status).toBe(403);
    });

    it('show no list of files, no version control, no source and no map', async () => {
      for (const path of [
        '/.git/config',
        '/.env',
        '/package.json',
        '/assets/',
        '/assets/..%2f..%2fpackage.json',
        '/assets/%2e%2e%2fpackage.json',
        '/assets/app.js.map',
        '/docs',
        '/api',
        '/swagger',
      ])
        expect([path, (await ask(path)).status]).toEqual([path, 404]);
    });
  });

  describe('errors (16.5.1 to 16.5.4, 13.4.6)', () => {
    it('say nothing of what runs here, whatever is asked', async () => {
      const told: string[] = [];
      const look = async (path: string, init: RequestInit = {}) => {
        const answer = await ask(path, init);
        const text = await answer.text();
        if (answer.status >= 500 || INSIDE.test(text)) told.push(`${answer.status} ${path}`);
      };
      for (const route of site.routes) {
        await look(addressOf(route).replaceAll(SOME_ID, 'not-an-id'), {
          method: route.method === 'ALL' ? 'GET' : route.method,
          headers: { ...signedIn(), Authorization: `Bearer ${site.key}` },
        });
        await look(`${addressOf(route)}/%00/..%2f`, { headers: signedIn() });
      }
      await look('/api/v1/persons', {
        method: 'POST',
        headers: { Authorization: `Bearer ${site.key}`, 'Content-Type': 'application/json' },
        body: '{"a":',
      });
      expect(told).toEqual([]);
    });
  });

  /** Bytes as they are: `fetch` would not send them. */
  function raw(text: string): Promise<string> {
    const { port } = new URL(site.web.baseUrl);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1');
        if (answer.includes('\r\n\r\n')) socket.end();
      });
      socket.on('close', () => resolve(answer));
      // A server that has answered may cut the line before it has read all.
      socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
    });
  }

  it('closes a connection whose body never ends, without serving it', async () => {
    const { port } = new URL(site.web.baseUrl);
    const half = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/sign-in',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '50' },
    });
    half.on('error', () => undefined);
    half.write('email=');
    expect((await ask('/health/live')).status).toBe(200);
    half.destroy();
  });
});
