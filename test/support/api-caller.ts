import { startTestApp, type TestApp } from './app.js';
import { aPerson, aService } from './builders.js';
import { type Answer, ApiClient } from './client.js';
import { moveClock } from './database.js';

/** A Tuesday; the day after is a working day everywhere in metropolitan France. */
const NOW = '2026-06-09T08:00:00Z';

/** A service that books through the API, each test for a person of its own; to be made once in a block of tests. */
export class ApiCaller {
  web!: TestApp;
  spip!: Awaited<ReturnType<typeof aService>>;
  api!: ApiClient;
  personId!: string;

  constructor() {
    beforeAll(async () => {
      this.web = await startTestApp();
      this.spip = await aService(this.web.dataSource);
      this.api = new ApiClient(this.web.baseUrl, this.spip.key);
    });
    beforeEach(async () => {
      await moveClock(this.web.dataSource, NOW);
      this.personId = await aPerson(this.web.dataSource, { organizationIds: [this.spip.organizationId] });
    });
    afterAll(() => this.web.close());
  }

  readonly book = (more: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
    this.api.post(
      '/convocations',
      {
        personId: this.personId,
        typeCode: 'suivi-spip',
        agendaId: this.spip.agendaId,
        date: '2026-06-12',
        time: '09:30',
        notify: true,
        ...more,
      },
      headers,
    );

  readonly openSlot = (more: object = {}): Promise<Answer> =>
    this.api.post('/slots', {
      agendaId: this.spip.agendaId,
      typeCode: 'sortie-audience-spip',
      date: '2026-06-15',
      time: '10:00',
      durationMinutes: 30,
      capacity: 1,
      ...more,
    });
}
