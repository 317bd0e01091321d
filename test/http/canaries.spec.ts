import { startTestApp, type TestApp } from '../support/app.js';
import { anAgent, aService, aSignedInAgent } from '../support/builders.js';
import { Browser } from '../support/browser-lite.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';
import { hashPassword } from '../../src/agents/passwords.js';

const CANARY = {
  lastName: 'Quenellebleue',
  firstName: 'Zéphyrine',
  phone: '0611223344',
  email: 'zephyrine.quenellebleue@example.test',
  password: 'pamplemousse gris lunaire',
  token: 'canarytoken0123456789A',
};

/** Sends real requests with marked personal data, then reads all that was logged. */
describe('nothing personal is logged', () => {
  const lines: string[] = [];
  let web: TestApp;
  let service: Awaited<ReturnType<typeof aService>>;

  beforeAll(async () => {
    web = await startTestApp({
      env: { LOG_LEVEL: 'trace' },
      logStream: { write: (line) => void lines.push(line) },
    });
    await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
    service = await aService(web.dataSource);
  });
  afterAll(() => web.close());

  it('whatever happens to a request', async () => {
    const { organizationId } = service;
    const api = new ApiClient(web.baseUrl, service.key);
    const { lastName, firstName, phone, email } = CANARY;
    const person = await api.post('/persons', { lastName, firstName, phone, email });
    expect(person.status).toBe(201);
    await api.post('/persons/search', { query: lastName });
    await api.post('/persons', `{"lastName": "${lastName}", ${phone}`);
    await api.post('/persons', { lastName, firstName: '', phone, email: `${lastName} at home` });
    await api.get(`/persons/${lastName}`);
    await api.get(`/places?limit=${phone}`);
    await new ApiClient(web.baseUrl, `msj_${CANARY.token}`).get('/places');
    await anAgent(web.dataSource, {
      organizationId,
      email,
      passwordHash: await hashPassword(CANARY.password),
    });
    const browser = new Browser(web.baseUrl);
    for (const password of [`${CANARY.password}!`, CANARY.password])
      await browser.submit(await browser.form('/sign-in', '/sign-in'), { email, password });
    const session = browser.cookie('sid') ?? '';
    expect(session).not.toBe('');
    await browser.get(`/persons/search?query=${lastName}`);
    await browser.get(`/no-such-page/${CANARY.token.slice(0, 4)}?name=${lastName}`);
    for (const path of [`/s/${CANARY.token}`, `/welcome/${CANARY.token}`]) await browser.get(path);
    await fetch(`${web.baseUrl}/hooks/twilio/status/${CANARY.token}`, {
      method: 'POST',
      body: new URLSearchParams({ To: phone }),
    });
    const log = lines.join('');
    const metrics = await (await fetch(`${web.baseUrl}/metrics`)).text();
    expect(metrics).toContain('msj_messages');
    for (const canary of [...Object.values(CANARY), '11223344', session, service.key])
      expect(metrics).not.toContain(canary);
    expect(lines.length).toBeGreaterThan(10);
    for (const route of [
      '/api/v1/persons/:id',
      '/s/:token',
      '/welcome/:token',
      '/hooks/twilio/status/:token',
      '/sign-in',
    ])
      expect(log).toContain(`"route":"${route}"`);
    for (const canary of [
      ...Object.values(CANARY),
      '11223344',
      session,
      service.key,
      person.body.id === '' ? '' : 'Bearer',
    ])
      expect(log).not.toContain(canary);
  });

  it('keeps personal data out of addresses, and opaque tokens out of what pages link to elsewhere', async () => {
    const { cookie } = await aSignedInAgent(web.dataSource, { organizationId: service.organizationId });
    const answer = await new Browser(web.baseUrl, cookie).get('/');
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'",
    );
    expect(answer.text).not.toMatch(/\sstyle=|<style|\son[a-z]+="|javascript:/);
  });
});
