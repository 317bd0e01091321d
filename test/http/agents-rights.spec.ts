import type { Role } from '../../src/access/domain/roles.js';
import type { TestApp } from '../support/app.js';
import { Browser, formsOf } from '../support/browser-lite.js';
import { anAgent, anOrganization, aSignedInAgent } from '../support/builders.js';
import { HOSTILE_TEXTS } from '../support/hostile-corpus.js';
import { giveSecondFactor } from '../support/second-factors.js';
import { TwoServices } from '../support/two-services.js';

const services = new TwoServices();
const { agent, browser, row } = services;
let web: TestApp;
let spip: string;
let other: string;

beforeAll(async () => {
  await services.open();
  ({ web, spip, other } = services);
});
afterAll(() => services.close());

describe('what changes rights', () => {
  const STALE = `UPDATE session SET proved_at = app_now() - interval '16 minutes' WHERE agent_id = $1`;
  const secondFactorOf = async (id: string) =>
    (await row<{ at: Date | null }>('SELECT totp_confirmed_at AS at FROM agent WHERE id = $1', [id]))?.at ??
    null;
  const guarded = async (organizationId: string, role: Role = 'cpip') => {
    const { agentId, cookie } = await aSignedInAgent(web.dataSource, { organizationId, role });
    await giveSecondFactor(web, agentId);
    return { agentId, page: new Browser(web.baseUrl, cookie) };
  };

  it('asks who is at the keyboard after fifteen minutes, and does nothing before', async () => {
    const chief = await browser(spip, 'local-admin');
    const central = await browser(spip, 'admin');
    const { agentId } = await guarded(spip);
    const card = `/agents/${agentId}`;
    const forms = [
      [chief, await chief.form(card, `${card}/role`), { role: 'dpip' }],
      [chief, await chief.form(card, `${card}/second-factor`), {}],
      [chief, await chief.form(`${card}/edit`, `${card}/edit`), { lastName: 'Autre' }],
      [chief, await chief.form(`${card}/leave`, `${card}/leave`), { heir: 'service' }],
      [chief, await chief.form(`${card}/transfer`, `${card}/transfer`), { toOrganizationId: other }],
      [chief, await chief.form('/agents/transfers', '/agents/transfers'), { email: 'qui@example.test' }],
      [chief, await chief.form('/agents/new', '/agents/new'), { email: 'qui@example.test' }],
      [central, await central.form(card, `${card}/impersonate`), { reason: 'ne voit plus ses listes' }],
    ] as const;
    for (const { agentId: id } of [chief, central]) await web.dataSource.query(STALE, [id]);
    const before = await row('SELECT a.*, NULL AS search_key FROM agent a WHERE id = $1', [agentId]);
    for (const [who, form, fields] of forms) {
      const held = await who.submit(form, fields);
      expect([form.action, held.status]).toEqual([form.action, 401]);
      expect(held.text).toContain('name="_proof"');
    }
    expect(await row('SELECT a.*, NULL AS search_key FROM agent a WHERE id = $1', [agentId])).toEqual(before);
    const away = await chief.get('/agents/import');
    expect(away.headers.get('location')).toBe('/account/confirm?returnTo=%2Fagents%2Fimport');
  });

  it('takes a lost second factor away, from the card of the agent, whose sessions end', async () => {
    const chief = await browser(spip, 'local-admin');
    const { agentId, page } = await guarded(spip);
    const action = `/agents/${agentId}/second-factor`;
    const form = await chief.form(`/agents/${agentId}`, action);
    const done = await chief.submit(form, {});
    expect(done.headers.get('location')).toBe(`/agents/${agentId}?done=second-factor`);
    expect(await secondFactorOf(agentId)).toBeNull();
    expect((await page.get('/account')).headers.get('location')).toMatch(/^\/sign-in/);
    expect((await chief.get(`/agents/${agentId}`)).text).not.toContain(action);
    expect((await chief.submit({ ...form, fields: { _csrf: form.fields._csrf ?? '' } }, {})).status).toBe(
      409,
    );
  });

  it('leaves the second factor of who is above, elsewhere, or oneself; nor is it a head clerk’s', async () => {
    const chief = await browser(spip, 'local-admin');
    const [above, elsewhere] = [await guarded(spip, 'admin'), await guarded(other)];
    await giveSecondFactor(web, chief.agentId);
    const { _csrf = '' } = (await chief.form('/account', '/account')).fields;
    const take = (agentId: string) =>
      chief.submit({ action: `/agents/${agentId}/second-factor`, method: 'post', fields: { _csrf } }, {});
    for (const [id, status] of [
      [above.agentId, 403],
      [elsewhere.agentId, 404],
      [chief.agentId, 403],
    ] as const) {
      expect((await take(id)).status).toBe(status);
      expect(await secondFactorOf(id)).not.toBeNull();
    }
    expect((await chief.get(`/agents/${above.agentId}`)).text).not.toContain('/second-factor');
    const court = await anOrganization(web.dataSource, { kind: 'tj' });
    const clerk = await browser(court, 'sap-head-clerk');
    const { agentId } = await guarded(court, 'sap-clerk');
    const card = await clerk.get(`/agents/${agentId}`);
    expect(card.text).toContain(`/agents/${agentId}/role`);
    expect(card.text).not.toContain('/second-factor');
    const form = await clerk.form(`/agents/${agentId}`, `/agents/${agentId}/role`);
    expect((await clerk.submit({ ...form, action: `/agents/${agentId}/second-factor` }, {})).status).toBe(
      403,
    );
  });
});

describe('acting under another name', () => {
  it('is a central administrator’s, shows both names, and takes nothing away', async () => {
    const central = await browser(other, 'admin');
    const target = await agent(spip, 'dpip');
    const path = `/agents/${target}`;
    const start = async (reason: string) =>
      central.submit(await central.form(path, `${path}/impersonate`), { reason });
    expect((await start('')).status).toBe(400);
    expect((await start('ne voit plus ses listes')).headers.get('location')).toBe('/');
    const home = await central.get('/');
    expect(home.text).toContain('vous agissez sous le nom de');
    for (const closed of ['/account/security', '/account/sessions', '/absence/export?format=csv'])
      expect((await central.get(closed)).status).toBe(403);
    const profile = formsOf((await central.get('/account')).text).find(({ action }) => action === '/account');
    expect(
      (await central.submit(profile ?? { action: '/account', method: 'post', fields: {} }, {})).status,
    ).toBe(403);
    const back = formsOf(home.text).find(({ action }) => action === '/impersonation/end');
    expect((await central.submit(back ?? { action: '', method: '', fields: {} }, {})).status).toBe(303);
    expect((await central.get('/')).text).not.toContain('vous agissez sous le nom de');
    expect((await central.get('/agents')).status).toBe(200);
  });

  it('keeps any reason as it was typed, or refuses it', async () => {
    for (const reason of HOSTILE_TEXTS.slice(0, 40)) {
      const central = await browser(other, 'admin');
      const path = `/agents/${await agent(spip)}`;
      const answer = await central.submit(await central.form(path, `${path}/impersonate`), { reason });
      expect([303, 400]).toContain(answer.status);
    }
  });

  it('is nobody else’s', async () => {
    const chief = await browser(spip, 'local-admin');
    const colleague = await agent(spip);
    const { _csrf = '' } = (await chief.form('/account', '/account')).fields;
    const form = { action: `/agents/${colleague}/impersonate`, method: 'post', fields: { _csrf } };
    expect((await chief.submit(form, { reason: 'par curiosité' })).status).toBe(403);
  });
});

describe('an alert', () => {
  it('is looked at, published, and closed by its reader on the page where it stands', async () => {
    const chief = await browser(spip, 'local-admin');
    const reader = await browser(spip, 'overseer');
    const form = await chief.form('/alerts', '/alerts');
    const fields = { level: 'warning', alertText: 'Panne du réseau à 18 h.', 'to.overseer': 'true' };
    const preview = await chief.submit(form, { ...fields, act: 'preview' });
    expect(preview.text).toContain('Vue par 1');
    expect((await reader.get('/')).text).not.toContain('Panne du réseau');
    const publish = formsOf(preview.text).find(({ fields: found }) => found['to.overseer'] === 'true');
    expect((await chief.submit(publish ?? form, { act: 'publish' })).status).toBe(303);
    const page = await reader.get('/agendas');
    expect(page.text).toContain('Panne du réseau à 18 h.');
    const close = formsOf(page.text).find(({ action }) => action.endsWith('/read'));
    const closed = await reader.submit(close ?? form, {}, { Referer: `${web.baseUrl}/agendas` });
    expect(closed.headers.get('location')).toBe('/agendas');
    expect((await reader.get('/agendas')).text).not.toContain('Panne du réseau');
    expect((await chief.get('/alerts')).text).toMatch(/Lue par 1 sur/);
  });
});

describe('the local console', () => {
  it('names what waits, to who looks after the service', async () => {
    const chief = await browser(spip, 'local-admin');
    await anAgent(web.dataSource, {
      organizationId: spip,
      email: 'never.came@example.test',
      acceptsCharter: false,
    });
    const page = await chief.get('/service');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Invités, jamais venus');
    expect((await (await browser(spip, 'cpip')).get('/service')).status).toBe(403);
  });
});
