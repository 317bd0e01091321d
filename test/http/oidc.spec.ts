import { hashPassword } from '../../src/agents/passwords.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { anAgent, anOrganization } from '../support/builders.js';
import { Browser } from '../support/browser-lite.js';
import { BrowserAtProvider, type RunningProvider, startOidcProvider } from '../support/oidc-provider.js';
import { anInvited, aServiceOf, BASE, leave, PASSWORD, SIRET, variables } from '../support/oidc-service.js';
import { OpenIdStub } from '../support/openid-stub.js';

const back = (url: URL) => `${url.pathname}${url.search}`;

describe('with a real provider, set up as ProConnect is', () => {
  let web: TestApp;
  let provider: RunningProvider;
  let organizationId: string;

  beforeAll(async () => {
    provider = await startOidcProvider(BASE, { sub: 'nobody', email: 'nobody@spip.example' });
    web = await startTestApp({ env: variables(provider.issuer) });
    organizationId = await aServiceOf(web);
  });
  afterAll(async () => {
    await web.close();
    await provider.close();
  });

  async function signIn(path?: string, browser = new Browser(web.baseUrl)) {
    const there = new BrowserAtProvider(provider.issuer);
    const answer = await browser.get(back(await there.walk(await leave(browser, path))));
    return { browser, answer, there };
  }

  it('signs an invited agent in, where they were going, and again without invitation', async () => {
    const { email } = await anInvited(web, organizationId);
    provider.account = { sub: `sub-${email}`, email, siret: SIRET };
    const first = await signIn('/sign-in/oidc?returnTo=%2Fpersons%2Fsearch');
    expect(first.answer.status).toBe(303);
    expect(first.answer.headers.get('location')).toBe('/persons/search');
    expect((await first.browser.get('/persons/search')).status).toBe(200);
    provider.account = { sub: `sub-${email}`, email: 'changed@elsewhere.example' };
    const second = await signIn();
    expect((await second.browser.get('/')).text).toContain('Camille Martin');
  });

  it('ends the session here and there, and comes back only with its own state', async () => {
    const { email } = await anInvited(web, organizationId);
    provider.account = { sub: `sub-${email}`, email, siret: SIRET };
    const { browser, there } = await signIn();
    const session = browser.cookieHeader();
    const answer = await browser.submit(await browser.form('/', '/sign-out'), {});
    const url = /content="0;url=([^"]+)"/.exec(answer.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect((await fetch(web.baseUrl, { headers: { cookie: session }, redirect: 'manual' })).status).toBe(303);
    const returned = await there.walk(new URL(url));
    expect(returned.pathname).toBe('/sign-out/done');
    const forged = `/sign-out/done?state=${'x'.repeat(43)}`;
    expect((await browser.get(forged)).status).toBe(403);
    expect((await new Browser(web.baseUrl).get(back(returned))).status).toBe(403);
    const done = await browser.get(back(returned));
    expect(done.headers.get('location')).toBe('/sign-in?done=signed-out');
    expect((await browser.get(back(returned))).status).toBe(403);
  });

  it('sends no parameter but those ProConnect knows, and draws state and nonce anew', async () => {
    const urls = [await leave(new Browser(web.baseUrl)), await leave(new Browser(web.baseUrl))];
    const [one, two] = urls.map(({ searchParams }) => searchParams);
    expect([...(one?.keys() ?? [])].sort()).toEqual(
      ['claims', 'client_id', 'nonce', 'redirect_uri', 'response_type', 'scope', 'state'].sort(),
    );
    expect(one?.get('redirect_uri')).toBe(`${BASE}/sign-in/oidc/callback`);
    for (const name of ['state', 'nonce']) {
      expect(one?.get(name)?.length).toBeGreaterThanOrEqual(32);
      expect(one?.get(name)).not.toBe(two?.get(name));
    }
  });
});

describe('with tokens signed by the secret of the client (HS256)', () => {
  it('signs an invited agent in at a real provider, and out again', async () => {
    const provider = await startOidcProvider(BASE, { sub: 'nobody', email: 'nobody@spip.example' }, 'HS256');
    const web = await startTestApp({ env: variables(provider.issuer, { OIDC_SIGNING_ALG: 'HS256' }) });
    const { email } = await anInvited(web, await aServiceOf(web));
    provider.account = { sub: `sub-${email}`, email, siret: SIRET };
    const browser = new Browser(web.baseUrl);
    const there = new BrowserAtProvider(provider.issuer);
    const answer = await browser.get(back(await there.walk(await leave(browser))));
    const home = await browser.get('/');
    await web.close();
    await provider.close();
    expect([answer.status, home.status]).toEqual([303, 200]);
  });
});

describe('with a provider that is not there', () => {
  it('starts, offers both ways, and signs in by password', async () => {
    const stub = await new OpenIdStub().start();
    const { issuer } = stub;
    await stub.close();
    const web = await startTestApp({ env: variables(issuer, { OIDC_NAME: 'Annuaire' }) });
    const organizationId = await anOrganization(web.dataSource);
    const email = 'local@spip.example';
    const passwordHash = await hashPassword(PASSWORD);
    await anAgent(web.dataSource, { organizationId, email, passwordHash });
    const browser = new Browser(web.baseUrl);
    const form = await browser.form('/sign-in', '/sign-in');
    expect((await browser.get('/sign-in')).text).toContain('S’identifier avec Annuaire');
    const answer = await browser.get('/sign-in/oidc');
    const signedIn = await browser.submit(form, { email, password: PASSWORD });
    await web.close();
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('Annuaire ne répond pas');
    expect(signedIn.status).toBe(303);
  });
});

describe('without a provider', () => {
  it('shows no button and has no such page', async () => {
    const web = await startTestApp();
    const browser = new Browser(web.baseUrl);
    const page = await browser.get('/sign-in');
    const statuses = [
      await browser.get('/sign-in/oidc'),
      await browser.get('/sign-in/oidc/callback?state=x'),
    ];
    await web.close();
    expect(page.text).not.toContain('/sign-in/oidc');
    expect(statuses.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('sends configured parameters and a proof key when asked to', async () => {
    const stub = await new OpenIdStub().start();
    const more = { OIDC_PKCE: 'on', OIDC_PARAMETERS: 'acr_values=eidas1' };
    const web = await startTestApp({ env: variables(stub.issuer, more) });
    const { searchParams } = await leave(new Browser(web.baseUrl));
    await web.close();
    await stub.close();
    expect(searchParams.get('acr_values')).toBe('eidas1');
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
  });
});
