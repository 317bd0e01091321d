import { keepContact } from '../../src/platform/contacts.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';
import { startTestApp, type TestApp } from '../support/app.js';

describe('what those who run the service look at', () => {
  let web: TestApp;
  beforeAll(async () => {
    web = await startTestApp();
  });
  afterAll(() => web.close());

  const get = (path: string, headers: Record<string, string> = {}) => fetch(web.baseUrl + path, { headers });

  it('is live without asking anybody', async () => {
    const answer = await get('/health/live');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'live' });
  });

  it('says that nothing can be sent, and that the relay has not run', async () => {
    const answer = await get('/health/ready');
    expect(await answer.json()).toMatchObject({
      status: 'degraded',
      checks: { database: 'up', queue: 'up', environment: 'same', keys: 'held', relay: 'never-ran' },
      off: ['sms', 'email'],
    });
    expect(answer.status).toBe(200);
  });

  it('shows the figures of the messages', async () => {
    const text = await (await get('/metrics')).text();
    for (const name of [
      'msj_messages{state="planned"} 0',
      'msj_messages_late 0',
      'msj_oldest_due_seconds 0',
      'msj_messages_uncertain 0',
      'msj_possible_duplicates_total 0',
    ])
      expect(text).toContain(name);
    expect(text).toContain('# TYPE msj_sends_total counter');
  });

  it('shows them to this machine only', async () => {
    const answer = await get('/metrics', { 'X-Forwarded-For': '203.0.113.7' });
    expect(answer.status).toBe(403);
  });

  it('is not ready once contacts are sealed by a key that it does not hold', async () => {
    keepKeys(web.dataSource, new Sealing({ SECRET_KEYS: ['n'.repeat(32)] }));
    await keepContact(web.dataSource.manager, 'phone', '+33612345678');
    const answer = await get('/health/ready');
    expect(await answer.json()).toMatchObject({ status: 'not-ready', checks: { keys: 'missing' } });
    expect(answer.status).toBe(503);
  });
});
