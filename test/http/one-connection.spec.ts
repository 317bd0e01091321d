import { startTestApp, type TestApp } from '../support/app.js';
import { aPerson, aService, aSignedInAgent } from '../support/builders.js';
import { Browser } from '../support/browser-lite.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';

/** A request that took a second connection while it holds the first would wait for itself for ever. */
describe('with a pool of one connection', () => {
  let web: TestApp;
  let service: Awaited<ReturnType<typeof aService>>;
  beforeAll(async () => {
    web = await startTestApp({ env: { DATABASE_POOL_SIZE: '1' } });
    await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
    service = await aService(web.dataSource);
  });
  afterAll(() => web.close());

  it('books, and gives the last seats to the first who ask', async () => {
    const api = new ApiClient(web.baseUrl, service.key);
    const slot = await api.post('/slots', {
      ...{ agendaId: service.agendaId, typeCode: 'suivi-spip', date: '2026-06-15', time: '10:00' },
      ...{ durationMinutes: 30, capacity: 3 },
    });
    const book = async () => {
      const personId = await aPerson(web.dataSource, { organizationIds: [service.organizationId] });
      return api.post('/convocations', {
        personId,
        typeCode: 'suivi-spip',
        slotId: slot.body.id,
        notify: true,
      });
    };
    const answers = await Promise.all(Array.from({ length: 12 }, book));
    const statuses = answers.map(({ status, body }) => (status === 201 ? 'booked' : (body.code as string)));
    expect(statuses.filter((status) => status === 'booked')).toHaveLength(3);
    expect(statuses.filter((status) => status === 'slot-full')).toHaveLength(9);
  });

  it('shows every page of the menu, the readiness and the figures, all at once', async () => {
    const agent = await aSignedInAgent(web.dataSource, {
      organizationId: service.organizationId,
      role: 'dpip',
    });
    const paths = [
      '/',
      '/persons/search',
      '/agendas',
      `/agendas/${service.agendaId}`,
      '/absence',
      '/days/2026-06-09',
      '/health/ready',
      '/metrics',
    ];
    const answers = await Promise.all(paths.map((path) => new Browser(web.baseUrl, agent.cookie).get(path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
  });
});
