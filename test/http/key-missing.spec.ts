import { rotateKeys } from '../../src/cli/keys/rotate-keys.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { BrowserWorld } from '../support/browser-world.js';
import { aPerson, anApiKey } from '../support/builders.js';
import { ApiClient } from '../support/client.js';
import { TEST_SECRET_KEY } from '../support/database.js';

describe('keys rotated before a web process holds the new one', () => {
  let web: TestApp;
  let agent: Browser;
  let api: ApiClient;
  let personId: string;

  beforeAll(async () => {
    web = await startTestApp();
    const world = await new BrowserWorld(web).build();
    const { organizationId } = world;
    agent = new Browser(web.baseUrl, `sid=${await world.session('cpip')}`);
    api = new ApiClient(web.baseUrl, await anApiKey(web.dataSource, { organizationId }));
    personId = await aPerson(web.dataSource, { organizationIds: [organizationId], phone: '+33698761234' });
    const both = ['n'.repeat(32), TEST_SECRET_KEY];
    await rotateKeys(keepKeys(web.dataSource, new Sealing({ SECRET_KEYS: both })));
  });
  afterAll(() => web.close());

  it.each(['', '/edit', '/convoke'])('tells agents so, in place of /persons/…%s', async (page) => {
    const { status, text } = await agent.get(`/persons/${personId}${page}`);
    expect(status).toBe(503);
    expect(text).toContain('une clé pour lire des données protégées');
    expect(text).not.toContain('quelques secondes');
  });

  it('tells programs so by a code of its own', async () => {
    const { status, body, headers } = await api.get(`/persons/${personId}`);
    expect(status).toBe(503);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ status: 503, code: 'key-missing', title: 'Service Unavailable' });
  });

  it('is a fault of ours where somebody changed the sealed number', async () => {
    await rotateKeys(
      keepKeys(web.dataSource, new Sealing({ SECRET_KEYS: [TEST_SECRET_KEY, 'n'.repeat(32)] })),
    );
    await web.dataSource.query(
      `UPDATE contact SET value_sealed = set_byte(value_sealed, 40, get_byte(value_sealed, 40) # 1)`,
    );
    expect((await api.get(`/persons/${personId}`)).body).toMatchObject({ status: 500, code: 'internal' });
  });
});
