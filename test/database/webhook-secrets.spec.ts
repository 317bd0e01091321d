import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { RotateWebhookSecret } from '../../src/webhooks/rotate-webhook-secret.js';
import { HookedService } from '../support/hooked-service.js';
import type { ReceivedCall } from '../support/receiver.js';
import { documentedCheck } from '../support/webhook-check.js';

const hooked = new HookedService();
const { receiver, endpoint, book, again, round, later, administrator } = hooked;

beforeEach(() => hooked.open());
afterEach(() => hooked.close());

describe('a secret that was replaced', () => {
  const rotated = (id: string) =>
    hooked.test.dataSource.transaction((tx) =>
      hooked.test.app.get(RotateWebhookSecret).execute(tx, id, administrator()),
    );

  /** Which of the secrets make a receiver believe the call. */
  const known = (secrets: readonly string[], { signature, body }: ReceivedCall) =>
    secrets.map((secret) => documentedCheck()(secret, signature, body));

  it('signs beside the new one for seven days', async () => {
    const other = await receiver();
    const old = await endpoint(other.url);
    const next = await rotated(old.id);
    await book();
    await round();
    await later('7 days 1 minute');
    await again();
    await round();
    const secrets = [old.secret, next.secret];
    expect(other.calls.map((call) => known(secrets, call))).toEqual([
      [true, true],
      [false, true],
    ]);
  });

  it('signs on when the new one is replaced in its turn: neither is lost for its seven days', async () => {
    const other = await receiver();
    const first = await endpoint(other.url);
    await book();
    const second = await rotated(first.id);
    await later('3 days');
    const third = await rotated(first.id);
    await round();
    for (const days of ['4 days 1 minute', '3 days']) {
      await later(days);
      await again();
      await round();
    }
    const secrets = [first.secret, second.secret, third.secret];
    expect(other.calls.map((call) => known(secrets, call))).toEqual([
      [true, true, true],
      [false, true, true],
      [false, false, true],
    ]);
  });

  it('is not replaced a third time while two old ones sign', async () => {
    const { id } = await endpoint((await receiver()).url);
    await rotated(id);
    await later('3 days');
    await rotated(id);
    await expect(rotated(id)).rejects.toMatchObject({ code: 'conflict', about: 'old-secrets' });
    await later('4 days 1 minute');
    await expect(rotated(id)).resolves.toMatchObject({ id });
    await hooked.test.app.get(ScheduledTasks).run('forget-deliveries');
    await later('7 days 1 minute');
    await hooked.test.app.get(ScheduledTasks).run('forget-deliveries');
    expect(
      await hooked.test.dataSource.query(
        'SELECT old_secret_sealed, older_secret_sealed FROM webhook_endpoint WHERE id = $1',
        [id],
      ),
    ).toEqual([{ old_secret_sealed: null, older_secret_sealed: null }]);
  });

  it('that no key opens any more is left out: replaced, the new one signs alone', async () => {
    const other = await receiver();
    const old = await endpoint(other.url);
    await hooked.test.dataSource.query(`UPDATE webhook_endpoint SET secret_sealed = '\\x00'`);
    await book();
    await round();
    expect(other.calls).toEqual([]);
    expect(await hooked.deliveries()).toMatchObject([{ status: 'waiting', answer_error: 'secret' }]);
    const next = await rotated(old.id);
    await later('1 minute');
    await round();
    expect(other.calls.map((call) => known([old.secret, next.secret], call))).toEqual([[false, true]]);
  });

  it('is in no column in clear', async () => {
    const { secret } = await endpoint((await receiver()).url);
    const rows: unknown[] = await hooked.test.dataSource.query(
      `SELECT encode(secret_sealed, 'escape') AS sealed FROM webhook_endpoint`,
    );
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6));
  });
});
