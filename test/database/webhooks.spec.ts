import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { createRequire } from 'node:module';
import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { CreateWebhook } from '../../src/webhooks/create-webhook.js';
import { DeliverWebhooks } from '../../src/webhooks/deliver-webhooks.js';
import { RotateWebhookSecret } from '../../src/webhooks/rotate-webhook-secret.js';
import type { Actor } from '../../src/access/actor.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { aLink, anApiKey, anOrganization, aPerson, aService } from '../support/builders.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';
import { answers, aReceiver, hangs, type Receiver } from '../support/receiver.js';

const EVENTS = ['booked', 'changed', 'attended', 'missed', 'delivery-failed'];
const MORNING = '2026-06-09T08:00:00Z';

let test: TestApp;
let service: Awaited<ReturnType<typeof aService>>;
let personId: string;
const receivers: Receiver[] = [];

beforeEach(async () => {
  test = await startTestApp({ env: { FAILPOINTS: 'webhook-called=throw-99' } });
  await moveClock(test.dataSource, MORNING);
  service = await aService(test.dataSource);
  personId = await aPerson(test.dataSource, { organizationIds: [service.organizationId] });
});

afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
  await test.close();
});

async function receiver(...given: Parameters<typeof aReceiver>): Promise<Receiver> {
  const one = await aReceiver(...given);
  receivers.push(one);
  return one;
}

const administrator = (): Actor => ({
  ...{ agentId: null, apiKeyId: null, role: 'admin', organizationId: service.organizationId },
  ...{ organizationKind: 'spip', linkedOrganizationIds: [], headquartersOrganizationIds: [] },
  ...{ isInterRessort: false, timeZone: 'Europe/Paris' },
});

/** Without the test call that goes with it. */
async function endpoint(url: string, organizationId = service.organizationId, events = EVENTS) {
  const made = await test.dataSource.transaction((tx) =>
    test.app.get(CreateWebhook).execute(tx, { organizationId, url, events }, administrator()),
  );
  await test.dataSource.query(`DELETE FROM webhook_delivery WHERE event = 'test'`);
  return made;
}

async function book(time = '11:00', notify = false): Promise<string> {
  const client = new ApiClient(test.baseUrl, service.key);
  const answer = await client.post('/convocations', {
    ...{ personId, typeCode: 'suivi-spip', agendaId: service.agendaId, date: '2026-06-09', time },
    notify,
  });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

async function round(): Promise<void> {
  await test.app.get(ScheduledTasks).run('deliver-webhooks');
  await test.app.get(DeliverWebhooks).settled();
}

async function deliveries(): Promise<any[]> {
  return test.dataSource.query('SELECT * FROM webhook_delivery ORDER BY occurred_at, id');
}

async function later(interval: string): Promise<void> {
  await test.dataSource.query('UPDATE clock_offset SET shift = shift + $1::interval', [interval]);
}

/** The check that a reader of the documentation copies. */
function documentedCheck(): (secret: string, header: string, body: string, now?: number) => boolean {
  const text = readFileSync(join(__dirname, '../../docs/webhooks.md'), 'utf8');
  const code = /```js node-check\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const context = vm.createContext({
    require: createRequire(__filename),
    Buffer,
    Math,
    Number,
    String,
    Date,
  });
  return vm.runInContext(`${code}; isFromMonSuiviJustice`, context);
}

describe('what a service is told', () => {
  it('is every change of a convocation, in ids and states, signed as documented', async () => {
    const other = await receiver();
    const { secret } = await endpoint(other.url);
    const client = new ApiClient(test.baseUrl, service.key);
    const id = await book();
    await client.post(`/convocations/${id}/reschedule`, {
      ...{ agendaId: service.agendaId, date: '2026-06-09', time: '12:00', notify: false },
    });
    await moveClock(test.dataSource, '2026-06-09T15:00:00Z');
    await client.post(`/convocations/${id}/miss`, { notify: false });
    await client.post(`/convocations/${id}/reopen`, {});
    await client.post(`/convocations/${id}/attend`, {});
    await round();
    const told = other.calls.map(({ payload }) => `${payload.event} ${payload.state}`).sort();
    expect(told).toEqual([
      'attended attended',
      'booked booked',
      'changed booked',
      'changed booked',
      'missed missed',
    ]);
    for (const { body, signature, payload } of other.calls) {
      expect(Object.keys(payload).sort()).toEqual([
        ...['convocationId', 'event', 'id', 'occurredAt', 'organizationId', 'state'],
      ]);
      expect(payload.convocationId).toBe(id);
      const isOurs = documentedCheck();
      expect(isOurs(secret, signature, body)).toBe(true);
      expect(isOurs(secret, signature, body.replace('spip', 'x').replace(/.$/, ' }'))).toBe(false);
      expect(isOurs('whsec_other', signature, body)).toBe(false);
      expect(isOurs(secret, signature, body, Date.now() / 1000 + 301)).toBe(false);
    }
    expect(new Set(other.calls.map(({ payload }) => payload.id)).size).toBe(5);
    expect((await deliveries()).map(({ status }) => status)).toEqual(Array(5).fill('delivered'));
  });

  it('is a message that did not arrive', async () => {
    const other = await receiver();
    await endpoint(other.url, undefined, ['delivery-failed']);
    const id = await book('14:00', true);
    await test.dataSource.query(
      `UPDATE message SET state = 'failed', settled_at = app_now() WHERE convocation_id = $1`,
      [id],
    );
    await round();
    expect(other.calls.map(({ payload }) => [payload.event, payload.state, payload.convocationId])).toEqual([
      ['delivery-failed', 'failed', id],
    ]);
  });

  it('is what a linked court books there, and what it books elsewhere', async () => {
    const court = await anOrganization(test.dataSource, { kind: 'tj' });
    await aLink(test.dataSource, court, service.organizationId);
    const [spip, tj, stranger] = [await receiver(), await receiver(), await receiver()];
    await endpoint(spip.url);
    await endpoint(tj.url, court);
    await endpoint(stranger.url, await anOrganization(test.dataSource));
    await test.dataSource.query(
      'INSERT INTO person_organization (person_id, organization_id) VALUES ($1, $2)',
      [personId, court],
    );
    const key = await anApiKey(test.dataSource, { organizationId: court, role: 'jap' });
    const spipKey = new ApiClient(test.baseUrl, service.key);
    const slot = await spipKey.post('/slots', {
      ...{ agendaId: service.agendaId, typeCode: 'sortie-audience-spip', date: '2026-06-15' },
      ...{ time: '10:00', durationMinutes: 30, capacity: 1 },
    });
    const answer = await new ApiClient(test.baseUrl, key).post('/convocations', {
      ...{ personId, typeCode: 'sortie-audience-spip', slotId: slot.body.id, notify: false },
    });
    expect(answer.status).toBe(201);
    await round();
    expect(spip.calls.map(({ payload }) => payload.convocationId)).toEqual([answer.body.id]);
    expect(tj.calls[0]?.payload.id).toBe(spip.calls[0]?.payload.id);
    expect(stranger.calls).toEqual([]);
  });

  it('is nothing of what was rolled back, and nothing when nobody listens', async () => {
    const other = await receiver();
    const { id } = await endpoint(other.url);
    const convocationId = await book();
    await round();
    const work = test.dataSource.transaction(async (tx) => {
      await tx.query(`UPDATE convocation SET state = 'excused' WHERE id = $1`, [convocationId]);
      throw new Error('undone');
    });
    await expect(work).rejects.toThrow('undone');
    await test.dataSource.query(
      `UPDATE webhook_endpoint SET disabled_at = app_now(), disabled_reason = 'agent' WHERE id = $1`,
      [id],
    );
    await book('14:00');
    await round();
    expect(other.calls).toHaveLength(1);
    expect(await deliveries()).toHaveLength(1);
  });
});

describe('a secret that was replaced', () => {
  it('signs beside the new one for seven days', async () => {
    const other = await receiver();
    const old = await endpoint(other.url);
    const next = await test.dataSource.transaction((tx) =>
      test.app.get(RotateWebhookSecret).execute(tx, old.id, administrator()),
    );
    await book();
    await round();
    await later('7 days 1 minute');
    await test.dataSource.query(
      `UPDATE convocation SET promise_version = promise_version + 1, updated_at = app_now()`,
    );
    await round();
    const [during, after] = other.calls;
    const isOurs = documentedCheck();
    const judge = (secret: string, call: typeof during) =>
      isOurs(secret, call?.signature ?? '', call?.body ?? '');
    expect([judge(old.secret, during), judge(next.secret, during)]).toEqual([true, true]);
    expect([judge(old.secret, after), judge(next.secret, after)]).toEqual([false, true]);
  });

  it('is in no column in clear', async () => {
    const { secret } = await endpoint((await receiver()).url);
    const rows: unknown[] = await test.dataSource.query(
      `SELECT encode(secret_sealed, 'escape') AS sealed FROM webhook_endpoint`,
    );
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6));
  });
});

describe('a receiver that fails', () => {
  it('is called eight times at growing delays, under one id, then given up and told', async () => {
    const other = await receiver(answers(503));
    await endpoint(other.url);
    await book();
    const delays = ['0', '1 minute', '5 minutes', '30 minutes', '2 hours', '6 hours', '12 hours', '24 hours'];
    for (const [made, delay] of delays.entries()) {
      await later(delay);
      await later('-2 seconds');
      await round();
      if (made > 0) expect(other.calls).toHaveLength(made);
      await later('2 seconds');
      await round();
      expect(other.calls).toHaveLength(made + 1);
    }
    expect(new Set(other.calls.map(({ payload }) => payload.id)).size).toBe(1);
    const [only] = await deliveries();
    expect(only).toMatchObject({ status: 'dead', attempts: 8, answer_status: 503, answer_error: null });
    await later('48 hours');
    await round();
    expect(other.calls).toHaveLength(8);
  }, 30_000);

  it('is not followed elsewhere', async () => {
    const private_ = await receiver();
    const other = await receiver(answers(307, { location: private_.url }));
    await endpoint(other.url);
    await book();
    await round();
    expect(private_.calls).toEqual([]);
    expect((await deliveries())[0]).toMatchObject({ status: 'waiting', answer_status: 307 });
  });

  it('does not hold the others back', async () => {
    const [slow, quick] = [await receiver(hangs), await receiver()];
    await endpoint(slow.url);
    await endpoint(quick.url);
    for (let minute = 10; minute < 25; minute += 1) await book(`13:${minute}`);
    const tasks = test.app.get(ScheduledTasks);
    await tasks.run('deliver-webhooks');
    await slow.received(10);
    await quick.received(10);
    await later('5 seconds');
    const settledQuick = async () => {
      const rows = await test.dataSource.query(
        `SELECT FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id
          WHERE e.url = $1 AND d.status = 'delivered'`,
        [quick.url],
      );
      return rows.length;
    };
    while ((await settledQuick()) < 10) await new Promise(setImmediate);
    await tasks.run('deliver-webhooks');
    await quick.received(15);
    expect(slow.calls).toHaveLength(10);
    await slow.close();
    await test.app.get(DeliverWebhooks).settled();
  });

  it('is disabled after seven days without one success', async () => {
    const other = await receiver(answers(500));
    const { id } = await endpoint(other.url);
    await book();
    await round();
    await later('7 days 1 minute');
    await book2();
    await round();
    const [row] = await test.dataSource.query('SELECT * FROM webhook_endpoint WHERE id = $1', [id]);
    expect(row).toMatchObject({ disabled_reason: 'failing' });

    async function book2(): Promise<void> {
      await test.dataSource.query(
        `UPDATE convocation SET promise_version = promise_version + 1, updated_at = app_now()`,
      );
    }
  });

  it('has a week again after one success', async () => {
    const other = await receiver((response, call) => answers(call === 2 ? 200 : 500)(response, call));
    const { id } = await endpoint(other.url);
    await book();
    await round();
    await later('6 days');
    await round();
    const [row] = await test.dataSource.query('SELECT * FROM webhook_endpoint WHERE id = $1', [id]);
    expect(row).toMatchObject({ failing_since: null, disabled_at: null });
  });
});

describe('a worker that dies', () => {
  it('before the call: the call is made by the next one, once', async () => {
    const other = await receiver();
    await endpoint(other.url);
    await book();
    // Claimed and committed; the worker is gone before it calls.
    await test.dataSource.transaction((tx) => test.app.get(DeliverWebhooks).execute(tx));
    expect((await deliveries())[0]).toMatchObject({ status: 'calling', attempts: 1 });
    await round();
    expect(other.calls).toEqual([]);
    await later('61 seconds');
    await round();
    expect(other.calls).toHaveLength(1);
    expect((await deliveries())[0]).toMatchObject({ status: 'delivered', attempts: 2 });
  });

  it('after the call: it is told again, under the same id', async () => {
    const dying = await startDying();
    await dying.finish();
    expect(dying.ids).toHaveLength(2);
    expect(new Set(dying.ids).size).toBe(1);
  });

  /** The result of the first call is lost with the process that made it. */
  async function startDying() {
    await test.close();
    test = await startTestApp({ env: { FAILPOINTS: 'webhook-called=throw-1' } });
    await moveClock(test.dataSource, MORNING);
    service = await aService(test.dataSource);
    personId = await aPerson(test.dataSource, { organizationIds: [service.organizationId] });
    const other = await receiver();
    await endpoint(other.url);
    await book();
    await round();
    expect((await deliveries())[0]).toMatchObject({ status: 'calling' });
    return {
      get ids() {
        return other.calls.map(({ payload }) => payload.id);
      },
      finish: async () => {
        await later('61 seconds');
        await round();
      },
    };
  }
});

describe('nothing leaves', () => {
  it('while sending is held', async () => {
    const other = await receiver();
    await endpoint(other.url);
    await book();
    await test.dataSource.query(`INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'test')`);
    await round();
    expect(other.calls).toEqual([]);
    await test.dataSource.query(`UPDATE sending_hold SET released_at = app_now(), released_by = 'test'`);
    await round();
    expect(other.calls).toHaveLength(1);
  });

  it('unsigned: an unreadable secret is a failure like another', async () => {
    const other = await receiver();
    await endpoint(other.url);
    await test.dataSource.query(`UPDATE webhook_endpoint SET secret_sealed = ''`);
    await book();
    await round();
    expect(other.calls).toEqual([]);
    expect((await deliveries())[0]).toMatchObject({ status: 'waiting', attempts: 1, answer_error: 'secret' });
  });

  it('to a private address, whatever the name', async () => {
    await endpoint((await receiver()).url);
    await test.dataSource.query(`UPDATE webhook_endpoint SET url = 'https://169.254.169.254/latest'`);
    await book();
    await round();
    expect((await deliveries())[0]).toMatchObject({ answer_error: 'refused-address', answer_status: null });
  });
});
