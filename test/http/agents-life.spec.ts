import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/access/domain/roles.js';
import { InviteAgent } from '../../src/agents/invite-agent.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, formsOf } from '../support/browser-lite.js';
import { aPerson, anAgent, anOrganization, aSignedInAgent } from '../support/builders.js';
import { HOSTILE_TEXTS } from '../support/hostile-corpus.js';
import { giveSecondFactor } from '../support/second-factors.js';

let web: TestApp;
let spip: string;
let other: string;

beforeAll(async () => {
  web = await startTestApp();
  spip = await anOrganization(web.dataSource, { name: 'SPIP 92 Nanterre' });
  other = await anOrganization(web.dataSource, { name: 'SPIP 93 Bobigny' });
});
afterAll(() => web.close());

const agent = (organizationId: string, role: Role = 'cpip', email?: string) =>
  anAgent(web.dataSource, { organizationId, role, ...(email === undefined ? {} : { email }) });

async function browser(organizationId: string, role: Role): Promise<Browser & { agentId: string }> {
  const { cookie, agentId } = await aSignedInAgent(web.dataSource, { organizationId, role });
  return Object.assign(new Browser(web.baseUrl, cookie), { agentId });
}

async function row<T>(sql: string, parameters: readonly unknown[]): Promise<T | undefined> {
  const rows: T[] = await web.dataSource.query(sql, [...parameters]);
  return rows[0];
}

const roleOf = async (id: string) =>
  (await row<{ role: string }>('SELECT role FROM agent WHERE id = $1', [id]))?.role;

describe('the charter', () => {
  it('comes before anything else, once, and is kept with version and time', async () => {
    const newcomer = await aSignedInAgent(web.dataSource, { organizationId: spip, acceptsCharter: false });
    const page = new Browser(web.baseUrl, newcomer.cookie);
    const away = await page.get('/agendas');
    expect([away.status, away.headers.get('location')]).toEqual([303, '/charter?returnTo=%2Fagendas']);
    const form = await page.form('/charter?returnTo=/agendas', '/charter');
    const posted = await page.submit(form, { charterVersion: '99' });
    expect(posted.status).toBe(409);
    const accepted = await page.submit(await page.form('/charter?returnTo=/agendas', '/charter'), {});
    expect([accepted.status, accepted.headers.get('location')]).toEqual([303, '/agendas']);
    expect((await page.get('/agendas')).status).toBe(200);
    const kept = await row('SELECT charter_version AS version FROM agent WHERE id = $1', [newcomer.agentId]);
    expect(kept).toEqual({ version: 1 });
  });

  it('is what an invited agent sees after the first password', async () => {
    const agentId = await anAgent(web.dataSource, { organizationId: spip, acceptsCharter: false });
    const { url } = await web.app.get(InviteAgent).execute(web.dataSource.manager, { agentId });
    const { pathname } = new URL(url);
    const page = new Browser(web.baseUrl);
    const password = 'cheval agrafe pile correcte';
    await page.submit(await page.form(pathname, pathname), { password, again: password });
    expect((await page.get('/')).headers.get('location')).toBe('/charter');
    expect((await page.get('/charter')).text).toContain('J’ai lu et j’accepte');
  });
});

describe('roles', () => {
  it('are never raised by a hidden field of one’s own profile, nor by posting to the card', async () => {
    const cpip = await browser(spip, 'cpip');
    const form = await cpip.form('/account', '/account');
    const answer = await cpip.submit(form, { role: 'admin', organizationId: other });
    expect(answer.status).toBe(400);
    const again = await cpip.form('/account', '/account');
    expect(
      (await cpip.submit({ ...again, action: `/agents/${cpip.agentId}/role` }, { role: 'dpip' })).status,
    ).toBe(403);
    expect(await roleOf(cpip.agentId)).toBe('cpip');
    const chief = await browser(spip, 'local-admin');
    const own = await chief.form('/account', '/account');
    const { _csrf = '', formToken = '' } = own.fields;
    const promote = { action: `/agents/${chief.agentId}/role`, method: 'post', fields: { _csrf, formToken } };
    expect((await chief.submit(promote, { role: 'admin' })).status).toBe(403);
    expect(await roleOf(chief.agentId)).toBe('local-admin');
  });
});

describe('another antenna of one’s headquarters', () => {
  it('is worked in at once: session and forms of before are worth nothing, and nothing was proved by it', async () => {
    const seat = await row<{ id: string }>(
      `INSERT INTO headquarters (name) VALUES ('Siège 92') RETURNING id`,
      [],
    );
    const antenna = await anOrganization(web.dataSource, { name: 'SPIP 92 Colombes' });
    await row('UPDATE organization SET headquarters_id = $1 WHERE id = ANY($2)', [seat?.id, [spip, antenna]]);
    const overseer = await browser(spip, 'overseer');
    await row('UPDATE agent SET headquarters_id = $1 WHERE id = $2', [seat?.id, overseer.agentId]);
    await row(`UPDATE session SET proved_at = app_now() - interval '1 hour' WHERE agent_id = $1`, [
      overseer.agentId,
    ]);
    const before = new Browser(web.baseUrl, overseer.cookieHeader());
    const form = await overseer.form('/account', '/account/service');
    const nowhere = await overseer.submit(form, { organizationId: other });
    expect(nowhere.status).toBe(404);
    const moved = await overseer.submit(await overseer.form('/account', '/account/service'), {
      organizationId: antenna,
    });
    expect([moved.status, moved.headers.get('location')]).toEqual([303, '/account?done=service']);
    expect((await overseer.get('/account')).text).toContain('SPIP 92 Colombes');
    expect((await before.get('/account')).headers.get('location')).toMatch(/^\/sign-in/);
    expect((await overseer.submit(form, { organizationId: spip })).status).toBe(403);
    const fresh = `SELECT proved_at > app_now() - interval '15 minutes' AS fresh FROM session WHERE agent_id = $1`;
    expect(await row(fresh, [overseer.agentId])).toEqual({ fresh: false });
  });
});

describe('agents of another service', () => {
  it('answer like those who do not exist, on every page and form', async () => {
    const chief = await browser(spip, 'local-admin');
    const foreign = await agent(other);
    const { _csrf = '' } = (await chief.form('/account', '/account')).fields;
    const shown = async (id: string) => {
      const pages = ['', '/edit', '/leave', '/transfer'].map((end) => chief.get(`/agents/${id}${end}`));
      const posts = [
        ['edit', { firstName: 'A', lastName: 'B', email: 'a@b.fr', phone: '' }],
        ['role', { role: 'dpip' }],
        ['leave', { heir: 'service' }],
        ['absence', { startsOn: '2030-01-01', endsOn: '2030-01-02', replacementId: chief.agentId }],
        ['invite', {}],
        ['reopen', {}],
        ['transfer', { heir: 'service', toOrganizationId: other }],
      ] as const;
      const answers = [...(await Promise.all(pages))];
      for (const [end, fields] of posts)
        answers.push(
          await chief.submit({ action: `/agents/${id}/${end}`, method: 'post', fields: { _csrf } }, fields),
        );
      return answers.map(({ status, text }) => [status, text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')]);
    };
    const [there, nowhere] = [await shown(foreign), await shown(randomUUID())];
    expect(there).toEqual(nowhere);
    expect(new Set(there.map(([status]) => status))).toEqual(new Set([404]));
  });
});

describe('inviting somebody who has an account elsewhere', () => {
  it('says the same of every service, and offers to ask for a move', async () => {
    await agent(other, 'cpip', 'known@example.test');
    await agent(spip, 'admin', 'root@example.test');
    const chief = await browser(spip, 'local-admin');
    const invite = async (email: string) => {
      const form = await chief.form('/agents/new', '/agents/new');
      return chief.submit(form, { firstName: 'Zoé', lastName: 'Roi', email, role: 'cpip' });
    };
    const [known, root] = [await invite('known@example.test'), await invite('root@example.test')];
    for (const { status, text } of [known, root]) {
      expect(status).toBe(400);
      expect(text).toContain('demandez sa mutation');
      expect(text).not.toContain('Bobigny');
    }
    const form = formsOf(known.text).find(({ action }) => action === '/agents/transfers');
    const asked = await chief.submit(form ?? (await chief.form('/nowhere', '')), {});
    expect(asked.headers.get('location')).toBe('/agents/transfers?done=asked');
    const page = await chief.get('/agents/transfers');
    expect(page.text).toContain('known@example.test');
    expect(page.text).not.toContain('Bobigny');
  });

  it('shows the link once when no e-mail can leave; sent twice, it invites once', async () => {
    const chief = await browser(spip, 'local-admin');
    const form = await chief.form('/agents/new', '/agents/new');
    const fields = { firstName: 'Léo', lastName: 'Neuf', email: 'leo.neuf@example.test', role: 'educator' };
    const both = await Promise.all([chief.submit(form, fields), chief.submit(form, fields)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 303]);
    expect(both.filter(({ text }) => text.includes('/welcome/'))).toHaveLength(1);
    const { n } = (await row<{ n: number }>(
      `SELECT count(*)::int AS n FROM agent WHERE email = 'leo.neuf@example.test'`,
      [],
    )) ?? { n: -1 };
    expect(n).toBe(1);
  });
});

describe('a move', () => {
  it('is confirmed by the other side with two clicks at once, and nothing stays', async () => {
    const mover = await agent(other, 'cpip', 'moves@example.test');
    const heir = await agent(other);
    const person = await aPerson(web.dataSource, { organizationIds: [other] });
    await web.dataSource.query('UPDATE person SET referent_id = $2 WHERE id = $1', [person, mover]);
    const [receiver, giver] = [await browser(spip, 'local-admin'), await browser(other, 'local-admin')];
    const ask = await receiver.form('/agents/transfers', '/agents/transfers');
    await receiver.submit(ask, { email: 'moves@example.test' });
    const { id } = (await row<{ id: string }>('SELECT id FROM agent_transfer WHERE agent_id = $1', [
      mover,
    ])) ?? { id: '' };
    expect((await receiver.get(`/agents/transfers/${id}`)).status).toBe(404);
    const page = `/agents/transfers/${id}`;
    const form = await giver.form(page, `${page}/confirm`);
    expect((await giver.submit(form, { heir: '' })).status).toBe(400);
    const good = await giver.form(page, `${page}/confirm`);
    const both = await Promise.all([giver.submit(good, { heir }), giver.submit(good, { heir })]);
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    const moved = await row('SELECT organization_id AS at FROM agent WHERE id = $1', [mover]);
    expect(moved).toEqual({ at: spip });
    const left = await row('SELECT referent_id AS heir FROM person WHERE id = $1', [person]);
    expect(left).toEqual({ heir });
    expect((await giver.get(`/agents/${mover}`)).status).toBe(404);
    expect((await receiver.get(`/agents/${mover}`)).status).toBe(200);
  });

  it('names the agent to the service that is to answer, whose own agent it is not yet', async () => {
    const mover = await agent(other, 'cpip', 'leaves@example.test');
    await row(`UPDATE agent SET last_name = 'Prosper' WHERE id = $1`, [mover]);
    const [receiver, giver] = [await browser(spip, 'local-admin'), await browser(other, 'local-admin')];
    const path = `/agents/${mover}/transfer`;
    await giver.submit(await giver.form(path, path), { heir: 'service', toOrganizationId: spip });
    const asked = await row<{ id: string }>('SELECT id FROM agent_transfer WHERE agent_id = $1', [mover]);
    const page = `/agents/transfers/${asked?.id ?? ''}`;
    expect((await receiver.get(page)).text).toContain('Mutation de Camille Prosper');
    expect((await receiver.get(`/agents/${mover}`)).status).toBe(404);
    const confirmed = await receiver.submit(await receiver.form(page, `${page}/confirm`), {});
    expect(confirmed.headers.get('location')).toBe('/agents/transfers?done=confirmed');
    expect((await receiver.get(`/agents/${mover}`)).status).toBe(200);
  });

  it('is never offered for administrators', async () => {
    const chief = await browser(spip, 'local-admin');
    const colleague = await agent(spip, 'local-admin');
    expect((await chief.get(`/agents/${colleague}`)).text).not.toContain(`/agents/${colleague}/transfer`);
    expect((await chief.get(`/agents/${colleague}/transfer`)).status).toBe(404);
  });
});

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
