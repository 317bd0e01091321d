import { InviteAgent } from '../../src/agents/invite-agent.js';
import { MakeResetLink } from '../../src/agents/password/make-reset-link.js';
import { hashPassword } from '../../src/agents/passwords.js';
import { codeAt } from '../../src/agents/second-factor/totp.js';
import { ResetSecondFactor } from '../../src/agents/second-factor/take-away-second-factor.js';
import type { Actor } from '../../src/access/actor.js';
import type { Role } from '../../src/access/domain/roles.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { anAgent, anOrganization } from '../support/builders.js';
import { Browser, formsOf } from '../support/browser-lite.js';
import { moveClock } from '../support/database.js';

const PASSWORD = 'cheval agrafe pile correcte';
const OTHER = 'lanterne ruisseau timbre cuivre';
const MORNING = '2026-06-09T08:00:00Z';

let web: TestApp;
let organizationId: string;
let passwordHash: string;
let serial = 0;

beforeAll(async () => {
  web = await startTestApp({ env: { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'msj@example.test' } });
  organizationId = await anOrganization(web.dataSource, { name: 'Antenne Gradignan' });
  passwordHash = await hashPassword(PASSWORD);
});
beforeEach(() => moveClock(web.dataSource, MORNING));
afterAll(() => web.close());

async function anAccount(role: Role = 'cpip', service = organizationId) {
  const email = `camille.${(serial += 1)}@example.test`;
  const agentId = await anAgent(web.dataSource, { organizationId: service, email, passwordHash, role });
  return { agentId, email };
}

async function enter(email: string, password = PASSWORD, browser = new Browser(web.baseUrl)) {
  const form = await browser.form('/sign-in', '/sign-in');
  return { browser, answer: await browser.submit(form, { email, password }) };
}

async function signedIn(role: Role = 'cpip') {
  const account = await anAccount(role);
  const { browser } = await enter(account.email);
  return { ...account, browser };
}

/** What the authenticator shows now, `steps` of 30 s from now. */
async function codeNow(secret: string, steps = 0): Promise<string> {
  const rows = await web.dataSource.query('SELECT extract(epoch FROM app_now())::float8 AS now');
  return codeAt(secret, Number(rows[0]?.now) + 30 * steps);
}

const AUTHENTICATOR = '/account/security/authenticator';

async function secretOn(browser: Browser): Promise<string> {
  const { text } = await browser.get(AUTHENTICATOR);
  return (/<code>([A-Z2-7 ]+)<\/code>/.exec(text)?.[1] ?? '').replaceAll(' ', '');
}

/** Sets up an authenticator, ten minutes ago for the codes. */
async function enrolled(role: Role = 'cpip') {
  const account = await signedIn(role);
  const secret = await secretOn(account.browser);
  const form = await account.browser.form(AUTHENTICATOR, AUTHENTICATOR);
  const answer = await account.browser.submit(form, { code: await codeNow(secret) });
  const recoveryCodes = [...answer.text.matchAll(/<code>([0-9A-Z-]{19})<\/code>/g)].map(
    ([, code = '']) => code,
  );
  await moveClock(web.dataSource, '2026-06-09T08:10:00Z');
  return { ...account, secret, answer, recoveryCodes };
}

/** Password, then this code. */
async function enterWith(email: string, code: string, browser = new Browser(web.baseUrl)) {
  await enter(email, PASSWORD, browser);
  const form = await browser.form('/sign-in/second-factor', '/sign-in/second-factor');
  return { browser, answer: await browser.submit(form, { code }) };
}

function actorOf(role: Role, service: string, agentId: string | null): Actor {
  return {
    ...{ agentId, apiKeyId: null, role, organizationId: service, organizationKind: 'spip' },
    ...{ linkedOrganizationIds: [], headquartersOrganizationIds: [], isInterRessort: false },
  };
}

const isIn = async (browser: Browser) => (await browser.get('/account/sessions')).status === 200;

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
    expect(await isIn(new Browser(web.baseUrl, before))).toBe(false);
    const stored = await web.dataSource.query(
      'SELECT a::text FROM agent a UNION ALL SELECT s::text FROM session s',
    );
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('is asked after the password, and leads where the agent was going', async () => {
    const { email, secret } = await enrolled();
    const browser = new Browser(web.baseUrl);
    const form = await browser.form('/sign-in?returnTo=%2Fagendas', '/sign-in');
    await browser.submit(form, { email, password: PASSWORD });
    const sent = await browser.get('/agendas');
    expect(sent.headers.get('location')).toBe('/sign-in/second-factor?returnTo=%2Fagendas');
    const step = await browser.form(sent.headers.get('location') ?? '', '/sign-in/second-factor');
    const half = browser.cookieHeader();
    const answer = await browser.submit(step, { code: await codeNow(secret) });
    expect(answer.headers.get('location')).toBe('/agendas');
    expect(await isIn(browser)).toBe(true);
    expect(await isIn(new Browser(web.baseUrl, half))).toBe(false);
  });

  it('takes a code once, and one step early or late', async () => {
    const { email, secret } = await enrolled();
    const code = await codeNow(secret, -1);
    expect((await enterWith(email, code)).answer.status).toBe(303);
    expect((await enterWith(email, code)).answer.status).toBe(401);
    expect((await enterWith(email, await codeNow(secret, 1))).answer.status).toBe(303);
    expect((await enterWith(email, await codeNow(secret))).answer.status).toBe(401);
    await moveClock(web.dataSource, '2026-06-09T08:20:00Z');
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
    const browser = new Browser(web.baseUrl);
    await enter(email, PASSWORD, browser);
    const form = await browser.form('/sign-in/second-factor', '/sign-in/second-factor');
    const statuses: number[] = [];
    for (const code of ['111111', '222222', '333333', 'ABCD-EFGH-JKMN-PQRS', 'nothing like it'])
      statuses.push((await browser.submit(form, { code })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
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
    await moveClock(web.dataSource, '2026-06-09T08:05:00Z');
    expect((await enterWith(email, await codeNow(secret))).answer.status).toBe(303);
  });

  it('is taken away by an administrator when it is lost: never one’s own, nor in another service', async () => {
    const { agentId, browser, email } = await enrolled();
    const elsewhere = await anOrganization(web.dataSource);
    const useCase = web.app.get(ResetSecondFactor);
    const by = (role: Role, service: string, actorId: string | null = null) =>
      web.dataSource.transaction((tx) => useCase.execute(tx, { agentId }, actorOf(role, service, actorId)));
    await expect(by('local-admin', elsewhere)).rejects.toThrow('not found');
    await expect(by('admin', organizationId, agentId)).rejects.toThrow('own second factor');
    await by('local-admin', organizationId);
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
    await moveClock(web.dataSource, '2026-06-09T08:16:00Z');
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
    await moveClock(web.dataSource, '2026-06-09T08:29:00Z');
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
    expect((await browser.submit(form, { proof: PASSWORD })).status).toBe(429);
  });
});

describe('sessions', () => {
  it('are listed with their browser, and end one by one or all but this one', async () => {
    const { browser, email } = await signedIn();
    const phone = new Browser(web.baseUrl);
    const form = await phone.form('/sign-in', '/sign-in');
    const userAgent = 'Mozilla/5.0 (Linux; Android 14) Chrome/126.0.0.0 Mobile Safari/537.36';
    await phone.submit(form, { email, password: PASSWORD }, { 'User-Agent': userAgent });
    const third = (await enter(email)).browser;
    const page = await browser.get('/account/sessions');
    expect(page.text).toContain('Chrome, Android');
    expect(page.text.match(/Cette session/g)).toHaveLength(1);
    const revocations = formsOf(page.text).filter(({ action }) => action === '/account/sessions/revoke');
    const ofPhone = revocations.find(
      ({ fields }) => page.text.includes(`value="${fields['session']}"`) && fields['session'] !== '',
    );
    expect(revocations).toHaveLength(3);
    expect((await browser.submit(ofPhone ?? form, {})).status).toBe(303);
    expect([await isIn(phone), await isIn(third)].filter(Boolean)).toHaveLength(1);
    const all = revocations.find(({ fields }) => fields['session'] === '');
    expect((await browser.submit(all ?? form, {})).status).toBe(303);
    expect([await isIn(phone), await isIn(third), await isIn(browser)]).toEqual([false, false, true]);
  });

  it('of somebody else answer like those that are not there', async () => {
    const { browser } = await signedIn();
    const { agentId } = await signedIn();
    const rows = await web.dataSource.query('SELECT id FROM session WHERE agent_id = $1', [agentId]);
    await enter((await anAccount()).email);
    const { fields } = await browser.form('/account/sessions', '/sign-out');
    const form = { action: '/account/sessions/revoke', method: 'post', fields };
    for (const session of [rows[0]?.id ?? '', '00000000-0000-4000-8000-000000000000', 'nobody'])
      expect(
        (await browser.submit(form, { session, formToken: `token-${session}`.slice(0, 60) })).status,
      ).toBe(404);
    expect(await web.dataSource.query('SELECT id FROM session WHERE agent_id = $1', [agentId])).toHaveLength(
      1,
    );
  });
});

describe('a password', () => {
  it('is changed by who knows the old one; every other session ends', async () => {
    const { browser, email } = await signedIn();
    const elsewhere = (await enter(email)).browser;
    const form = await browser.form('/account/password', '/account/password');
    const change = (current: string, password: string, again = password) =>
      browser.submit(form, { current, password, again });
    const wrong = await change(OTHER, OTHER);
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('id="current-error"');
    for (const [password, sentence] of [
      ['x7Kq!court', '15'],
      ['antenne de Gradignan 2026', 'se devine'],
      ['azertyuiopqsdfghj', 'se devine'],
    ] as const) {
      const refused = await change(PASSWORD, password);
      expect(refused.status).toBe(400);
      expect(refused.text).toContain('id="password-error"');
      expect(refused.text.replaceAll('que l’on devine', 'se devine')).toContain(sentence);
      expect(refused.text).not.toContain(password);
    }
    expect((await change(PASSWORD, OTHER, `${OTHER}!`)).text).toContain('diffèrent');
    const held = browser.cookieHeader();
    expect((await change(PASSWORD, OTHER)).headers.get('location')).toBe('/account/security?done=password');
    expect([await isIn(browser), await isIn(elsewhere)]).toEqual([true, false]);
    expect(await isIn(new Browser(web.baseUrl, held))).toBe(false);
    expect((await enter(email, PASSWORD)).answer.status).toBe(401);
    expect((await enter(email, OTHER)).answer.status).toBe(303);
  });

  it('may hold any character and spaces at its ends, and nothing of it is cut off', async () => {
    const { browser, email } = await signedIn();
    const long = ` ${'é€🦊 ü'.repeat(20)} fin`;
    const form = await browser.form('/account/password', '/account/password');
    const strong = `zèbre${long}`;
    expect((await browser.submit(form, { current: PASSWORD, password: strong, again: strong })).status).toBe(
      303,
    );
    expect((await enter(email, strong.slice(0, -1))).answer.status).toBe(401);
    expect((await enter(email, strong)).answer.status).toBe(303);
  });
});

describe('a forgotten password', () => {
  const ask = async (email: string) => {
    const browser = new Browser(web.baseUrl);
    return browser.submit(await browser.form('/sign-in/forgotten', '/sign-in/forgotten'), { email });
  };
  const letters = (agentId: string) =>
    web.dataSource.query('SELECT kind FROM agent_mail WHERE agent_id = $1', [agentId]);
  const linkOf = async (agentId: string) => {
    const { url } = await web.app.get(MakeResetLink).execute(web.dataSource.manager, { agentId });
    return new URL(url).pathname;
  };
  const choose = async (path: string, password: string) => {
    const browser = new Browser(web.baseUrl);
    const form = await browser.form(path, path);
    return { browser, answer: await browser.submit(form, { password, again: password }) };
  };

  it('is answered alike whether the account exists or not, and told by mail to who exists', async () => {
    const { agentId, email } = await anAccount();
    const texts = [await ask(` ${email.toUpperCase()} `), await ask('nobody@example.test')].map(
      ({ status, text }) => [status, text.replace(/name="_csrf" value="[^"]*"/g, '')],
    );
    expect(texts[0]).toEqual(texts[1]);
    expect(await letters(agentId)).toEqual([{ kind: 'password-reset' }]);
  });

  it('writes to nobody who was disabled or never joined', async () => {
    const disabled = await anAccount();
    await web.dataSource.query('UPDATE agent SET disabled_at = app_now() WHERE id = $1', [disabled.agentId]);
    const invited = await anAgent(web.dataSource, { organizationId, email: 'never.joined@example.test' });
    await ask(disabled.email);
    await ask('never.joined@example.test');
    expect(await letters(disabled.agentId)).toEqual([]);
    expect(await letters(invited)).toEqual([]);
  });

  it('is replaced by a link of 256 bits, once, within thirty minutes; every session ends', async () => {
    const { agentId, browser, email } = await signedIn();
    const path = await linkOf(agentId);
    expect(path).toMatch(/^\/sign-in\/reset\/[\w-]{43}$/);
    const stored = await web.dataSource.query('SELECT l::text FROM sign_in_link l');
    expect(JSON.stringify(stored)).not.toContain(path.slice(-43));
    expect((await choose(path, 'court')).answer.status).toBe(400);
    const { browser: fresh, answer } = await choose(path, OTHER);
    expect(answer.status).toBe(303);
    expect([await isIn(fresh), await isIn(browser)]).toEqual([true, false]);
    expect((await new Browser(web.baseUrl).get(path)).status).toBe(404);
    expect((await enter(email, OTHER)).answer.status).toBe(303);
    const late = await linkOf(agentId);
    await moveClock(web.dataSource, '2026-06-09T08:31:00Z');
    expect((await new Browser(web.baseUrl).get(late)).status).toBe(404);
  });

  it('does not spare the second factor', async () => {
    const { agentId } = await enrolled();
    const { browser } = await choose(await linkOf(agentId), OTHER);
    expect((await browser.get('/')).headers.get('location')).toContain('/sign-in/second-factor');
  });

  it('is no invitation, nor an invitation a reset', async () => {
    const { agentId } = await anAccount();
    const reset = await linkOf(agentId);
    const { url } = await new InviteAgent(web.env).execute(web.dataSource.manager, { agentId });
    const invitation = new URL(url).pathname;
    expect(
      (await new Browser(web.baseUrl).get(invitation.replace('/welcome/', '/sign-in/reset/'))).status,
    ).toBe(404);
    expect((await new Browser(web.baseUrl).get(reset.replace('/sign-in/reset/', '/welcome/'))).status).toBe(
      404,
    );
  });

  it('cannot be used to flood a mailbox', async () => {
    const { agentId, email } = await anAccount();
    const statuses: number[] = [];
    for (let times = 0; times < 6; times += 1) statuses.push((await ask(email)).status);
    expect(statuses.at(-1)).toBe(429);
    expect(await letters(agentId)).toHaveLength(1);
  });
});

describe('a stranger who fails on purpose', () => {
  it('keeps nobody out: not from a browser that was used before', async () => {
    const { email, browser } = await signedIn();
    await browser.submit(await browser.form('/account/sessions', '/sign-out'), {});
    const kept = await enter(email, PASSWORD, browser);
    expect(kept.answer.status).toBe(303);
    for (let failure = 0; failure < 8; failure += 1) await enter(email, 'wrong');
    expect((await enter(email, PASSWORD)).answer.status).toBe(429);
    expect((await enter(email, PASSWORD, browser)).answer.status).toBe(303);
  });

  it('does not learn more by claiming to be a browser that was used before', async () => {
    const { email } = await anAccount();
    const statuses: number[] = [];
    for (let failure = 0; failure < 6; failure += 1)
      statuses.push(
        (await enter(email, 'wrong', new Browser(web.baseUrl, `device=${'d'.repeat(42)}${failure}`))).answer
          .status,
      );
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});
