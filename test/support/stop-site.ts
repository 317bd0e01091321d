import { digest, newToken } from '../../src/shared/tokens.js';
import { startTestApp, type TestApp } from './app.js';
import { Browser } from './browser-lite.js';
import { aPerson, aService } from './builders.js';
import { ApiClient } from './client.js';
import { contactId } from './contacts.js';
import { moveClock } from './database.js';

/** Short words from their beginning: the token of a link may hold four letters of any kind. */
export const JUSTICE = /justice|\bspip|pénitentiaire|probation|tribunal|\bjuge|greffe|condamn|\bpeine/i;

const NOW = '2026-06-09T08:00:00Z';

/** The public pages behind the links of texts, on 9 June 2026; to be made once in a block of tests. */
export class StopSite {
  web!: TestApp;
  service!: Awaited<ReturnType<typeof aService>>;
  browser!: Browser;
  /** Of the persons summoned so far. */
  count = 0;

  constructor() {
    beforeAll(async () => {
      this.web = await startTestApp();
      await moveClock(this.web.dataSource, NOW);
      this.service = await aService(this.web.dataSource, { name: 'SPIP de Nanterre' });
      this.browser = new Browser(this.web.baseUrl);
    });
    afterAll(() => this.web.close());
    beforeEach(() => moveClock(this.web.dataSource, NOW));
  }

  readonly rows = <T>(sql: string, ...values: unknown[]): Promise<T[]> =>
    this.web.dataSource.query(sql, values);

  /** Somebody summoned on 12 June, with the link of the text; it lives until 12 July. */
  readonly summoned = async (register: 'standard' | 'discreet' = 'discreet') => {
    this.count += 1;
    const phone = `+3361300${String(this.count).padStart(4, '0')}`;
    const personId = await aPerson(this.web.dataSource, {
      organizationIds: [this.service.organizationId],
      firstName: 'Zéphyrine',
      lastName: 'Quenellebleue',
      phone,
    });
    await this.rows('UPDATE person SET register = $2 WHERE id = $1', personId, register);
    const { body } = await new ApiClient(this.web.baseUrl, this.service.key).post('/convocations', {
      ...{ personId, typeCode: 'suivi-spip', agendaId: this.service.agendaId, notify: false },
      ...{ date: '2026-06-12', time: '10:00' },
    });
    return { personId, phone, path: `/s/${await this.link(personId, body.id, phone)}` };
  };

  private async link(personId: string, convocationId: string, phone: string): Promise<string> {
    const token = newToken();
    await this.rows(
      `INSERT INTO stop_link (token_hash, convocation_id, person_id, recipient_id, expires_at)
       VALUES ($1, $2, $3, $4, '2026-07-12T08:00:00Z')`,
      digest(token),
      convocationId,
      personId,
      await contactId(this.web.dataSource, phone),
    );
    return token;
  }

  readonly changesOf = async (personId: string, phone: string) =>
    (
      await this.rows<{ what: string }>(
        `SELECT 'refused' AS what FROM person WHERE id = $1 AND sms_refused_at IS NOT NULL
         UNION ALL SELECT 'blocked' FROM phone_block WHERE phone_id = $2
         UNION ALL SELECT 'task ' || kind FROM agent_task WHERE person_id = $1`,
        personId,
        await contactId(this.web.dataSource, phone),
      )
    ).map(({ what }) => what);
}
