import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { DeliverWebhooks } from '../../src/webhooks/deliver-webhooks.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { anOrganization, aService, aSignedInAgent } from '../support/builders.js';
import { answers, aReceiver, type Receiver } from '../support/receiver.js';

const LIST = '/console/webhooks';

let test: TestApp;
let organizationId: string;
let admin: Browser;
let local: Browser;
let other: Receiver;
let status = 204;

beforeAll(async () => {
  test = await startTestApp();
  ({ organizationId } = await aService(test.dataSource));
  const session = (role: 'admin' | 'local-admin') =>
    aSignedInAgent(test.dataSource, { organizationId, role }).then(
      ({ cookie }) => new Browser(test.baseUrl, cookie),
    );
  [admin, local] = [await session('admin'), await session('local-admin')];
  other = await aReceiver((response, call) => answers(status)(response, call));
});

afterAll(async () => {
  await other.close();
  await test.close();
});

async function round(): Promise<void> {
  await test.app.get(ScheduledTasks).run('deliver-webhooks');
  await test.app.get(DeliverWebhooks).settled();
}

async function add(fields: Record<string, string> = {}) {
  const form = await admin.form(`${LIST}/new`, LIST);
  return admin.submit(form, {
    organization: organizationId,
    url: other.url,
    'event.missed': 'true',
    ...fields,
  });
}

async function added(): Promise<string> {
  const answer = await add();
  expect(answer.status).toBe(200);
  return /href="\/console\/webhooks\/([0-9a-f-]{36})"/.exec(answer.text)?.[1] ?? '';
}

/** Posts a form of the page of a webhook. @returns the page that follows */
async function act(id: string, given: Record<string, string>): Promise<string> {
  const { path = `${LIST}/${id}`, ...fields } = given;
  const answer = await admin.submit(await admin.form(`${LIST}/${id}`, path), fields);
  return (await admin.get(answer.headers.get('location') ?? '')).text;
}

describe('a webhook added on the page', () => {
  it('shows its secret once and is called at once, as a test', async () => {
    const answer = await add();
    expect(answer.text).toMatch(/value="whsec_[\w-]{43}"/);
    const id = /href="\/console\/webhooks\/([0-9a-f-]{36})"/.exec(answer.text)?.[1] ?? '';
    await round();
    expect(other.calls.at(-1)?.payload).toMatchObject({ event: 'test', state: 'test', convocationId: null });
    const page = await admin.get(`${LIST}/${id}`);
    expect(page.text).toContain('Appel d’essai');
    expect(page.text).toMatch(/204 en \d+\u00a0ms/);
    expect(page.text).not.toContain('whsec_');
  });

  it.each([
    ['url', { url: 'https://user:secret@logiciel.example/' }],
    ['url', { url: 'not an address' }],
    ['events', { 'event.missed': '' }],
  ])('is refused with a sentence at %s: %j', async (field, given) => {
    const form = await admin.form(`${LIST}/new`, LIST);
    const unticked = Object.fromEntries(
      Object.keys(form.fields)
        .filter((name) => name.startsWith('event.'))
        .map((name) => [name, '']),
    );
    const fields = {
      organization: organizationId,
      url: other.url,
      ...unticked,
      'event.missed': 'true',
      ...given,
    };
    const answer = await admin.submit(form, fields);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`id="${field}-error"`);
  });

  it('is for a service that exists', async () => {
    const form = await admin.form(`${LIST}/new`, LIST);
    const answer = await admin.submit(form, { organization: 'nobody', url: other.url });
    expect(answer.status).toBe(404);
  });
});

describe('what was given up', () => {
  it('is replayed under the same id, one or all', async () => {
    const id = await added();
    await round();
    await test.dataSource.query(
      `INSERT INTO webhook_delivery (endpoint_id, event_id, event, convocation_id, organization_id, state, status,
         attempts, answer_status, latency_ms, settled_at)
       SELECT $1, gen_random_uuid(), 'missed', gen_random_uuid(), $2, 'missed', 'dead', 8, 500, 12, app_now()
         FROM generate_series(1, 3)`,
      [id, organizationId],
    );
    const dead: { id: string; event_id: string }[] = await test.dataSource.query(
      `SELECT id, event_id FROM webhook_delivery WHERE status = 'dead' AND endpoint_id = $1`,
      [id],
    );
    expect((await admin.get(LIST)).text).toContain('3\u00a0appels abandonnés');
    expect((await admin.get('/console')).text).toContain('3\u00a0appels de webhook abandonnés');
    const before = other.calls.length;
    const replay = `${LIST}/${id}/replay`;
    await admin.submit(await admin.form(`${LIST}/${id}`, replay), { delivery: dead[0]?.id ?? '' });
    await round();
    expect(other.calls.slice(before).map(({ payload }) => payload.id)).toEqual([dead[0]?.event_id]);
    await admin.submit(await admin.form(`${LIST}/${id}`, replay), { delivery: '' });
    await round();
    const replayed = other.calls.slice(before + 1).map(({ payload }) => payload.id);
    expect(replayed.sort()).toEqual([dead[1]?.event_id, dead[2]?.event_id].sort());
  });
});

describe('a webhook', () => {
  it('is tested, switched off and on, and given another secret', async () => {
    const id = await added();
    const page = `${LIST}/${id}`;
    await round();
    const before = other.calls.length;
    status = 500;
    await admin.submit(await admin.form(page, page), { act: 'test' });
    await round();
    status = 204;
    expect(other.calls).toHaveLength(before + 1);
    expect((await admin.get(page)).text).toContain('En échec');
    await admin.submit(await admin.form(page, page), { act: 'off' });
    expect((await admin.get(page)).text).toContain('Désactivé');
    expect((await admin.submit(await admin.form(page, page), { act: 'test' })).status).toBe(409);
    await admin.submit(await admin.form(page, page), { act: 'on' });
    expect((await admin.get(page)).text).toContain('Actif');
    const answer = await admin.submit(await admin.form(page, page), { act: 'secret' });
    expect(answer.text).toMatch(/value="whsec_[\w-]{43}"/);
    expect((await admin.get(page)).text).toContain('signe encore jusqu’au');
    expect((await admin.submit(await admin.form(page, page), { act: 'explode' })).status).toBe(400);
  });

  it('has two old secrets that sign on, and no third', async () => {
    const id = await added();
    const replaced = async () =>
      admin.submit(await admin.form(`${LIST}/${id}`, `${LIST}/${id}`), { act: 'secret' });
    expect((await replaced()).text).toMatch(/value="whsec_/);
    expect((await replaced()).text).toMatch(/value="whsec_/);
    expect((await admin.get(`${LIST}/${id}`)).text).toMatch(/signent encore jusqu’au .* et jusqu’au /);
    const refused = await replaced();
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Deux anciens secrets signent encore.');
  });

  it('that is enabled again is called at once about what waited for a later try', async () => {
    const id = await added();
    await round();
    const [{ event_id: eventId }] = await test.dataSource.query(
      `INSERT INTO webhook_delivery (endpoint_id, event_id, event, organization_id, state, attempts, due_at)
       VALUES ($1, gen_random_uuid(), 'missed', $2, 'missed', 7, app_now() + interval '23 hours') RETURNING event_id`,
      [id, organizationId],
    );
    await act(id, { act: 'off' });
    const told = await act(id, { act: 'on' });
    expect(told).toContain('ce qui attendait part dans les secondes qui viennent');
    expect(told).toContain('Ce qui est arrivé pendant l’arrêt ne lui est pas dit.');
    await round();
    expect(other.calls.at(-1)?.payload.id).toBe(eventId);
  });

  it('says when the calls that were chosen leave', async () => {
    const id = await added();
    await round();
    const replay = { path: `${LIST}/${id}/replay`, delivery: '' };
    expect(await act(id, replay)).toContain('Aucun appel n’est à rejouer.');
    const [{ id: delivery }] = await test.dataSource.query(
      'SELECT id FROM webhook_delivery WHERE endpoint_id = $1',
      [id],
    );
    expect(await act(id, { ...replay, delivery })).toContain('repartent dans les secondes qui viennent');
    await round();
    await act(id, { act: 'off' });
    expect(await act(id, { ...replay, delivery })).toContain(
      'repartiront quand le webhook sera de nouveau actif',
    );
  });

  it('says that calls wait while sending is held', async () => {
    const id = await added();
    await test.dataSource.query(`INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'test')`);
    const told = [
      await act(id, { act: 'test' }),
      await act(id, { act: 'off' }),
      await act(id, { act: 'on' }),
    ];
    await test.dataSource.query(`UPDATE sending_hold SET released_at = app_now(), released_by = 'test'`);
    expect(told[0]).toContain('Un appel d’essai part à la reprise des envois.');
    expect(told[0]).toContain('Les envois sont retenus');
    expect(told[2]).toContain('ce qui attendait part à la reprise des envois.');
    expect((await admin.get(`${LIST}/${id}`)).text).not.toContain('Les envois sont retenus');
  });

  it('that was disabled for failing stands on the home page of an administrator alone', async () => {
    const id = await added();
    const before = await disabledOnHome();
    await test.dataSource.query(
      `UPDATE webhook_endpoint SET disabled_at = app_now(), disabled_reason = 'failing' WHERE id = $1`,
      [id],
    );
    expect([before, await disabledOnHome()]).toEqual(['0', '1']);
    expect((await local.get('/')).text).not.toContain('Webhooks désactivés');

    async function disabledOnHome(): Promise<string | undefined> {
      const { text } = await admin.get('/');
      return /<b>(\d+)<\/b> <span>Webhooks désactivés par leurs échecs</.exec(text)?.[1];
    }
  });

  it('is a central administrator’s to see', async () => {
    const id = await added();
    expect((await local.get(LIST)).status).toBe(403);
    expect((await local.get(`${LIST}/${id}`)).status).toBe(403);
    for (const unknown of ['nobody', await anOrganization(test.dataSource)])
      expect((await admin.get(`${LIST}/${unknown}`)).status).toBe(404);
  });
});
