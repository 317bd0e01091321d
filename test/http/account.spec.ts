import { InviteAgent } from '../../src/agents/invite-agent.js';
import { MakeResetLink } from '../../src/agents/password/make-reset-link.js';
import { anAgent } from '../support/builders.js';
import { moveClock } from '../support/database.js';
import { Browser, formsOf } from '../support/browser-lite.js';
import { Accounts, isIn, OTHER, PASSWORD } from '../support/accounts.js';

const accounts = new Accounts();
const { anAccount, enter, signedIn, enrolled } = accounts;

beforeAll(() => accounts.open());
beforeEach(() => accounts.itIsMorning());
afterAll(() => accounts.close());

describe('sessions', () => {
  it('are listed with their browser, and end one by one or all but this one', async () => {
    const { browser, email } = await signedIn();
    const phone = new Browser(accounts.web.baseUrl);
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
    const rows = await accounts.web.dataSource.query('SELECT id FROM session WHERE agent_id = $1', [agentId]);
    await enter((await anAccount()).email);
    const { fields } = await browser.form('/account/sessions', '/sign-out');
    const form = { action: '/account/sessions/revoke', method: 'post', fields };
    for (const session of [rows[0]?.id ?? '', '00000000-0000-4000-8000-000000000000', 'nobody'])
      expect(
        (await browser.submit(form, { session, formToken: `token-${session}`.slice(0, 60) })).status,
      ).toBe(404);
    expect(
      await accounts.web.dataSource.query('SELECT id FROM session WHERE agent_id = $1', [agentId]),
    ).toHaveLength(1);
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
    expect(await isIn(new Browser(accounts.web.baseUrl, held))).toBe(false);
    expect((await enter(email, PASSWORD)).answer.status).toBe(401);
    expect((await enter(email, OTHER)).answer.status).toBe(303);
  });

  it('is not found by guesses of the old one sent all at once in a session that somebody left open', async () => {
    const { browser } = await signedIn();
    const { fields, action, method } = await browser.form('/account/password', '/account/password');
    const { formToken: _once, ...rest } = fields;
    const guess = (current: string) =>
      browser.submit({ action, method, fields: rest }, { current, password: OTHER, again: OTHER });
    const guesses = [...Array.from({ length: 19 }, (_, i) => `guess ${i}`), PASSWORD];
    const began = performance.now();
    const statuses = (await Promise.all(guesses.map(guess))).map(({ status }) => status);
    // Five free tries, then one more at the end of each wait (1, 2, 4… s) that fits in the time it took.
    const waitsOver = Math.floor(Math.log2(1 + (performance.now() - began) / 1000));
    expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(6 + waitsOver);
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
    const browser = new Browser(accounts.web.baseUrl);
    return browser.submit(await browser.form('/sign-in/forgotten', '/sign-in/forgotten'), { email });
  };
  const letters = (agentId: string) =>
    accounts.web.dataSource.query('SELECT kind FROM agent_mail WHERE agent_id = $1', [agentId]);
  const linkOf = async (agentId: string) => {
    const { url } = await accounts.web.app
      .get(MakeResetLink)
      .execute(accounts.web.dataSource.manager, { agentId });
    return new URL(url).pathname;
  };
  const choose = async (path: string, password: string) => {
    const browser = new Browser(accounts.web.baseUrl);
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
    await accounts.web.dataSource.query('UPDATE agent SET disabled_at = app_now() WHERE id = $1', [
      disabled.agentId,
    ]);
    const invited = await anAgent(accounts.web.dataSource, {
      organizationId: accounts.organizationId,
      email: 'never.joined@example.test',
    });
    await ask(disabled.email);
    await ask('never.joined@example.test');
    expect(await letters(disabled.agentId)).toEqual([]);
    expect(await letters(invited)).toEqual([]);
  });

  it('is replaced by a link of 256 bits, once, within thirty minutes; every session ends', async () => {
    const { agentId, browser, email } = await signedIn();
    const path = await linkOf(agentId);
    expect(path).toMatch(/^\/sign-in\/reset\/[\w-]{43}$/);
    const stored = await accounts.web.dataSource.query('SELECT l::text FROM sign_in_link l');
    expect(JSON.stringify(stored)).not.toContain(path.slice(-43));
    expect((await choose(path, 'court')).answer.status).toBe(400);
    const { browser: fresh, answer } = await choose(path, OTHER);
    expect(answer.status).toBe(303);
    expect([await isIn(fresh), await isIn(browser)]).toEqual([true, false]);
    expect((await new Browser(accounts.web.baseUrl).get(path)).status).toBe(404);
    expect((await enter(email, OTHER)).answer.status).toBe(303);
    const late = await linkOf(agentId);
    await moveClock(accounts.web.dataSource, '2026-06-09T08:31:00Z');
    expect((await new Browser(accounts.web.baseUrl).get(late)).status).toBe(404);
  });

  it('does not spare the second factor', async () => {
    const { agentId } = await enrolled();
    const { browser } = await choose(await linkOf(agentId), OTHER);
    expect((await browser.get('/')).headers.get('location')).toContain('/sign-in/second-factor');
  });

  it('is no invitation, nor an invitation a reset', async () => {
    const { agentId } = await anAccount();
    const reset = await linkOf(agentId);
    const { url } = await new InviteAgent(accounts.web.env).execute(accounts.web.dataSource.manager, {
      agentId,
    });
    const invitation = new URL(url).pathname;
    expect(
      (await new Browser(accounts.web.baseUrl).get(invitation.replace('/welcome/', '/sign-in/reset/')))
        .status,
    ).toBe(404);
    expect(
      (await new Browser(accounts.web.baseUrl).get(reset.replace('/sign-in/reset/', '/welcome/'))).status,
    ).toBe(404);
  });

  it('cannot be used to flood a mailbox', async () => {
    const { agentId, email } = await anAccount();
    const statuses: number[] = [];
    for (let times = 0; times < 6; times += 1) {
      // The wait is one second: on a slow machine it would be over.
      await accounts.itIsMorning();
      statuses.push((await ask(email)).status);
    }
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
    await accounts.itIsMorning();
    expect((await enter(email, PASSWORD)).answer.status).toBe(429);
    expect((await enter(email, PASSWORD, browser)).answer.status).toBe(303);
  });

  it('does not learn more by claiming to be a browser that was used before', async () => {
    const { email } = await anAccount();
    const statuses: number[] = [];
    for (let failure = 0; failure < 6; failure += 1) {
      await accounts.itIsMorning();
      const stranger = new Browser(accounts.web.baseUrl, `device=${'d'.repeat(42)}${failure}`);
      statuses.push((await enter(email, 'wrong', stranger)).answer.status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});
