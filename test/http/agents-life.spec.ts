import { randomUUID } from 'node:crypto';
import { InviteAgent } from '../../src/agents/invite-agent.js';
import type { TestApp } from '../support/app.js';
import { Browser, formsOf } from '../support/browser-lite.js';
import { aPerson, anAgent, anOrganization, aSignedInAgent } from '../support/builders.js';
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
