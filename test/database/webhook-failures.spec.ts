import type { ServerResponse } from 'node:http';
import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { DeliverWebhooks } from '../../src/webhooks/deliver-webhooks.js';
import { answers, hangs } from '../support/receiver.js';
import { HookedService } from '../support/hooked-service.js';

const hooked = new HookedService();
const { receiver, endpoint, book, again, round, deliveries, later } = hooked;

beforeEach(() => hooked.open());
afterEach(() => hooked.close());

describe('a receiver that fails', () => {
  it('is called eight times at growing delays, under one id, then given up and told', async () => {
    const other = await receiver(answers(503));
    await endpoint(other.url);
    await book();
    const delays = ['0', '1 minute', '5 minutes', '30 minutes', '2 hours', '6 hours', '12 hours', '24 hours'];
    for (const [made, delay] of delays.entries()) {
      await later(delay);
      // Half a minute early: what a slow machine needs must not make it late.
      await later('-30 seconds');
      await round();
      if (made > 0) expect(other.calls).toHaveLength(made);
      await later('30 seconds');
      await round();
      expect(other.calls).toHaveLength(made + 1);
    }
    expect(new Set(other.calls.map(({ payload }) => payload.id)).size).toBe(1);
    const [only] = await deliveries();
    expect(only).toMatchObject({ status: 'dead', attempts: 8, answer_status: 503, answer_error: null });
    await later('48 hours');
    await round();
    expect(other.calls).toHaveLength(8);
  });

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
    const tasks = hooked.test.app.get(ScheduledTasks);
    await tasks.run('deliver-webhooks');
    await slow.received(10);
    await quick.received(10);
    await later('5 seconds');
    const settledQuick = async () => {
      const rows = await hooked.test.dataSource.query(
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
    await hooked.test.app.get(DeliverWebhooks).settled();
  });

  it('shares its host with another endpoint: each has its ten calls at once', async () => {
    const held: ServerResponse[] = [];
    const other = await receiver((response, call) => {
      held.push(response);
      if (call >= 20) for (const one of held.splice(0)) one.writeHead(204).end();
    });
    await endpoint(other.url);
    await endpoint(`${other.url}/again`);
    for (let minute = 10; minute < 20; minute += 1) await book(`13:${minute}`);
    await round();
    expect((await deliveries()).map(({ status }) => status)).toEqual(Array(20).fill('delivered'));
  });

  it('is disabled after seven days without one success', async () => {
    const other = await receiver(answers(500));
    const { id } = await endpoint(other.url);
    await book();
    await round();
    await later('7 days 1 minute');
    await again();
    await round();
    const [row] = await hooked.test.dataSource.query('SELECT * FROM webhook_endpoint WHERE id = $1', [id]);
    expect(row).toMatchObject({ disabled_reason: 'failing' });
  });

  it('is not disabled by one failure long after others were given up', async () => {
    const other = await receiver(answers(500));
    const { id } = await endpoint(other.url);
    await book();
    await round();
    await hooked.test.dataSource.query(`UPDATE webhook_delivery SET status = 'dead', attempts = 8`);
    await later('9 days');
    await again();
    await round();
    const [row] = await hooked.test.dataSource.query(
      `SELECT disabled_at, failing_since > app_now() - interval '1 hour' AS "failsSinceNow"
         FROM webhook_endpoint WHERE id = $1`,
      [id],
    );
    expect(row).toEqual({ disabled_at: null, failsSinceNow: true });
  });

  it('has a week again after one success', async () => {
    const other = await receiver((response, call) => answers(call === 2 ? 200 : 500)(response, call));
    const { id } = await endpoint(other.url);
    await book();
    await round();
    await later('6 days');
    await round();
    const [row] = await hooked.test.dataSource.query('SELECT * FROM webhook_endpoint WHERE id = $1', [id]);
    expect(row).toMatchObject({ failing_since: null, disabled_at: null });
  });
});

describe('a worker that dies', () => {
  it('before the call: the call is made by the next one, once', async () => {
    const other = await receiver();
    await endpoint(other.url);
    await book();
    // Claimed and committed; the worker is gone before it calls.
    await hooked.test.dataSource.transaction((tx) => hooked.test.app.get(DeliverWebhooks).execute(tx));
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
    await hooked.test.close();
    await hooked.open('webhook-called=throw-1');
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
