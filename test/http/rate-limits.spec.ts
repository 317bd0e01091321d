import { Reflector } from '@nestjs/core';
import { LIMITED } from '../../src/access/limited.decorator.js';
import { RateLimiter } from '../../src/access/rate-limiter.js';
import { networkOf } from '../../src/access/rate-limit.guard.js';
import { RouteDeclarations } from '../../src/access/route-declarations.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { aService, aSignedInAgent } from '../support/builders.js';
import { Browser } from '../support/browser-lite.js';
import { ApiClient } from '../support/client.js';
import { JUSTICE } from '../support/stop-site.js';

describe('limits of requests', () => {
  let web: TestApp;
  let service: Awaited<ReturnType<typeof aService>>;
  let now = 0;

  beforeAll(async () => {
    web = await startTestApp({ env: { RATE_LIMITS: 'on', TRUST_PROXY: '1', METRICS_TOKEN: 'metrics' } });
    web.app.get(RateLimiter).now = () => now;
    service = await aService(web.dataSource);
  });
  afterAll(() => web.close());
  beforeEach(() => {
    now += 10 * 3_600_000;
  });

  async function agent(): Promise<Browser> {
    const { organizationId } = service;
    const { cookie } = await aSignedInAgent(web.dataSource, { organizationId, role: 'local-admin' });
    return new Browser(web.baseUrl, cookie);
  }

  async function statuses(count: number, ask: (n: number) => Promise<{ status: number }>): Promise<number[]> {
    const all: number[] = [];
    for (let n = 0; n < count; n++) all.push((await ask(n)).status);
    return all;
  }

  it('slows an agent who searches person after person, on a page that says when to go on', async () => {
    const one = await agent();
    const form = await one.form('/persons/search', '/persons/search');
    const search = () => one.submit(form, { query: 'durand' });
    expect(new Set(await statuses(60, search))).toEqual(new Set([200]));
    const refused = await search();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.text).toContain('<h1>Trop de demandes</h1>');
    expect(refused.text).toContain('Réessayez dans');
    expect((await one.get('/persons/search')).status).toBe(200);
    const colleague = await agent();
    const own = await colleague.form('/persons/search', '/persons/search');
    expect((await colleague.submit(own, { query: 'durand' })).status).toBe(200);
    now += 1_000;
    expect((await search()).status).toBe(200);
  });

  it('lets five files an hour be taken away', async () => {
    const one = await agent();
    const take = () => one.get('/absence/export?format=csv');
    expect(await statuses(6, take)).toEqual([200, 200, 200, 200, 200, 429]);
    now += 12 * 60_000;
    expect(await statuses(2, take)).toEqual([200, 429]);
  });

  it('limits a public page by address: many may share one, each with a page of its own', async () => {
    const read = (path: string, from: string) =>
      fetch(web.baseUrl + path, { headers: { 'X-Forwarded-For': from } });
    const limiter = web.app.get(RateLimiter);
    for (let n = 0; n < 119; n++) limiter.take('public', '198.51.100.7 GET /privacy');
    expect((await read('/privacy', '198.51.100.7')).status).toBe(200);
    expect((await read('/privacy', '198.51.100.7')).status).toBe(429);
    expect((await read('/privacy', '198.51.100.8')).status).toBe(200);
    expect((await read('/accessibility', '198.51.100.7')).status).toBe(200);
  });

  describe('on links', () => {
    const open = (token: string, from: string) =>
      fetch(`${web.baseUrl}/s/${token}`, { headers: { 'X-Forwarded-For': from } });

    it('bear the telephones that share the address of their operator, old links included', async () => {
      const answers = await statuses(40, (n) => open(String(n).padStart(22, 'x'), '198.51.100.9'));
      expect(new Set(answers)).toEqual(new Set([404]));
    });

    it('stop whoever tries them, and nobody else', async () => {
      const limiter = web.app.get(RateLimiter);
      for (let n = 0; n < 599; n++) limiter.take('guess', networkOf('2001:db8:1:2::9'));
      expect((await open('x'.repeat(22), '2001:db8:1:2::1')).status).toBe(404);
      const refused = await open('z'.repeat(22), '2001:db8:1:2::1');
      expect(refused.status).toBe(429);
      expect((await open('y'.repeat(22), '2001:db8:1:3::1')).status).toBe(404);
      const text = await refused.text();
      expect(text).toContain('<title>Vos messages</title>');
      expect(text).toContain('Réessayez dans');
      expect(text).not.toMatch(JUSTICE);
      expect(text).not.toMatch(/<a\s/);
    });
  });

  it('counts a whole network of IPv6 as one caller', () => {
    expect(networkOf('2001:db8:1:2::1')).toBe(networkOf('2001:db8:1:2:ffff::9'));
    expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
    expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  });

  it('tells a program when to come back, key by key', async () => {
    const api = new ApiClient(web.baseUrl, service.key);
    const limiter = web.app.get(RateLimiter);
    const rows: { id: string }[] = await web.dataSource.query('SELECT id FROM api_key LIMIT 1');
    for (let n = 0; n < 5_999; n++) limiter.take('api', rows[0]?.id ?? '');
    expect((await api.get('/places')).status).toBe(200);
    const refused = await api.get('/places');
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate-limited', status: 429 } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
  });

  it('never limits receipts, health checks and style sheets', async () => {
    const paths = ['/health/live', '/hooks/twilio/inbound', '/assets/none.css'];
    for (const path of paths) {
      const method = path.startsWith('/hooks') ? 'POST' : 'GET';
      const answers = await statuses(80, () => fetch(web.baseUrl + path, { method }));
      expect(answers.filter((status) => status === 429)).toEqual([]);
    }
  });

  it('counts what was refused, without saying whom', async () => {
    const answer = await fetch(`${web.baseUrl}/metrics`, { headers: { Authorization: 'Bearer metrics' } });
    const text = await answer.text();
    expect(text).toMatch(/msj_rate_limited_total\{class="search"\} [1-9]/);
    expect(text).not.toContain('198.51.100');
  });

  it('counts every route that hands out a file as an export', () => {
    const files = /export|\.csv|\.xlsx|\.pdf|\/report$|\/file$/;
    const reflector = web.app.get(Reflector);
    const missed = web.app
      .get(RouteDeclarations)
      .routes()
      .filter(({ method, path }) => method === 'GET' && files.test(path) && !path.startsWith('/api/'))
      .filter(({ requirement }) => requirement?.kind !== 'public')
      .filter(({ controller, handlerName }) => {
        const handlers = controller.prototype as Record<string, () => unknown>;
        return (
          reflector.get<string | undefined>(LIMITED, handlers[handlerName] as () => unknown) !== 'export'
        );
      });
    expect(missed.map(({ path }) => path)).toEqual([]);
  });
});
