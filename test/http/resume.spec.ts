import { startTestApp, type TestApp } from '../support/app.js';
import { aPerson, aService, aSignedInAgent } from '../support/builders.js';
import { Browser } from '../support/browser-lite.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';

describe('texts that were refused', () => {
  let web: TestApp;
  let service: Awaited<ReturnType<typeof aService>>;
  let browser: Browser;
  let agentId: string;

  beforeAll(async () => {
    web = await startTestApp();
    await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
    service = await aService(web.dataSource);
    const signedIn = await aSignedInAgent(web.dataSource, { organizationId: service.organizationId });
    agentId = signedIn.agentId;
    browser = new Browser(web.baseUrl, signedIn.cookie);
  });
  afterAll(() => web.close());

  async function refusing(origin: 'person' | 'operator' | 'agent'): Promise<string> {
    const id = await aPerson(web.dataSource, { organizationIds: [service.organizationId] });
    await web.dataSource.query(
      'UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = $2 WHERE id = $1',
      [id, origin],
    );
    return id;
  }
  const isRefused = async (id: string) => {
    const rows: { refused: boolean }[] = await web.dataSource.query(
      'SELECT sms_refused_at IS NOT NULL AS refused FROM person WHERE id = $1',
      [id],
    );
    return rows[0]?.refused;
  };
  const fields = (more: object = {}) => ({
    ...{ wordMeans: 'phone', wordSaidOn: '2026-06-09', heardBy: agentId },
    ...more,
  });

  it.each([
    ['nothing said', { wordMeans: '' }, 400],
    ['a day before the refusal', { wordSaidOn: '2026-06-08' }, 400],
    ['a day to come', { wordSaidOn: '2026-06-10' }, 400],
    ['an agent nobody knows', { heardBy: '00000000-0000-4000-8000-000000000000' }, 400],
    ['the word of the person', {}, 303],
  ])('resume on the page with %s: %j', async (_what, more, status) => {
    const id = await refusing('person');
    const action = `/persons/${id}/resume-messages`;
    const answer = await browser.submit(await browser.form(action, action), fields(more));
    expect(answer.status).toBe(status);
    expect(await isRefused(id)).toBe(status !== 303);
    if (status === 400) expect(answer.text).toContain('role="alert"');
  });

  it('again while the page was open stay refused, and the page says so before anything is done', async () => {
    const id = await refusing('agent');
    const action = `/persons/${id}/resume-messages`;
    const form = await browser.form(action, action);
    await web.dataSource.query(
      `UPDATE person SET sms_refused_at = app_now() + interval '1 second', sms_refused_origin = 'person' WHERE id = $1`,
      [id],
    );
    const answer = await browser.submit(form, fields());
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('par la personne');
    expect(answer.text).toMatch(/value="phone"[^>]* checked|checked[^>]* value="phone"/);
    expect(await isRefused(id)).toBe(true);
    expect((await browser.submit(await browser.form(action, action), fields())).status).toBe(303);
    expect(await isRefused(id)).toBe(false);
  });

  it('at the operator too, are undone by the person only, and both pages say so', async () => {
    const id = await refusing('operator');
    for (const path of [`/persons/${id}`, `/persons/${id}/resume-messages`]) {
      const { text } = await browser.get(path);
      expect(text).toContain('START');
      expect(text).toContain('auprès de l’opérateur');
    }
    expect((await browser.get(`/persons/${await refusing('agent')}`)).text).not.toContain('START');
  });

  it('do not resume by saving the form of the person', async () => {
    const id = await refusing('person');
    const action = `/persons/${id}/edit`;
    const form = await browser.form(action, action);
    expect((await browser.submit(form, { firstName: 'Camille' })).status).toBe(303);
    expect(await isRefused(id)).toBe(true);
    const untick = { ...(await browser.form(action, action)).fields };
    delete untick.smsRefused;
    expect((await browser.submit({ ...form, fields: untick }, {})).status).toBe(400);
    expect(await isRefused(id)).toBe(true);
  });

  it('resume through the API on the same condition', async () => {
    const id = await refusing('person');
    const api = new ApiClient(web.baseUrl, service.key);
    const version = async () => ({ 'If-Match': `"${(await api.get(`/persons/${id}`)).body.updatedAt}"` });
    const change = async (more: object) =>
      api.patch(`/persons/${id}`, { smsRefused: false, ...more }, await version());
    const refused = await change({});
    expect(refused.body).toMatchObject({ status: 400, code: 'validation' });
    expect(refused.body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'wordMeans',
      'wordSaidOn',
    ]);
    const word = { wordMeans: 'letter', wordSaidOn: '2026-06-09' };
    expect((await change(word)).body).toMatchObject({ smsRefused: false, reachable: true });
    expect((await change({})).body).toMatchObject({ smsRefused: false });
  });

  it('resume through the API without a word when a program had entered the refusal', async () => {
    const id = await aPerson(web.dataSource, { organizationIds: [service.organizationId] });
    const api = new ApiClient(web.baseUrl, service.key);
    const change = async (smsRefused: boolean) => {
      const version = { 'If-Match': `"${(await api.get(`/persons/${id}`)).body.updatedAt}"` };
      return (await api.patch(`/persons/${id}`, { smsRefused }, version)).body;
    };
    expect(await change(true)).toMatchObject({ smsRefused: true, reachable: false });
    expect(await change(false)).toMatchObject({ smsRefused: false, reachable: true });
  });

  it('said to an agent are not taken back by a program without a word, whatever it had entered before', async () => {
    const id = await aPerson(web.dataSource, { organizationIds: [service.organizationId] });
    const api = new ApiClient(web.baseUrl, service.key);
    const change = async (more: object) => {
      const version = { 'If-Match': `"${(await api.get(`/persons/${id}`)).body.updatedAt}"` };
      return (await api.patch(`/persons/${id}`, more, version)).body;
    };
    await change({ smsRefused: true });
    await change({ smsRefused: false });
    const page = `/persons/${id}`;
    const stop = await browser.submit(await browser.form(page, `${page}/stop-messages`), {});
    expect(stop.status).toBe(303);
    expect(await change({ smsRefused: false })).toMatchObject({
      ...{ status: 400, code: 'validation' },
      errors: [{ field: 'wordMeans' }, { field: 'wordSaidOn' }],
    });
    expect(await isRefused(id)).toBe(true);
    const word = { wordMeans: 'in-person', wordSaidOn: '2026-06-09' };
    expect(await change({ smsRefused: false, ...word })).toMatchObject({ smsRefused: false });
  });

  it('are nobody else’s business', async () => {
    const elsewhere = await aService(web.dataSource);
    const { cookie } = await aSignedInAgent(web.dataSource, { organizationId: elsewhere.organizationId });
    const stranger = new Browser(web.baseUrl, cookie);
    const id = await refusing('person');
    expect((await stranger.get(`/persons/${id}/resume-messages`)).status).toBe(404);
  });
});
