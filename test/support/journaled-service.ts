import { startTestApp, type TestApp } from './app.js';
import { Browser } from './browser-lite.js';
import { aPerson, aService, aSignedInAgent } from './builders.js';
import { ApiClient } from './client.js';
import { moveClock } from './database.js';

export interface Entry {
  readonly action: string;
  readonly agentId: string | null;
  readonly byKey: boolean;
  readonly personId: string | null;
  readonly objectId: string | null;
  readonly organizationId: string | null;
  readonly detail: Record<string, unknown>;
}

/** A SPIP at work on 9 June 2026, 08:00 UTC: its agents, its program, and what the journal says of them. */
export class JournaledService {
  web!: TestApp;
  service!: Awaited<ReturnType<typeof aService>>;
  api!: ApiClient;
  cpip!: Browser;
  cpipId = '';
  director!: Browser;
  admin!: Browser;

  async open(): Promise<void> {
    this.web = await startTestApp();
    await moveClock(this.web.dataSource, '2026-06-09T08:00:00Z');
    this.service = await aService(this.web.dataSource, { name: 'SPIP de la Rivière' });
    this.api = new ApiClient(this.web.baseUrl, this.service.key);
    const as = async (role: 'cpip' | 'dpip' | 'admin') => {
      const { organizationId } = this.service;
      const { cookie, agentId } = await aSignedInAgent(this.web.dataSource, { organizationId, role });
      return { agentId, browser: new Browser(this.web.baseUrl, cookie) };
    };
    ({ browser: this.cpip, agentId: this.cpipId } = await as('cpip'));
    ({ browser: this.director } = await as('dpip'));
    ({ browser: this.admin } = await as('admin'));
  }

  close(): Promise<void> {
    return this.web.close();
  }

  /** What the journal gained while `work` ran. */
  readonly told = async (work: () => Promise<unknown>): Promise<Entry[]> => {
    const before: { id: string }[] = await this.web.dataSource.query('SELECT id FROM journal_entry');
    await work();
    return this.web.dataSource.query(
      `SELECT action, agent_id AS "agentId", api_key_id IS NOT NULL AS "byKey", person_id AS "personId",
         object_id AS "objectId", organization_id AS "organizationId", detail
       FROM journal_entry WHERE id <> ALL($1::uuid[]) ORDER BY id`,
      [before.map(({ id }) => id)],
    );
  };

  readonly person = (names: { firstName?: string; lastName?: string } = {}) =>
    aPerson(this.web.dataSource, { organizationIds: [this.service.organizationId], ...names });

  /** A follow-up on 16 June 2026, with its summons. */
  readonly booked = async (personId: string, time: string): Promise<string> => {
    const target = { agendaId: this.service.agendaId, typeCode: 'suivi-spip', date: '2026-06-16', time };
    return (await this.api.post('/convocations', { personId, ...target, notify: true })).body.id as string;
  };
}
