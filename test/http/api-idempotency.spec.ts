import { ApiCaller } from '../support/api-caller.js';
import { aPerson, aService } from '../support/builders.js';
import { ApiClient } from '../support/client.js';

describe('a convocation booked through the API with an idempotency key', () => {
  const caller = new ApiCaller();
  const { book, openSlot } = caller;

  it('books once for twenty callers at the same time', async () => {
    const key = { 'Idempotency-Key': 'twenty-at-once' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => book({ time: '11:00' }, key)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 201));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    const stored = await caller.web.dataSource.query('SELECT id FROM convocation WHERE person_id = $1', [
      caller.personId,
    ]);
    expect(stored).toHaveLength(1);
  });

  it('refuses another body under the same key', async () => {
    const key = { 'Idempotency-Key': 'one-key-two-bodies' };
    expect((await book({}, key)).status).toBe(201);
    expect((await book({ time: '15:00' }, key)).body).toMatchObject({
      status: 409,
      code: 'idempotency-conflict',
    });
  });

  it('does not remember a refusal', async () => {
    const key = { 'Idempotency-Key': 'refused-first' };
    const slot = (await openSlot({ date: '2026-06-18' })).body.id;
    const target = {
      typeCode: 'sortie-audience-spip',
      slotId: slot,
      agendaId: null,
      date: null,
      time: null,
    };
    const first = await book(target);
    expect((await book(target, key)).body.code).toBe('slot-full');
    await caller.api.post(`/convocations/${first.body.id}/cancel`, { notify: false });
    expect((await book(target, key)).status).toBe(201);
  });

  it('keeps the keys of two callers apart', async () => {
    const key = { 'Idempotency-Key': 'shared-name' };
    const other = await aService(caller.web.dataSource);
    const theirs = await aPerson(caller.web.dataSource, { organizationIds: [other.organizationId] });
    expect((await book({}, key)).status).toBe(201);
    const answer = await new ApiClient(caller.web.baseUrl, other.key).post(
      '/convocations',
      {
        personId: theirs,
        typeCode: 'suivi-spip',
        agendaId: other.agendaId,
        date: '2026-06-12',
        time: '09:30',
        notify: false,
      },
      key,
    );
    expect(answer.status).toBe(201);
  });

  it('refuses a key longer than 255 characters', async () => {
    const { body } = await book({}, { 'Idempotency-Key': 'x'.repeat(256) });
    expect(body).toMatchObject({ status: 400, errors: [{ field: 'Idempotency-Key' }] });
  });
});
