import { aLink, anApiKey, anOrganization } from '../support/builders.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';
import { HookedService } from '../support/hooked-service.js';
import { documentedCheck } from '../support/webhook-check.js';

const hooked = new HookedService();
const { receiver, endpoint, book, round, deliveries } = hooked;

beforeEach(() => hooked.open());
afterEach(() => hooked.close());

describe('what a service is told', () => {
  it('is every change of a convocation, in ids and states, signed as documented', async () => {
    const other = await receiver();
    const { secret } = await endpoint(other.url);
    const client = new ApiClient(hooked.test.baseUrl, hooked.service.key);
    const id = await book();
    await client.post(`/convocations/${id}/reschedule`, {
      ...{ agendaId: hooked.service.agendaId, date: '2026-06-09', time: '12:00', notify: false },
    });
    await moveClock(hooked.test.dataSource, '2026-06-09T15:00:00Z');
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
    await hooked.test.dataSource.query(
      `UPDATE message SET state = 'failed', settled_at = app_now() WHERE convocation_id = $1`,
      [id],
    );
    await round();
    expect(other.calls.map(({ payload }) => [payload.event, payload.state, payload.convocationId])).toEqual([
      ['delivery-failed', 'failed', id],
    ]);
  });

  it('is what a linked court books there, and what it books elsewhere', async () => {
    const court = await anOrganization(hooked.test.dataSource, { kind: 'tj' });
    await aLink(hooked.test.dataSource, court, hooked.service.organizationId);
    const [spip, tj, stranger] = [await receiver(), await receiver(), await receiver()];
    await endpoint(spip.url);
    await endpoint(tj.url, court);
    await endpoint(stranger.url, await anOrganization(hooked.test.dataSource));
    await hooked.test.dataSource.query(
      'INSERT INTO person_organization (person_id, organization_id) VALUES ($1, $2)',
      [hooked.personId, court],
    );
    const key = await anApiKey(hooked.test.dataSource, { organizationId: court, role: 'jap' });
    const spipKey = new ApiClient(hooked.test.baseUrl, hooked.service.key);
    const slot = await spipKey.post('/slots', {
      ...{ agendaId: hooked.service.agendaId, typeCode: 'sortie-audience-spip', date: '2026-06-15' },
      ...{ time: '10:00', durationMinutes: 30, capacity: 1 },
    });
    const answer = await new ApiClient(hooked.test.baseUrl, key).post('/convocations', {
      ...{ personId: hooked.personId, typeCode: 'sortie-audience-spip', slotId: slot.body.id, notify: false },
    });
    expect(answer.status).toBe(201);
    await round();
    expect(spip.calls.map(({ payload }) => payload.convocationId)).toEqual([answer.body.id]);
    expect(tj.calls[0]?.payload.id).toBe(spip.calls[0]?.payload.id);
    expect(stranger.calls).toEqual([]);
  });

  it('is a convocation that leaves for another service, once', async () => {
    const { dataSource } = hooked.test;
    const [court, next] = [
      await anOrganization(dataSource, { kind: 'tj' }),
      await anOrganization(dataSource),
    ];
    const [losing, gaining] = [await receiver(), await receiver()];
    const id = await book();
    await dataSource.query('UPDATE convocation SET created_by_organization_id = $1', [court]);
    await endpoint(losing.url);
    await endpoint(gaining.url, next);
    await dataSource.query(
      `UPDATE convocation SET organization_id = $1, promise_version = promise_version + 1`,
      [next],
    );
    await dataSource.query(`UPDATE convocation SET state = 'cancelled', cancelled_by = 'service'`);
    await round();
    const told = { event: 'changed', convocationId: id, organizationId: next };
    expect(losing.calls.map(({ payload }) => payload)).toMatchObject([{ ...told, state: 'booked' }]);
    expect(gaining.calls.map(({ payload }) => payload.state).sort()).toEqual(['booked', 'cancelled']);
    expect(gaining.calls.map(({ payload }) => payload.id)).toContain(losing.calls[0]?.payload.id);
  });

  it('is all that waits, in one round, by ten calls at once at most', async () => {
    let [open, most] = [0, 0];
    const other = await receiver((response) => {
      most = Math.max(most, (open += 1));
      setImmediate(() => response.writeHead(204).end());
      response.on('finish', () => (open -= 1));
    });
    await endpoint(other.url);
    for (let minute = 10; minute < 35; minute += 1) await book(`13:${minute}`);
    await round();
    expect(other.calls).toHaveLength(25);
    expect(new Set(other.calls.map(({ payload }) => payload.id)).size).toBe(25);
    expect(most).toBeLessThanOrEqual(10);
  });

  it('is nothing of what was rolled back, and nothing when nobody listens', async () => {
    const other = await receiver();
    const { id } = await endpoint(other.url);
    const convocationId = await book();
    await round();
    const work = hooked.test.dataSource.transaction(async (tx) => {
      await tx.query(`UPDATE convocation SET state = 'excused' WHERE id = $1`, [convocationId]);
      throw new Error('undone');
    });
    await expect(work).rejects.toThrow('undone');
    await hooked.test.dataSource.query(
      `UPDATE webhook_endpoint SET disabled_at = app_now(), disabled_reason = 'agent' WHERE id = $1`,
      [id],
    );
    await book('14:00');
    await round();
    expect(other.calls).toHaveLength(1);
    expect(await deliveries()).toHaveLength(1);
  });
});

describe('nothing leaves', () => {
  it('while sending is held', async () => {
    const other = await receiver();
    await endpoint(other.url);
    await book();
    await hooked.test.dataSource.query(
      `INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'test')`,
    );
    await round();
    expect(other.calls).toEqual([]);
    await hooked.test.dataSource.query(
      `UPDATE sending_hold SET released_at = app_now(), released_by = 'test'`,
    );
    await round();
    expect(other.calls).toHaveLength(1);
  });

  it('unsigned: an unreadable secret is a failure like another', async () => {
    const other = await receiver();
    await endpoint(other.url);
    await hooked.test.dataSource.query(`UPDATE webhook_endpoint SET secret_sealed = ''`);
    await book();
    await round();
    expect(other.calls).toEqual([]);
    expect((await deliveries())[0]).toMatchObject({ status: 'waiting', attempts: 1, answer_error: 'secret' });
  });

  it('to a private address, whatever the name', async () => {
    await endpoint((await receiver()).url);
    await hooked.test.dataSource.query(`UPDATE webhook_endpoint SET url = 'https://169.254.169.254/latest'`);
    await book();
    await round();
    expect((await deliveries())[0]).toMatchObject({ answer_error: 'refused-address', answer_status: null });
  });
});
