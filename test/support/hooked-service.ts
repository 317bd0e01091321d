import type { Actor } from '../../src/access/actor.js';
import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { CreateWebhook } from '../../src/webhooks/create-webhook.js';
import { DeliverWebhooks } from '../../src/webhooks/deliver-webhooks.js';
import { startTestApp, type TestApp } from './app.js';
import { aPerson, aService } from './builders.js';
import { ApiClient } from './client.js';
import { moveClock } from './database.js';
import { aReceiver, type Receiver } from './receiver.js';

const EVENTS = ['booked', 'changed', 'attended', 'missed', 'delivery-failed'];
const MORNING = '2026-06-09T08:00:00Z';

/** A service that books one person, and the programs that are told of it; it is 9 June 2026, 08:00 UTC. */
export class HookedService {
  test!: TestApp;
  service!: Awaited<ReturnType<typeof aService>>;
  personId = '';
  private readonly receivers: Receiver[] = [];

  /** @param failpoints by default one that no test comes to */
  async open(failpoints = 'webhook-called=throw-99'): Promise<void> {
    this.test = await startTestApp({ env: { FAILPOINTS: failpoints } });
    await moveClock(this.test.dataSource, MORNING);
    this.service = await aService(this.test.dataSource);
    this.personId = await aPerson(this.test.dataSource, { organizationIds: [this.service.organizationId] });
  }

  async close(): Promise<void> {
    for (const receiver of this.receivers.splice(0)) await receiver.close();
    await this.test.close();
  }

  readonly receiver = async (...given: Parameters<typeof aReceiver>): Promise<Receiver> => {
    const one = await aReceiver(...given);
    this.receivers.push(one);
    return one;
  };

  readonly administrator = (): Actor => ({
    ...{ agentId: null, apiKeyId: null, role: 'admin', organizationId: this.service.organizationId },
    ...{ organizationKind: 'spip', linkedOrganizationIds: [], headquartersOrganizationIds: [] },
    ...{ isInterRessort: false, timeZone: 'Europe/Paris' },
  });

  /** Without the test call that goes with it. */
  readonly endpoint = async (
    url: string,
    organizationId = this.service.organizationId,
    events: readonly string[] = EVENTS,
  ) => {
    const { app, dataSource } = this.test;
    const wish = { organizationId, url, events: [...events] };
    const made = await dataSource.transaction((tx) =>
      app.get(CreateWebhook).execute(tx, wish, this.administrator()),
    );
    await dataSource.query(`DELETE FROM webhook_delivery WHERE event = 'test'`);
    return made;
  };

  /** @returns the id of the convocation */
  readonly book = async (time = '11:00', notify = false): Promise<string> => {
    const { personId, service } = this;
    const client = new ApiClient(this.test.baseUrl, service.key);
    const answer = await client.post('/convocations', {
      ...{ personId, typeCode: 'suivi-spip', agendaId: service.agendaId, date: '2026-06-09', time },
      notify,
    });
    if (answer.status !== 201) throw new Error(`the booking was answered by ${answer.status}`);
    return answer.body.id;
  };

  /** The convocations are rescheduled: one more thing to tell of each. */
  readonly again = async (): Promise<void> => {
    await this.test.dataSource.query(
      'UPDATE convocation SET promise_version = promise_version + 1, updated_at = app_now()',
    );
  };

  readonly round = async (): Promise<void> => {
    await this.test.app.get(ScheduledTasks).run('deliver-webhooks');
    await this.test.app.get(DeliverWebhooks).settled();
  };

  readonly deliveries = (): Promise<any[]> =>
    this.test.dataSource.query('SELECT * FROM webhook_delivery ORDER BY occurred_at, id');

  readonly later = async (interval: string): Promise<void> => {
    await this.test.dataSource.query('UPDATE clock_offset SET shift = shift + $1::interval', [interval]);
  };
}
