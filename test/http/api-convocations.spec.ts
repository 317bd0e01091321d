import { digest } from '../../src/shared/tokens.js';
import { ApiCaller } from '../support/api-caller.js';
import { aLink, anApiKey, aPerson, aService } from '../support/builders.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';

describe('convocations through the API', () => {
  const caller = new ApiCaller();
  const { book, openSlot } = caller;

  it('books a free hour and tells which messages will leave and when', async () => {
    const answer = await book();
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      state: 'booked',
      date: '2026-06-12',
      time: '09:30',
      timeZone: 'Europe/Paris',
      startsAt: '2026-06-12T07:30:00.000Z',
      promiseVersion: 1,
    });
    expect(answer.body.notifications).toMatchObject([
      { kind: 'summons', channel: 'sms', state: 'planned' },
      { kind: 'reminder', channel: 'sms', state: 'planned', dueAt: '2026-06-11T07:30:00.000Z' },
    ]);
    expect((await caller.api.get(`/convocations/${answer.body.id}`)).body).toEqual(answer.body);
  });

  it('takes null for an optional field as it takes its absence', async () => {
    const { status, body } = await book({ slotId: null, notify: false });
    expect(status).toBe(201);
    expect(body.notifications.map((message: { kind: string }) => message.kind)).toEqual(['reminder']);
  });

  it.each([
    ['no target', { agendaId: null, date: null, time: null }, 'slotId'],
    ['half a target', { time: null }, 'time'],
    ['two targets', { slotId: '00000000-0000-4000-8000-000000000000' }, 'agendaId'],
    ['no choice about the summons', { notify: undefined }, 'notify'],
    ['a word for a choice', { notify: 'true' }, 'notify'],
    ['an unknown field', { colour: 'red' }, 'colour'],
    ['a day that does not exist', { date: '2026-02-30' }, 'date'],
    ['an hour that does not exist', { time: '24:00' }, 'time'],
    ['an id that is none', { personId: 'me' }, 'personId'],
  ])('refuses %s', async (_case, more, field) => {
    const { status, body, headers } = await book(more);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body.code).toBe('validation');
    expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it('refuses an hour that is past, a closed day and a skipped hour, each by its name', async () => {
    expect((await book({ date: '2026-06-08' })).body).toMatchObject({ status: 422, code: 'in-the-past' });
    expect((await book({ date: '2026-07-14' })).body).toMatchObject({ status: 422, code: 'closed-day' });
    expect(
      (await book({ typeCode: 'placement-tig-tnr', date: '2027-03-28', time: '02:30' })).body,
    ).toMatchObject({
      status: 422,
      code: 'nonexistent-local-time',
    });
    expect((await book({ date: '2027-09-15' })).body).toMatchObject({ status: 422, code: 'too-far-ahead' });
  });

  it('answers the same of what is missing and of what is elsewhere', async () => {
    const elsewhere = await aService(caller.web.dataSource);
    const { body } = await book();
    const foreign = new ApiClient(caller.web.baseUrl, elsewhere.key);
    const missing = await foreign.get('/convocations/00000000-0000-4000-8000-000000000000');
    const hidden = await foreign.get(`/convocations/${body.id}`);
    expect([missing.status, hidden.status]).toEqual([404, 404]);
    expect({ ...hidden.body, instance: '' }).toEqual({ ...missing.body, instance: '' });
    expect((await foreign.get(`/persons/${caller.personId}`)).status).toBe(404);
  });

  it('fills a slot and no more', async () => {
    const slot = await openSlot();
    expect(slot.status).toBe(201);
    const target = {
      typeCode: 'sortie-audience-spip',
      slotId: slot.body.id,
      agendaId: null,
      date: null,
      time: null,
    };
    expect((await book(target)).status).toBe(201);
    expect((await book(target)).body).toMatchObject({ status: 409, code: 'slot-full' });
    const list = await caller.api.get(
      `/slots?agendaId=${caller.spip.agendaId}&from=2026-06-15&to=2026-06-15`,
    );
    expect(list.body.items).toMatchObject([{ id: slot.body.id, capacity: 1, seatsLeft: 0, time: '10:00' }]);
    expect(list.body.nextCursor).toBeNull();
  });

  it('marks who came, after the hour only, and opens again', async () => {
    const { id } = (await book()).body;
    expect((await caller.api.post(`/convocations/${id}/attend`)).body).toMatchObject({
      status: 409,
      code: 'too-early',
    });
    await moveClock(caller.web.dataSource, '2026-06-12T10:00:00Z');
    expect((await caller.api.post(`/convocations/${id}/cancel`, {})).body).toMatchObject({
      code: 'too-late',
    });
    expect((await caller.api.post(`/convocations/${id}/miss`, {})).body).toMatchObject({ state: 'missed' });
    expect((await caller.api.post(`/convocations/${id}/attend`, {})).body).toMatchObject({
      code: 'illegal-transition',
    });
    expect((await caller.api.post(`/convocations/${id}/reopen`, {})).body).toMatchObject({ state: 'booked' });
    expect((await caller.api.post(`/convocations/${id}/excuse`, {})).body).toMatchObject({
      state: 'excused',
    });
  });

  it('cancels and tells the person unless asked not to', async () => {
    const { id } = (await book({ notify: false })).body;
    const { status, body } = await caller.api.post(`/convocations/${id}/cancel`, { cancelledBy: 'court' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'cancelled', cancelledBy: 'court' });
    const states = body.notifications.map(({ kind, state }: Record<string, string>) => `${kind} ${state}`);
    expect(states.sort()).toEqual(['cancellation planned', 'reminder withdrawn']);
  });

  it('moves the promise and counts its versions', async () => {
    const { id } = (await book()).body;
    const moved = await caller.api.post(`/convocations/${id}/reschedule`, {
      agendaId: caller.spip.agendaId,
      date: '2026-06-16',
      time: '14:00',
    });
    expect(moved.status).toBe(200);
    expect(moved.body).toMatchObject({
      id,
      state: 'booked',
      promiseVersion: 2,
      date: '2026-06-16',
      time: '14:00',
    });
  });

  it('refuses without a key, with a wrong one, with a revoked one, and to a role without the right', async () => {
    const ask = (key: string | null) => new ApiClient(caller.web.baseUrl, key).post('/slots', {});
    const revoked = await anApiKey(caller.web.dataSource, { organizationId: caller.spip.organizationId });
    await caller.web.dataSource.query('UPDATE api_key SET revoked_at = app_now() WHERE key_hash = $1', [
      digest(revoked),
    ]);
    for (const key of [null, 'msj_unknown', 'a b', revoked]) {
      const { status, body } = await ask(key);
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' });
    }
    const educator = await anApiKey(caller.web.dataSource, {
      organizationId: caller.spip.organizationId,
      role: 'educator',
    });
    expect((await ask(educator)).body).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('shows a court the hearing exits of its linked SPIP, and lets it book there', async () => {
    const court = await aService(caller.web.dataSource, { kind: 'tj', role: 'bex' });
    await aLink(caller.web.dataSource, court.organizationId, caller.spip.organizationId);
    const slot = await openSlot({ date: '2026-06-17' });
    const bex = new ApiClient(caller.web.baseUrl, court.key);
    const seen = await bex.get(`/slots?placeId=${caller.spip.placeId}&from=2026-06-17&to=2026-06-17`);
    expect(seen.body.items).toMatchObject([{ id: slot.body.id }]);
    const followed = await aPerson(caller.web.dataSource, { organizationIds: [court.organizationId] });
    const booked = await bex.post('/convocations', {
      personId: followed,
      typeCode: 'sortie-audience-spip',
      slotId: slot.body.id,
      notify: true,
    });
    expect(booked.status).toBe(201);
    expect((await caller.api.get(`/persons/${followed}`)).status).toBe(200);
  });

  it('draws anew what was followed up while it was excused, once it is reopened', async () => {
    const { id } = (await book({ date: '2026-06-12', time: '11:15' })).body;
    const followed = async (): Promise<boolean[]> => {
      const rows: { followed: boolean }[] = await caller.web.dataSource.query(
        `SELECT followed_up_at IS NOT NULL AS followed FROM message WHERE convocation_id = $1 AND kind = 'summons'`,
        [id],
      );
      return rows.map((row) => row.followed);
    };
    await caller.web.dataSource.query(
      `UPDATE message SET state = 'suppressed', reason = 'no-phone', settled_at = app_now(), followed_up_at = app_now()
        WHERE convocation_id = $1 AND kind = 'summons'`,
      [id],
    );
    expect((await caller.api.post(`/convocations/${id}/excuse`, {})).body.state).toBe('excused');
    expect(await followed()).toEqual([true]);
    expect((await caller.api.post(`/convocations/${id}/reopen`, {})).body.state).toBe('booked');
    expect(await followed()).toEqual([false]);
  });
});
