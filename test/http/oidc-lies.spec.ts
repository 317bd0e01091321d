import type { Role } from '../../src/access/domain/roles.js';
import { hashPassword } from '../../src/agents/passwords.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import type { Answer } from '../support/client.js';
import { CLIENT } from '../support/oidc-provider.js';
import {
  anInvited,
  aServiceOf,
  expectRefused,
  leave,
  PASSWORD,
  SIRET,
  variables,
} from '../support/oidc-service.js';
import { type Claims, type Misbehaviour, OpenIdStub } from '../support/openid-stub.js';

const secondsAgo = (seconds: number) =>
  Math.floor((performance.timeOrigin + performance.now()) / 1000) - seconds;

describe('with a provider that lies', () => {
  let web: TestApp;
  let organizationId: string;
  const stub = new OpenIdStub();

  beforeAll(async () => {
    await stub.start();
    web = await startTestApp({ env: variables(stub.issuer) });
    organizationId = await aServiceOf(web);
  });
  afterAll(async () => {
    await web.close();
    await stub.close();
  });
  beforeEach(() => {
    stub.misbehaviour = {};
  });

  const callback = (query: URLSearchParams) => `/sign-in/oidc/callback?${query.toString()}`;

  async function comeBack(browser: Browser, path?: string): Promise<Answer> {
    return browser.get(callback(stub.authorize(await leave(browser, path))));
  }

  async function anIdentity(role: Role = 'cpip', more: Claims = {}) {
    const invited = await anInvited(web, organizationId, role);
    const sub = `sub-${invited.email}`;
    stub.claims = { sub, email: invited.email, siret: SIRET, idp_id: 'idp-1', ...more };
    return { ...invited, sub };
  }

  it('signs in who is what they say', async () => {
    await anIdentity();
    const browser = new Browser(web.baseUrl);
    expect((await comeBack(browser)).status).toBe(303);
    expect((await browser.get('/')).status).toBe(200);
    const { body, authorization } = stub.asked.at(-1) ?? {};
    expect(body?.get('client_secret')).toBe(CLIENT.secret);
    expect(authorization).toBeUndefined();
  });

  it.each<readonly [string, Misbehaviour]>([
    ['another nonce', { idToken: { nonce: 'x'.repeat(43) } }],
    ['no nonce', { idToken: { nonce: undefined } }],
    ['another issuer', { idToken: { iss: 'https://evil.example' } }],
    ['another audience', { idToken: { aud: 'somebody-else' } }],
    ['no signature', { signing: 'none' }],
    ['a signature with the public key as secret', { signing: 'hs256-with-public-key' }],
    ['a signature with an unknown key', { signing: 'another-key' }],
    ['an algorithm that was not registered', { signing: 'es256' }],
    ['an identity token that expired', { idToken: { exp: 1_700_000_000, iat: 1_699_999_000 } }],
    ['userinfo about somebody else', { userinfo: { sub: 'somebody-else' } }],
    ['userinfo without signature', { plainUserinfo: true }],
    ['userinfo signed by an unknown key', { userinfoSigning: 'another-key' }],
    ['userinfo signed with the secret of the client', { userinfoSigning: 'another-secret' }],
    ['userinfo for somebody else', { userinfo: { aud: 'somebody-else' } }],
    ['userinfo of another issuer', { userinfo: { iss: 'https://evil.example' } }],
  ])('refuses %s', async (_what, misbehaviour) => {
    const { agentId } = await anIdentity();
    stub.misbehaviour = misbehaviour;
    expectRefused(await comeBack(new Browser(web.baseUrl)));
    const bound = await web.dataSource.query('SELECT oidc_sub FROM agent WHERE id = $1', [agentId]);
    expect(bound).toEqual([{ oidc_sub: null }]);
  });

  it('refuses a state that is wrong, absent, replayed, or of another browser', async () => {
    await anIdentity();
    const browser = new Browser(web.baseUrl);
    const query = stub.authorize(await leave(browser));
    const code = query.get('code') ?? '';
    expectRefused(await browser.get(callback(new URLSearchParams({ code, state: 'x'.repeat(43) }))));
    expectRefused(await browser.get(callback(new URLSearchParams({ code }))));
    expectRefused(await new Browser(web.baseUrl).get(callback(query)));
    expect((await browser.get(callback(query))).status).toBe(303);
    expectRefused(await browser.get(callback(query)));
  });

  it('does not sign a victim in as somebody else by a link (login CSRF)', async () => {
    await anIdentity();
    const attacker = new Browser(web.baseUrl);
    const link = callback(stub.authorize(await leave(attacker)));
    const victim = new Browser(web.baseUrl);
    expectRefused(await victim.get(link));
    await leave(victim);
    expectRefused(await victim.get(link));
  });

  it('refuses a code that was redeemed, and a state older than ten minutes', async () => {
    await anIdentity();
    const browser = new Browser(web.baseUrl);
    const query = stub.authorize(await leave(browser));
    expect((await browser.get(callback(query))).status).toBe(303);
    const again = stub.authorize(await leave(browser));
    again.set('code', query.get('code') ?? '');
    expectRefused(await browser.get(callback(again)));
    const late = stub.authorize(await leave(browser));
    await web.dataSource.query("UPDATE oidc_login SET expires_at = expires_at - interval '11 minutes'");
    expectRefused(await browser.get(callback(late)));
  });

  it('gives a new session, whatever token the browser brought (fixation)', async () => {
    await anIdentity();
    const fixed = 'f'.repeat(43);
    const browser = new Browser(web.baseUrl, `sid=${fixed}`);
    expect((await comeBack(browser)).status).toBe(303);
    expect(browser.cookie('sid')).not.toBe(fixed);
    const answer = await fetch(web.baseUrl, { headers: { cookie: `sid=${fixed}` }, redirect: 'manual' });
    expect(answer.status).toBe(303);
  });

  it('never lets an address take an account that is bound', async () => {
    const { email } = await anIdentity();
    expect((await comeBack(new Browser(web.baseUrl))).status).toBe(303);
    stub.claims = { sub: 'another-sub', email, siret: SIRET, idp_id: 'idp-1' };
    expectRefused(await comeBack(new Browser(web.baseUrl)));
    stub.claims = { sub: `sub-${email}`, email, siret: SIRET, idp_id: 'idp-2' };
    expectRefused(await comeBack(new Browser(web.baseUrl)));
  });

  it.each<readonly [string, Claims]>([
    ['of another SIRET', { siret: '99999999999999' }],
    ['without SIRET', { siret: undefined }],
    ['whose address is not verified', { email_verified: false }],
    ['whose address nobody vouches for', { idp_id: undefined }],
    ['of nobody invited', { email: 'nobody@spip.example' }],
  ])('binds no identity %s', async (_what, told) => {
    await anIdentity('cpip', told);
    expectRefused(await comeBack(new Browser(web.baseUrl)));
  });

  it('binds nobody by an invitation that is too old, and never creates an account', async () => {
    const { agentId } = await anIdentity();
    await web.dataSource.query(
      "UPDATE sign_in_link SET expires_at = app_now() - interval '1 second' WHERE agent_id = $1",
      [agentId],
    );
    const count = async () => (await web.dataSource.query('SELECT count(*)::int AS n FROM agent'))[0]?.n;
    const before = await count();
    expectRefused(await comeBack(new Browser(web.baseUrl)));
    expect(await count()).toBe(before);
  });

  it('refuses an agent who was disabled', async () => {
    const { agentId } = await anIdentity();
    expect((await comeBack(new Browser(web.baseUrl))).status).toBe(303);
    await web.dataSource.query('UPDATE agent SET disabled_at = app_now() WHERE id = $1', [agentId]);
    expectRefused(await comeBack(new Browser(web.baseUrl)));
  });

  it.each<readonly [string, string]>([
    ['https://evil.example/', '/'],
    ['//evil.example/', '/'],
    ['/\\evil.example', '/'],
    ['/persons/search', '/persons/search'],
  ])('comes back from %j to %j', async (returnTo, expected) => {
    await anIdentity();
    const answer = await comeBack(
      new Browser(web.baseUrl),
      `/sign-in/oidc?returnTo=${encodeURIComponent(returnTo)}`,
    );
    expect(answer.headers.get('location')).toBe(expected);
  });

  it('asks an administrator for a second factor unless the provider saw one', async () => {
    await anIdentity('admin');
    const browser = new Browser(web.baseUrl);
    await comeBack(browser);
    const sent = await browser.get('/settings');
    expect(sent.headers.get('location')).toBe('/sign-in/second-factor?returnTo=%2Fsettings');
    stub.misbehaviour = { idToken: { amr: ['pwd', 'mfa'] } };
    const other = new Browser(web.baseUrl);
    await comeBack(other);
    expect((await other.get('/settings')).status).toBe(200);
  });

  it.each<readonly [string, string, Claims, boolean]>([
    ['a session at the provider', '/sign-in/oidc', {}, false],
    ['a proof there an hour ago', '/sign-in/oidc', { auth_time: secondsAgo(3600) }, false],
    ['a proof there just now', '/sign-in/oidc', { auth_time: secondsAgo(20) }, true],
    ['a proof it was asked for', '/sign-in/oidc?fresh=true', {}, true],
    [
      'one it was asked for and did not ask',
      '/sign-in/oidc?fresh=true',
      { auth_time: secondsAgo(3600) },
      false,
    ],
  ])('takes %s for a proof before administration, or not', async (_what, path, idToken, isProof) => {
    await anIdentity('admin');
    stub.misbehaviour = { idToken: { amr: ['pwd', 'mfa'], ...idToken } };
    const browser = new Browser(web.baseUrl);
    expect((await comeBack(browser, path)).status).toBe(303);
    const answer = await browser.get('/console/organizations');
    expect(answer.status).toBe(isProof ? 200 : 303);
    if (!isProof) expect(answer.headers.get('location')).toMatch(/^\/account\/confirm\?/);
  });

  it('keeps passwords for administrators only, once they are bound', async () => {
    const passwordHash = await hashPassword(PASSWORD);
    for (const [role, status] of [
      ['cpip', 401],
      ['admin', 303],
    ] as const) {
      const { agentId, email } = await anIdentity(role);
      await web.dataSource.query('UPDATE agent SET password_hash = $2 WHERE id = $1', [
        agentId,
        passwordHash,
      ]);
      await comeBack(new Browser(web.baseUrl));
      const browser = new Browser(web.baseUrl);
      const form = await browser.form('/sign-in', '/sign-in');
      expect((await browser.submit(form, { email, password: PASSWORD })).status).toBe(status);
    }
  });

  it('says so when the provider fails, and still offers the password', async () => {
    await anIdentity();
    stub.misbehaviour = { tokenStatus: 503 };
    const answer = await comeBack(new Browser(web.baseUrl));
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('ne répond pas');
    expect(answer.text).toContain('action="/sign-in"');
  });

  it('keeps no identity token, state or nonce in clear', async () => {
    const { sub } = await anIdentity();
    const browser = new Browser(web.baseUrl);
    const url = await leave(browser);
    await browser.get(callback(stub.authorize(url)));
    const rows = await web.dataSource.query(
      'SELECT s::text FROM session s UNION ALL SELECT o::text FROM oidc_login o',
    );
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(sub).toString('base64url').slice(0, 20));
    expect(JSON.stringify(rows)).not.toContain(url.searchParams.get('state'));
  });
});

describe('with a provider that lies, and tokens signed by the secret of the client (HS256)', () => {
  let web: TestApp;
  let organizationId: string;
  const stub = new OpenIdStub(CLIENT.secret);

  beforeAll(async () => {
    await stub.start();
    web = await startTestApp({ env: variables(stub.issuer, { OIDC_SIGNING_ALG: 'HS256' }) });
    organizationId = await aServiceOf(web);
  });
  afterAll(async () => {
    await web.close();
    await stub.close();
  });

  it.each<readonly [string, Misbehaviour, boolean]>([
    ['takes what is signed by the secret', {}, true],
    ['refuses another secret', { signing: 'another-secret' }, false],
    ['refuses userinfo of another secret', { userinfoSigning: 'another-secret' }, false],
    ['refuses userinfo signed by a key', { userinfoSigning: 'rs256' }, false],
    ['refuses the key of the provider, which was not registered', { signing: 'rs256' }, false],
    ['refuses its public key as secret', { signing: 'hs256-with-public-key' }, false],
    ['refuses no signature', { signing: 'none' }, false],
    ['refuses userinfo without signature', { plainUserinfo: true }, false],
    ['refuses another nonce', { idToken: { nonce: 'x'.repeat(43) } }, false],
    ['refuses another audience', { idToken: { aud: 'somebody-else' } }, false],
    ['refuses userinfo about somebody else', { userinfo: { sub: 'somebody-else' } }, false],
  ])('%s', async (_what, misbehaviour, isTaken) => {
    const { email } = await anInvited(web, organizationId);
    stub.claims = { sub: `sub-${email}`, email, siret: SIRET, idp_id: 'idp-1' };
    stub.misbehaviour = misbehaviour;
    const browser = new Browser(web.baseUrl);
    const query = stub.authorize(await leave(browser));
    const answer = await browser.get(`/sign-in/oidc/callback?${query.toString()}`);
    if (isTaken) expect(answer.status).toBe(303);
    else expectRefused(answer);
  });
});
