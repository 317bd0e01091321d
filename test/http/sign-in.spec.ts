import { InviteAgent } from '../../src/agents/invite-agent.js';
import { hashPassword } from '../../src/agents/passwords.js';
import { SignInThrottle } from '../../src/agents/sign-in-throttle.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { anAgent, anOrganization, aSignedInAgent } from '../support/builders.js';
import { Browser } from '../support/browser-lite.js';
import { moveClock } from '../support/database.js';

const PASSWORD = 'cheval agrafe pile correcte';

describe('signing in', () => {
  let web: TestApp;
  let organizationId: string;
  let passwordHash: string;
  let serial = 0;

  beforeAll(async () => {
    web = await startTestApp();
    organizationId = await anOrganization(web.dataSource);
    passwordHash = await hashPassword(PASSWORD);
  });
  beforeEach(() => moveClock(web.dataSource, '2026-06-09T08:00:00Z'));
  afterAll(() => web.close());

  async function anAccount(): Promise<string> {
    const email = `camille.${(serial += 1)}@example.test`;
    await anAgent(web.dataSource, { organizationId, email, passwordHash });
    return email;
  }

  async function attempt(email: string, password: string, browser = new Browser(web.baseUrl)) {
    const form = await browser.form('/sign-in', '/sign-in');
    return { browser, answer: await browser.submit(form, { email, password }) };
  }

  it('opens the home page to the right password', async () => {
    const { browser, answer } = await attempt(await anAccount(), PASSWORD);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('sid='));
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).toMatch(/Path=\//);
    expect((await browser.get('/')).status).toBe(200);
  });

  it('takes the address whatever its case', async () => {
    const email = await anAccount();
    expect((await attempt(` ${email.toUpperCase()} `, PASSWORD)).answer.status).toBe(303);
  });

  it('answers alike of a wrong password, an unknown account, a disabled one and one without password', async () => {
    const disabled = await anAccount();
    await web.dataSource.query('UPDATE agent SET disabled_at = app_now() WHERE email = $1', [disabled]);
    const invited = `invited.${(serial += 1)}@example.test`;
    await anAgent(web.dataSource, { organizationId, email: invited });
    const texts: string[] = [];
    for (const [email, password] of [
      [await anAccount(), 'wrong'],
      ['nobody@example.test', PASSWORD],
      [disabled, PASSWORD],
      [invited, PASSWORD],
    ] as const) {
      const { answer } = await attempt(email, password);
      expect(answer.status).toBe(401);
      expect(answer.headers.getSetCookie().join()).not.toContain('sid=');
      texts.push(answer.text.replaceAll(email, '').replace(/name="_csrf" value="[^"]*"/g, ''));
    }
    expect(new Set(texts).size).toBe(1);
  });

  it('goes back to where the agent was going, and nowhere else', async () => {
    const stranger = new Browser(web.baseUrl);
    const sent = await stranger.get('/persons/search');
    expect(sent.status).toBe(303);
    const location = sent.headers.get('location') ?? '';
    expect(location).toBe('/sign-in?returnTo=%2Fpersons%2Fsearch');
    for (const [returnTo, expected] of [
      ['/persons/search', '/persons/search'],
      ['https://evil.example/', '/'],
      ['//evil.example/', '/'],
      ['/\\evil.example', '/'],
    ] as const) {
      const browser = new Browser(web.baseUrl);
      const form = await browser.form(`/sign-in?returnTo=${encodeURIComponent(returnTo)}`, '/sign-in');
      const answer = await browser.submit(form, { email: await anAccount(), password: PASSWORD });
      expect(answer.headers.get('location')).toBe(expected);
    }
  });

  it('refuses a form of another site, of another browser, or without its token', async () => {
    const email = await anAccount();
    const form = await new Browser(web.baseUrl).form('/sign-in', '/sign-in');
    const other = new Browser(web.baseUrl);
    expect((await other.submit(form, { email, password: PASSWORD })).status).toBe(403);
    const own = await other.form('/sign-in', '/sign-in');
    expect((await other.submit(own, { email, password: PASSWORD, _csrf: 'x' })).status).toBe(403);
    expect(
      (await other.submit(own, { email, password: PASSWORD }, { 'Sec-Fetch-Site': 'cross-site' })).status,
    ).toBe(403);
    expect(
      (await other.submit(own, { email, password: PASSWORD }, { Origin: 'https://evil.example' })).status,
    ).toBe(403);
    expect(
      (await other.submit(own, { email, password: PASSWORD }, { 'Sec-Fetch-Site': 'same-origin' })).status,
    ).toBe(303);
  });

  it('makes a guesser wait longer and longer, tells how long, and lets the agent in afterwards', async () => {
    const email = await anAccount();
    for (let failure = 0; failure < 5; failure++)
      expect((await attempt(email, 'wrong')).answer.status).toBe(401);
    // The wait is one second: on a slow machine it would be over.
    await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
    const { answer } = await attempt(email, PASSWORD);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(answer.text).toContain('essais');
    await moveClock(web.dataSource, '2026-06-09T08:05:00Z');
    expect((await attempt(email, PASSWORD)).answer.status).toBe(303);
    expect((await attempt(email, 'wrong')).answer.status).toBe(401);
  });

  it('lets guesses sent all at once learn no more than those sent one by one', async () => {
    const email = await anAccount();
    const guesses = [...Array.from({ length: 19 }, (_, i) => `guess ${i}`), PASSWORD];
    const began = performance.now();
    const statuses = await Promise.all(
      guesses.map(async (guess) => (await attempt(email, guess)).answer.status),
    );
    // Five free tries, then one more at the end of each wait (1, 2, 4… s) that fits in the time it took.
    const waitsOver = Math.floor(Math.log2(1 + (performance.now() - began) / 1000));
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(6 + waitsOver);
    const failures = await web.dataSource.query('SELECT key_hash, count(*) FROM sign_in_failure GROUP BY 1');
    expect(JSON.stringify(failures)).not.toContain(email);
  });

  it('counts a wait from the failure itself, not from when its transaction began to wait for others', async () => {
    const attempt = { subject: 'password', email: await anAccount(), address: '192.0.2.7' } as const;
    const [waited, failed]: { at: Date }[] = await web.dataSource.transaction(async (tx) => {
      // As others do before it: some time after the transaction began.
      await tx.query('SELECT count(*) FROM generate_series(1, 500000)');
      const now: { at: Date }[] = await tx.query('SELECT app_now() + (clock_timestamp() - now()) AS at');
      await web.app.get(SignInThrottle).recordFailure(tx, attempt);
      return [...now, ...(await tx.query('SELECT at FROM sign_in_failure ORDER BY id DESC LIMIT 1'))];
    });
    expect(failed?.at.getTime()).toBeGreaterThanOrEqual(waited?.at.getTime() ?? Infinity);
  });

  it('keeps no token, password or address in clear', async () => {
    const email = await anAccount();
    const { browser } = await attempt(email, PASSWORD);
    const token = browser.cookie('sid') ?? '';
    const stored = await web.dataSource.query(
      'SELECT s::text FROM session s UNION ALL SELECT f::text FROM sign_in_failure f',
    );
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(token).toMatch(/^[\w-]{43}$/);
  });

  describe('a session', () => {
    const home = async (cookie: string) =>
      (await fetch(`${web.baseUrl}/`, { headers: { cookie }, redirect: 'manual' })).status;

    it('ends after 30 minutes without a gesture, and goes on with one', async () => {
      const { cookie } = await aSignedInAgent(web.dataSource, { organizationId });
      await moveClock(web.dataSource, '2026-06-09T08:29:00Z');
      expect(await home(cookie)).toBe(200);
      await moveClock(web.dataSource, '2026-06-09T08:58:00Z');
      expect(await home(cookie)).toBe(200);
      await moveClock(web.dataSource, '2026-06-09T09:29:00Z');
      expect(await home(cookie)).toBe(303);
    });

    it('ends after 12 hours whatever happens', async () => {
      const { cookie } = await aSignedInAgent(web.dataSource, { organizationId });
      for (let minutes = 20; minutes < 720; minutes += 20) {
        await moveClock(web.dataSource, at(minutes));
        expect(await home(cookie)).toBe(200);
      }
      await moveClock(web.dataSource, at(721));
      expect(await home(cookie)).toBe(303);
    });

    it('ends when the agent leaves, is disabled, or signs in again', async () => {
      const email = await anAccount();
      const { browser } = await attempt(email, PASSWORD);
      const first = browser.cookieHeader();
      await attempt(email, PASSWORD, browser);
      expect(await home(first)).toBe(303);
      const leave = await browser.form('/', '/sign-out');
      const second = browser.cookieHeader();
      expect((await browser.submit(leave, {})).status).toBe(303);
      expect(await home(second)).toBe(303);
      const { cookie, agentId } = await aSignedInAgent(web.dataSource, { organizationId });
      await web.dataSource.query('UPDATE agent SET disabled_at = app_now() WHERE id = $1', [agentId]);
      expect(await home(cookie)).toBe(303);
    });

    it('does not act on a form without its token', async () => {
      const { cookie, csrfToken } = await aSignedInAgent(web.dataSource, { organizationId });
      const other = await aSignedInAgent(web.dataSource, { organizationId });
      const leave = async (fields: Record<string, string>) =>
        (
          await fetch(`${web.baseUrl}/sign-out`, {
            method: 'POST',
            headers: { cookie },
            body: new URLSearchParams(fields),
            redirect: 'manual',
          })
        ).status;
      for (const fields of [{}, { _csrf: '' }, { _csrf: 'x' }, { _csrf: other.csrfToken }])
        expect(await leave(fields as Record<string, string>)).toBe(403);
      expect(await home(cookie)).toBe(200);
      expect(await leave({ _csrf: csrfToken })).toBe(303);
    });

    it('is no key for the API, nor a key a session', async () => {
      const { cookie } = await aSignedInAgent(web.dataSource, { organizationId });
      expect((await fetch(`${web.baseUrl}/api/v1/places`, { headers: { cookie } })).status).toBe(401);
    });
  });

  describe('a one-time link', () => {
    async function invited() {
      const agentId = await anAgent(web.dataSource, {
        organizationId,
        email: `new.${(serial += 1)}@example.test`,
      });
      const { url } = await new InviteAgent(web.env).execute(web.dataSource.manager, { agentId });
      return new URL(url).pathname;
    }
    const choose = async (path: string, password: string, again = password) => {
      const browser = new Browser(web.baseUrl);
      const form = await browser.form(path, path);
      return { browser, answer: await browser.submit(form, { password, again }) };
    };

    it('lets an agent choose a password and signs in, once', async () => {
      const path = await invited();
      const { browser, answer } = await choose(path, PASSWORD);
      expect(answer.status).toBe(303);
      expect((await browser.get('/')).status).toBe(200);
      const again = await new Browser(web.baseUrl).get(path);
      expect(again.status).toBe(404);
    });

    it('refuses what is too short, guessable or typed differently, in French, and stays good', async () => {
      const path = await invited();
      expect((await choose(path, 'court')).answer.text).toContain('15');
      expect((await choose(path, 'motdepasse123456')).answer.status).toBe(400);
      expect((await choose(path, PASSWORD, `${PASSWORD}!`)).answer.status).toBe(400);
      expect((await choose(path, PASSWORD)).answer.status).toBe(303);
    });

    it('dies after seven days, and when another replaces it', async () => {
      const path = await invited();
      await moveClock(web.dataSource, '2026-06-16T08:00:01Z');
      expect((await new Browser(web.baseUrl).get(path)).status).toBe(404);
      expect((await new Browser(web.baseUrl).get('/welcome/unknown')).status).toBe(404);
    });
  });
});

function at(minutes: number): string {
  const hour = String(8 + Math.floor(minutes / 60)).padStart(2, '0');
  return `2026-06-09T${hour}:${String(minutes % 60).padStart(2, '0')}:00Z`;
}
