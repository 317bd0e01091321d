import { digest } from '../../src/shared/tokens.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { moveClock } from '../support/database.js';
import { aLink, anApiKey, aPerson, aService } from '../support/builders.js';
import { type Answer, ApiClient } from '../support/client.js';

/** A Tuesday; the day after is a working day everywhere in metropolitan France. */
const NOW = '2026-06-09T08:00:00Z';

describe('convocations through the API', () => {
  let web: TestApp;
  let spip: Awaited<ReturnType<typeof aService>>;
  let api: ApiClient;
  let personId: string;

  beforeAll(async () => {
    web = await startTestApp();
    spip = await aService(web.dataSource);
    api = new ApiClient(web.baseUrl, spip.key);
  });
  beforeEach(async () => {
    await moveClock(web.dataSource, NOW);
    personId = await aPerson(web.dataSource, { organizationIds: [spip.organizationId] });
  });
  afterAll(() => web.close());

  const book = (more: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
    api.post(
      '/convocations',
      {
        personId,
        typeCode: 'suivi-spip',
        agendaId: spip.agendaId,
        date: '2026-06-12',
        time: '09:30',
        notify: true,
        ...more,
      },
      headers,
    );
  const openSlot = (more: object = {}): Promise<Answer> =>
    api.post('/slots', {
      agendaId: spip.agendaId,
      typeCode: 'sortie-audience-spip',
      date: '2026-06-15',
      time: '10:00',
      durationMinutes: 30,
      capacity: 1,
      ...more,
    });

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
    expect((await api.get(`/convocations/${answer.body.id}`)).body).toEqual(answer.body);
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
    const elsewhere = await aService(web.dataSource);
    const { body } = await book();
    const foreign = new ApiClient(web.baseUrl, elsewhere.key);
    const missing = await foreign.get('/convocations/00000000-0000-4000-8000-000000000000');
    const hidden = await foreign.get(`/convocations/${body.id}`);
    expect([missing.status, hidden.status]).toEqual([404, 404]);
    expect({ ...hidden.body, instance: '' }).toEqual({ ...missing.body, instance: '' });
    expect((await foreign.get(`/persons/${personId}`)).status).toBe(404);
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
    const list = await api.get(`/slots?agendaId=${spip.agendaId}&from=2026-06-15&to=2026-06-15`);
    expect(list.body.items).toMatchObject([{ id: slot.body.id, capacity: 1, seatsLeft: 0, time: '10:00' }]);
    expect(list.body.nextCursor).toBeNull();
  });

  it('marks who came, after the hour only, and opens again', async () => {
    const { id } = (await book()).body;
    expect((await api.post(`/convocations/${id}/attend`)).body).toMatchObject({
      status: 409,
      code: 'too-early',
    });
    await moveClock(web.dataSource, '2026-06-12T10:00:00Z');
    expect((await api.post(`/convocations/${id}/cancel`, {})).body).toMatchObject({ code: 'too-late' });
    expect((await api.post(`/convocations/${id}/miss`, {})).body).toMatchObject({ state: 'missed' });
    expect((await api.post(`/convocations/${id}/attend`, {})).body).toMatchObject({
      code: 'illegal-transition',
    });
    expect((await api.post(`/convocations/${id}/reopen`, {})).body).toMatchObject({ state: 'booked' });
    expect((await api.post(`/convocations/${id}/excuse`, {})).body).toMatchObject({ state: 'excused' });
  });

  it('cancels and tells the person unless asked not to', async () => {
    const { id } = (await book({ notify: false })).body;
    const { status, body } = await api.post(`/convocations/${id}/cancel`, { cancelledBy: 'court' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'cancelled', cancelledBy: 'court' });
    const states = body.notifications.map(({ kind, state }: Record<string, string>) => `${kind} ${state}`);
    expect(states.sort()).toEqual(['cancellation planned', 'reminder withdrawn']);
  });

  it('moves the promise and counts its versions', async () => {
    const { id } = (await book()).body;
    const moved = await api.post(`/convocations/${id}/reschedule`, {
      agendaId: spip.agendaId,
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
    const ask = (key: string | null) => new ApiClient(web.baseUrl, key).post('/slots', {});
    const revoked = await anApiKey(web.dataSource, { organizationId: spip.organizationId });
    await web.dataSource.query('UPDATE api_key SET revoked_at = app_now() WHERE key_hash = $1', [
      digest(revoked),
    ]);
    for (const key of [null, 'msj_unknown', 'a b', revoked]) {
      const { status, body } = await ask(key);
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' });
    }
    const educator = await anApiKey(web.dataSource, {
      organizationId: spip.organizationId,
      role: 'educator',
    });
    expect((await ask(educator)).body).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('shows a court the hearing exits of its linked SPIP, and lets it book there', async () => {
    const court = await aService(web.dataSource, { kind: 'tj', role: 'bex' });
    await aLink(web.dataSource, court.organizationId, spip.organizationId);
    const slot = await openSlot({ date: '2026-06-17' });
    const bex = new ApiClient(web.baseUrl, court.key);
    const seen = await bex.get(`/slots?placeId=${spip.placeId}&from=2026-06-17&to=2026-06-17`);
    expect(seen.body.items).toMatchObject([{ id: slot.body.id }]);
    const followed = await aPerson(web.dataSource, { organizationIds: [court.organizationId] });
    const booked = await bex.post('/convocations', {
      personId: followed,
      typeCode: 'sortie-audience-spip',
      slotId: slot.body.id,
      notify: true,
    });
    expect(booked.status).toBe(201);
    expect((await api.get(`/persons/${followed}`)).status).toBe(200);
  });

  describe('with an idempotency key', () => {
    it('books once for twenty callers at the same time', async () => {
      const key = { 'Idempotency-Key': 'twenty-at-once' };
      const answers = await Promise.all(Array.from({ length: 20 }, () => book({ time: '11:00' }, key)));
      expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 201));
      expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
      const stored = await web.dataSource.query('SELECT id FROM convocation WHERE person_id = $1', [
        personId,
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
      await api.post(`/convocations/${first.body.id}/cancel`, { notify: false });
      expect((await book(target, key)).status).toBe(201);
    });

    it('keeps the keys of two callers apart', async () => {
      const key = { 'Idempotency-Key': 'shared-name' };
      const other = await aService(web.dataSource);
      const theirs = await aPerson(web.dataSource, { organizationIds: [other.organizationId] });
      expect((await book({}, key)).status).toBe(201);
      const answer = await new ApiClient(web.baseUrl, other.key).post(
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

  it('draws anew what was followed up while it was excused, once it is reopened', async () => {
    const { id } = (await book({ date: '2026-06-12', time: '11:15' })).body;
    const followed = async (): Promise<boolean[]> => {
      const rows: { followed: boolean }[] = await web.dataSource.query(
        `SELECT followed_up_at IS NOT NULL AS followed FROM message WHERE convocation_id = $1 AND kind = 'summons'`,
        [id],
      );
      return rows.map((row) => row.followed);
    };
    await web.dataSource.query(
      `UPDATE message SET state = 'suppressed', reason = 'no-phone', settled_at = app_now(), followed_up_at = app_now()
        WHERE convocation_id = $1 AND kind = 'summons'`,
      [id],
    );
    expect((await api.post(`/convocations/${id}/excuse`, {})).body.state).toBe('excused');
    expect(await followed()).toEqual([true]);
    expect((await api.post(`/convocations/${id}/reopen`, {})).body.state).toBe('booked');
    expect(await followed()).toEqual([false]);
  });

  describe('moved at night, when texts wait for the morning', () => {
    const NIGHT = '2026-06-09T18:30:00Z';
    const move = (id: string, more: object = {}) =>
      api.post(`/convocations/${id}/reschedule`, {
        agendaId: spip.agendaId,
        date: '2026-06-15',
        time: '14:00',
        ...more,
      });
    const tasks = (id: string): Promise<object[]> =>
      web.dataSource.query(
        'SELECT kind, reason, act_before, closed_at FROM agent_task WHERE convocation_id = $1 ORDER BY opened_at',
        [id],
      );
    /** What an agent must say before somebody comes for nothing. */
    const before = (hour: string) => ({
      kind: 'reach-otherwise',
      reason: 'old-hour',
      act_before: new Date(hour),
      closed_at: null,
    });
    const bookedAt = async (time: string): Promise<string> =>
      (await book({ date: '2026-06-10', time })).body.id;

    it('has an agent tell whoever would come at the old hour before the text leaves', async () => {
      const early = await bookedAt('07:15');
      const late = await bookedAt('09:45');
      await moveClock(web.dataSource, NIGHT);
      const { body } = await move(early);
      expect(body.notifications).toContainEqual(
        expect.objectContaining({
          kind: 'rescheduling',
          state: 'planned',
          dueAt: '2026-06-10T06:00:00.000Z',
        }),
      );
      await move(late, { time: '15:00' });
      expect(await tasks(early)).toEqual([before('2026-06-10T05:15:00Z')]);
      expect(await tasks(late)).toEqual([]);
    });

    it('asks no agent when the caller tells the person, or when the text leaves in time', async () => {
      const [silent, inTime] = [await bookedAt('07:15'), await bookedAt('07:20')];
      await move(inTime);
      await moveClock(web.dataSource, NIGHT);
      await move(silent, { time: '15:00', notify: false });
      expect([await tasks(silent), await tasks(inTime)]).toEqual([[], []]);
    });

    it('announces the new promise to whoever was to be told of the first and was not', async () => {
      await moveClock(web.dataSource, NIGHT);
      const told = await bookedAt('10:15');
      const silent = (await book({ date: '2026-06-10', time: '10:30', notify: false })).body.id;
      const kindsAfter = async (id: string, more: object) =>
        (await move(id, { notify: false, ...more })).body.notifications
          .filter(({ state }: { state: string }) => state === 'planned')
          .map(({ kind }: { kind: string }) => kind);
      expect(await kindsAfter(told, { time: '15:30' })).toContain('summons');
      expect(await kindsAfter(told, { time: '15:45' })).toContain('summons');
      expect(await kindsAfter(silent, { time: '16:15' })).not.toContain('summons');
      const heard = await bookedAt('11:15');
      await web.dataSource.query(
        `UPDATE message SET state = 'accepted', accepted_at = app_now() WHERE convocation_id = $1 AND kind = 'summons'`,
        [heard],
      );
      expect(await kindsAfter(heard, { time: '16:45' })).not.toContain('summons');
      expect(await tasks(told)).toEqual([]);
    });

    it('keeps in mind the hour the person knows when it is moved twice', async () => {
      const id = await bookedAt('07:15');
      await moveClock(web.dataSource, NIGHT);
      await move(id);
      await move(id, { date: '2026-06-16' });
      expect((await tasks(id)).at(-1)).toEqual(before('2026-06-10T05:15:00Z'));
    });
  });
});
