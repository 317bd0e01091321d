import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { aService, aSignedInAgent } from '../support/builders.js';
import { ApiClient } from '../support/client.js';

let test: TestApp;
let service: Awaited<ReturnType<typeof aService>>;
let other: Awaited<ReturnType<typeof aService>>;
let admin: Browser;
let local: Browser;

const LIST = '/console/keys';
const NEW = '/console/keys/new';
const FIELDS = { keyName: 'Greffe, import', role: 'local-admin', validDays: '90' };

beforeAll(async () => {
  test = await startTestApp();
  service = await aService(test.dataSource);
  other = await aService(test.dataSource);
  const { organizationId } = service;
  admin = new Browser(
    test.baseUrl,
    (await aSignedInAgent(test.dataSource, { organizationId, role: 'admin' })).cookie,
  );
  local = new Browser(
    test.baseUrl,
    (await aSignedInAgent(test.dataSource, { organizationId, role: 'local-admin' })).cookie,
  );
});

afterAll(() => test.close());

const keyIn = (html: string) => /value="(msj_[\w-]+)"/.exec(html)?.[1] ?? '';

async function make(browser: Browser, given: Record<string, string>): Promise<string> {
  const form = await browser.form(NEW, LIST);
  const answer = await browser.submit(form, { ...FIELDS, organization: service.organizationId, ...given });
  expect(answer.status).toBe(200);
  return keyIn(answer.text);
}

async function row(key: string): Promise<Record<string, unknown> & { id: string }> {
  const publicId = key.slice(4, 12);
  const rows = await test.dataSource.query('SELECT * FROM api_key WHERE public_id = $1', [publicId]);
  return rows[0];
}

describe('a key made on the page', () => {
  it('is shown once, kept as a digest, and does what is ticked and nothing else', async () => {
    const key = await make(admin, { 'scope.services:read': 'true', 'scope.tools': 'true' });
    expect(key).toMatch(/^msj_[0-9a-f]{8}_[\w-]{43}$/);
    const stored = await row(key);
    expect(JSON.stringify(stored)).not.toContain(key.slice(13));
    const program = new ApiClient(test.baseUrl, key);
    expect((await program.get('/agendas')).status).toBe(200);
    const refused = await program.post('/persons/search', { query: 'durand' });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body).toMatchObject({ code: 'forbidden' });
    const list = await admin.get(LIST);
    expect(list.text).toContain(key.slice(4, 12));
    expect(list.text).not.toContain(key);
  });

  it('never does more than its role', async () => {
    const key = await make(admin, { role: 'cpip', 'scope.statistics:read': 'true' });
    const answer = await new ApiClient(test.baseUrl, key).get('/statistics/attendance');
    expect(answer.status).toBe(403);
  });

  it('is told with its sentence at the field when something is missing', async () => {
    const form = await admin.form(NEW, LIST);
    const answer = await admin.submit(form, { ...FIELDS, organization: service.organizationId, keyName: '' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('id="keyName-error"');
    expect(answer.text).toContain('id="scopes-error"');
  });

  it('is not shown again when the form is sent twice', async () => {
    const form = await admin.form(NEW, LIST);
    const fields = { ...FIELDS, organization: service.organizationId, 'scope.tools': 'true' };
    const first = await admin.submit(form, fields);
    const second = await admin.submit(form, fields);
    expect(keyIn(first.text)).not.toBe('');
    expect(second.status).toBe(303);
    expect(second.headers.get('location')).toBe('/console/keys?done=shown-once');
  });
});

describe('the life of a key', () => {
  it('notes its last use once a minute, and ends when it says', async () => {
    const key = await make(admin, { 'scope.tools': 'true', validDays: '30' });
    const program = new ApiClient(test.baseUrl, key);
    const call = () => program.post('/sms/preview', { text: 'RDV' });
    expect((await call()).status).toBe(200);
    const first = (await row(key)).last_used_at;
    expect(first).not.toBeNull();
    await call();
    expect((await row(key)).last_used_at).toEqual(first);
    await test.dataSource.query(
      `UPDATE api_key SET last_used_at = app_now() - interval '61 seconds' WHERE public_id = $1`,
      [key.slice(4, 12)],
    );
    await Promise.all([call(), call(), call()]);
    const { last_used_at: again } = await row(key);
    expect((again as Date).getTime()).toBeGreaterThanOrEqual((first as Date).getTime());
    await test.dataSource.query(
      `UPDATE api_key SET expires_at = app_now() - interval '1 second' WHERE public_id = $1`,
      [key.slice(4, 12)],
    );
    const ended = await call();
    expect(ended.status).toBe(401);
    expect(ended.body).toMatchObject({ code: 'unauthenticated' });
  });

  it('is replaced with an overlap of at most seven days, once', async () => {
    const key = await make(admin, { 'scope.tools': 'true' });
    const { id } = await row(key);
    const page = `${LIST}/${id}`;
    const form = await admin.form(page, `${page}/rotate`);
    expect((await admin.submit(form, { overlapDays: '8' })).status).toBe(400);
    const answer = await admin.submit(await admin.form(page, `${page}/rotate`), { overlapDays: '3' });
    const next = keyIn(answer.text);
    const call = (one: string) => new ApiClient(test.baseUrl, one).post('/sms/preview', { text: 'RDV' });
    expect((await call(key)).status).toBe(200);
    expect((await call(next)).status).toBe(200);
    expect((await new ApiClient(test.baseUrl, next).get('/agendas')).status).toBe(403);
    const old = await row(key);
    const days = ((old.expires_at as Date).getTime() - (old.created_at as Date).getTime()) / 86_400_000;
    expect(Math.round(days)).toBe(3);
    expect((await admin.get(page)).text).not.toContain(`${page}/rotate`);
    expect((await admin.submit(form, { overlapDays: '1' })).status).toBe(409);
  });

  it('is revoked at once', async () => {
    const key = await make(admin, { 'scope.tools': 'true' });
    const { id } = await row(key);
    const page = `${LIST}/${id}`;
    await admin.submit(await admin.form(page, `${page}/revoke`), {});
    const answer = await new ApiClient(test.baseUrl, key).post('/sms/preview', { text: 'RDV' });
    expect(answer.status).toBe(401);
  });
});

describe('a local administrator', () => {
  it('makes keys of the own service, below an administrator, and sees no others', async () => {
    const key = await make(local, { 'scope.tools': 'true' });
    expect(key).not.toBe('');
    const form = await local.form(NEW, LIST);
    const elsewhere = await local.submit(form, {
      ...FIELDS,
      organization: other.organizationId,
      'scope.tools': 'true',
    });
    expect(elsewhere.status).toBe(404);
    const above = await local.submit(await local.form(NEW, LIST), {
      ...FIELDS,
      organization: service.organizationId,
      role: 'admin',
      'scope.tools': 'true',
    });
    expect(above.status).toBe(403);
    const central = await make(admin, { role: 'admin', 'scope.tools': 'true' });
    expect((await local.get(LIST)).text).not.toContain(central.slice(4, 12));
    const { id } = await row(central);
    expect((await local.get(`${LIST}/${id}`)).status).toBe(404);
    const [foreign] = await test.dataSource.query('SELECT id FROM api_key WHERE organization_id = $1', [
      other.organizationId,
    ]);
    expect((await local.get(`${LIST}/${foreign.id}`)).status).toBe(404);
  });
});
