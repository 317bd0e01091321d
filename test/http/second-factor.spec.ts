import { ResetSecondFactor } from '../../src/agents/second-factor/take-away-second-factor.js';
import type { Role } from '../../src/access/domain/roles.js';
import { anOrganization } from '../support/builders.js';
import { moveClock } from '../support/database.js';
import { Browser, formsOf } from '../support/browser-lite.js';
import type { Actor } from '../../src/access/actor.js';
import { Accounts, AUTHENTICATOR, isIn, OTHER, PASSWORD } from '../support/accounts.js';

const accounts = new Accounts();
const { enter, signedIn, codeNow, secretOn, enrolled, enterWith } = accounts;

beforeAll(() => accounts.open());
beforeEach(() => accounts.itIsMorning());
afterAll(() => accounts.close());

function actorOf(role: Role, service: string, agentId: string | null): Actor {
  return {
    ...{ agentId, apiKeyId: null, role, organizationId: service, organizationKind: 'spip' },
    ...{ linkedOrganizationIds: [], headquartersOrganizationIds: [], isInterRessort: false },
    timeZone: 'Europe/Paris',
  };
}

describe('a second factor', () => {
  it('is set up from a QR code or its text, confirmed by a code, and gives ten recovery codes', async () => {
    const { browser } = await signedIn();
    const page = await browser.get(AUTHENTICATOR);
    expect(page.text).toContain('src="data:image/svg+xml;base64,');
    const form = await browser.form(AUTHENTICATOR, AUTHENTICATOR);
    const wrong = await browser.submit(form, { code: '000000' });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('id="code-error"');
    const secret = await secretOn(browser);
    const before = browser.cookieHeader();
    const answer = await browser.submit(form, { code: await codeNow(secret) });
    expect(answer.status).toBe(200);
    expect(new Set([...answer.text.matchAll(/<code>([0-9A-Z-]{19})<\/code>/g)].map(([, c]) => c)).size).toBe(
      10,
    );
    expect(await isIn(browser)).toBe(true);
    expect(await isIn(new Browser(accounts.web.baseUrl, before))).toBe(false);
    const stored = await accounts.web.dataSource.query(
      'SELECT a::text FROM agent a UNION ALL SELECT s::text FROM session s',
    );
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('is asked after the password, and leads where the agent was going', async () => {
    const { email, secret } = await enrolled();
    const browser = new Browser(accounts.web.baseUrl);
    const form = await browser.form('/sign-in?returnTo=%2Fagendas', '/sign-in');
    await browser.submit(form, { email, password: PASSWORD });
    const sent = await browser.get('/agendas');
    expect(sent.headers.get('location')).toBe('/sign-in/second-factor?returnTo=%2Fagendas');
    const step = await browser.form(sent.headers.get('location') ?? '', '/sign-in/second-factor');
    const half = browser.cookieHeader();
    const answer = await browser.submit(step, { code: await codeNow(secret) });
    expect(answer.headers.get('location')).toBe('/agendas');
    expect(await isIn(browser)).toBe(true);
    expect(await isIn(new Browser(accounts.web.baseUrl, half))).toBe(false);
  });

  it('takes a code once, and one step early or late', async () => {
    const { email, secret } = await enrolled();
    const code = await codeNow(secret, -1);
    expect((await enterWith(email, code)).answer.status).toBe(303);
    expect((await enterWith(email, code)).answer.status).toBe(401);
    expect((await enterWith(email, await codeNow(secret, 1))).answer.status).toBe(303);
    expect((await enterWith(email, await codeNow(secret))).answer.status).toBe(401);
    await moveClock(accounts.web.dataSource, '2026-06-09T08:20:00Z');
    for (const steps of [-2, 2])
      expect((await enterWith(email, await codeNow(secret, steps))).answer.status).toBe(401);
  });

  it('is replaced by a recovery code, each once, however it is typed', async () => {
    const { email, recoveryCodes } = await enrolled();
    const [first = '', second = ''] = recoveryCodes;
    expect((await enterWith(email, first)).answer.status).toBe(303);
    expect((await enterWith(email, first)).answer.status).toBe(401);
    expect((await enterWith(email, ` ${second.toLowerCase().replaceAll('-', ' ')} `)).answer.status).toBe(
      303,
    );
    const { browser } = await enterWith(email, recoveryCodes[2] ?? '');
    expect((await browser.get('/account/security')).text).toContain('7\u00a0codes de secours restent');
  });

  it('makes who guesses codes wait, under the same words for any code', async () => {
    const { email, secret } = await enrolled();
    const browser = new Browser(accounts.web.baseUrl);
    await enter(email, PASSWORD, browser);
    const form = await browser.form('/sign-in/second-factor', '/sign-in/second-factor');
    const statuses: number[] = [];
    for (const code of ['111111', '222222', '333333', 'ABCD-EFGH-JKMN-PQRS', 'nothing like it'])
      statuses.push((await browser.submit(form, { code })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
    // The wait is one second: on a slow machine it would be over.
    await moveClock(accounts.web.dataSource, '2026-06-09T08:10:00Z');
    const waiting = await browser.submit(form, { code: await codeNow(secret) });
    expect(waiting.status).toBe(429);
    expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('cannot be replaced by who knows the password only', async () => {
    const { email } = await enrolled();
    const { browser } = await enter(email);
    expect((await browser.get(AUTHENTICATOR)).headers.get('location')).toBe('/sign-in/second-factor');
    const { fields } = await browser.form('/sign-in/second-factor', '/sign-in/second-factor');
    const { _csrf = '' } = fields;
    const post = (action: string) =>
      browser.submit({ action, method: 'post', fields: { _csrf } }, { code: '1' });
    expect((await post(AUTHENTICATOR)).status).toBe(403);
    expect((await post('/account/security/remove')).headers.get('location')).toBe('/sign-in/second-factor');
  });

  it.each(['admin', 'local-admin'] as const)('is needed by %s before anything else', async (role) => {
    const { browser, email } = await signedIn(role);
    for (const path of ['/', '/settings', '/account/sessions', '/account/security'])
      expect((await browser.get(path)).headers.get('location')).toContain('/sign-in/second-factor');
    expect((await browser.get('/sign-in/second-factor')).text).toContain('Configurer mon application');
    const secret = await secretOn(browser);
    const form = await browser.form(AUTHENTICATOR, AUTHENTICATOR);
    await browser.submit(form, { code: await codeNow(secret) });
    expect(await isIn(browser)).toBe(true);
    expect((await browser.get('/account/security')).text).not.toContain('/account/security/remove');
    await moveClock(accounts.web.dataSource, '2026-06-09T08:05:00Z');
    expect((await enterWith(email, await codeNow(secret))).answer.status).toBe(303);
  });

  it('is taken away by an administrator when it is lost: never one’s own, nor in another service', async () => {
    const { agentId, browser, email } = await enrolled();
    const elsewhere = await anOrganization(accounts.web.dataSource);
    const useCase = accounts.web.app.get(ResetSecondFactor);
    const by = (role: Role, service: string, actorId: string | null = null) =>
      accounts.web.dataSource.transaction((tx) =>
        useCase.execute(tx, { agentId }, actorOf(role, service, actorId)),
      );
    await expect(by('local-admin', elsewhere)).rejects.toThrow('not found');
    await expect(by('admin', accounts.organizationId, agentId)).rejects.toThrow('own second factor');
    await by('local-admin', accounts.organizationId);
    expect(await isIn(browser)).toBe(false);
    const again = await enter(email);
    expect(await isIn(again.browser)).toBe(true);
  });
});

describe('a fresh sign-in', () => {
  const CODES = '/account/security/recovery-codes';

  it('is asked after fifteen minutes, and comes back to the page that was asked for', async () => {
    const { browser } = await signedIn();
    expect((await browser.get(AUTHENTICATOR)).status).toBe(200);
    await moveClock(accounts.web.dataSource, '2026-06-09T08:16:00Z');
    const sent = await browser.get(AUTHENTICATOR);
    expect(sent.headers.get('location')).toBe(
      `/account/confirm?returnTo=${encodeURIComponent(AUTHENTICATOR)}`,
    );
    const form = await browser.form(sent.headers.get('location') ?? '', '/account/confirm');
    const wrong = await browser.submit(form, { proof: OTHER });
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain('id="proof-error"');
    const right = await browser.submit(form, { proof: PASSWORD });
    expect(right.headers.get('location')).toBe(AUTHENTICATOR);
    expect((await browser.get(AUTHENTICATOR)).status).toBe(200);
  });

  it('holds a form back with all its fields, and lets it act once proved', async () => {
    const { browser, secret } = await enrolled();
    const form = await browser.form('/account/security', CODES);
    await moveClock(accounts.web.dataSource, '2026-06-09T08:29:00Z');
    const held = await browser.submit(form, {});
    expect(held.status).toBe(401);
    const again = formsOf(held.text).find(({ action }) => action === CODES);
    expect(again?.fields).toMatchObject(form.fields);
    const wrong = await browser.submit(again ?? form, { _proof: '123 456' });
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain('id="_proof-error"');
    const done = await browser.submit(again ?? form, { _proof: await codeNow(secret) });
    expect(done.status).toBe(200);
    expect(done.text).toContain('Les codes d’avant ne servent plus');
    expect((await browser.submit(form, {})).status).toBe(200);
  });

  it('makes who guesses wait, and never shows what was typed', async () => {
    const { browser } = await signedIn();
    const form = await browser.form('/account/confirm', '/account/confirm');
    for (let failure = 0; failure < 5; failure += 1)
      expect((await browser.submit(form, { proof: `guess ${failure}` })).text).not.toContain(
        `guess ${failure}`,
      );
    await accounts.itIsMorning();
    expect((await browser.submit(form, { proof: PASSWORD })).status).toBe(429);
  });
});
