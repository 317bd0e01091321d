import { PrepareSends } from '../../src/notifications/sending/prepare-sends.js';
import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { calledMessages } from '../../src/notifications/certificates/certified-calls.query.js';
import { readPromises } from '../../src/notifications/plans/promise-to-plan.query.js';
import { auditDatabase } from '../../src/notifications/surety/auditor.js';
import { ReachQueries } from '../../src/notifications/follow-up/reach.query.js';
import { Transaction } from '../../src/platform/transaction.js';
import { moveClock } from '../support/database.js';
import { PUBLIC_BASE_URL } from '../support/engine.js';
import { type OperatorMessage } from '../support/plain-operator.js';
import { useMailStand } from '../support/stand.js';
import { aMobile, at, type BookingWishes } from '../support/world.js';

interface Row {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly told_by_message_id: string | null;
  readonly ladder_step: number;
}

describe('what announces several appointments of one person on one day', () => {
  const stand = useMailStand();
  beforeEach(() => {
    stand.operator.behaviour = () => 'accept';
  });

  const query = <T = unknown>(sql: string, values: readonly unknown[] = []): Promise<T[]> =>
    stand.database.dataSource.query(sql, [...values]);
  const clock = (date: string, time: string) => moveClock(stand.database.dataSource, at(date, time));

  async function message(convocationId: string, kind = 'summons'): Promise<Row> {
    const [row] = await query<Row>('SELECT * FROM message WHERE convocation_id = $1 AND kind = $2', [
      convocationId,
      kind,
    ]);
    if (row === undefined) throw new Error(`no ${kind}`);
    return row;
  }

  /** Booked in the evening, both for one day, unless the wishes say otherwise; they leave at eight the next morning. */
  async function evening(
    date: string,
    first: Partial<BookingWishes> = {},
    second: Partial<BookingWishes> = {},
  ) {
    await clock(date, '21:00');
    const phone = aMobile();
    const personId = await stand.world.person({ phone, ...first });
    const one = { date: '2026-12-10', personId, notify: true };
    const morning = await stand.world.book({ ...one, time: '09:30', ...first });
    const afternoon = await stand.world.book({
      ...{ ...one, time: '14:00', placeName: 'TJ Nanterre' },
      ...second,
    });
    await relocate(afternoon, '6 rue Pablo Neruda, 92000 Nanterre');
    return { phone, morning, afternoon };
  }

  const relocate = (convocationId: string, address: string) =>
    query('UPDATE place SET address = $2 WHERE id = (SELECT place_id FROM convocation WHERE id = $1)', [
      convocationId,
      address,
    ]);
  const cancel = (convocationId: string) =>
    query(`UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`, [
      convocationId,
    ]);

  async function report(said: OperatorMessage | undefined, status: string, code: string | null = null) {
    const token = said?.callback?.replace(`${PUBLIC_BASE_URL}/hooks/twilio/status/`, '') ?? '';
    const receipt = { operatorMessageId: said?.sid ?? '', status, errorCode: code };
    await stand.database.dataSource.transaction((tx) =>
      stand.engine.module.get(RecordReceipt).execute(tx, token, receipt),
    );
  }

  const bodies = (phone: string) => stand.operator.to(phone).map(({ body }) => body);
  /** Which of the two hours each text says. */
  const hours = (phone: string) =>
    bodies(phone).map((body) => ['9h30', '14h00'].filter((hour) => body.includes(hour)));
  const stopLinks = (body: string) => body.split(`${PUBLIC_BASE_URL}/s/`).length - 1;

  it('leaves as one text that holds each summons whole, and one link to stop', async () => {
    const { phone, morning, afternoon } = await evening('2026-06-01');
    await clock('2026-06-02', '08:00');
    await stand.engine.drain();
    const [body = '', ...others] = bodies(phone);
    expect(others).toEqual([]);
    const said = ['9h30', '94 rue des Ecoles', '14h00', '6 rue Pablo Neruda'];
    for (const words of said) expect(body).toContain(words);
    expect(body.match(/\n\n/g)).toHaveLength(1);
    expect(body.match(/pièce d'identité/g)).toHaveLength(2);
    expect(stopLinks(body)).toBe(1);
    expect(await message(morning)).toMatchObject({ state: 'accepted', told_by_message_id: null });
    expect(await message(afternoon)).toMatchObject({
      state: 'withdrawn',
      reason: 'told-same-day',
      told_by_message_id: (await message(morning)).id,
    });
  });

  it('reaches for both of them, and the certificate of each names the text', async () => {
    const { phone, morning, afternoon } = await evening('2026-06-02');
    await clock('2026-06-03', '08:00');
    await stand.engine.drain();
    await report(stand.operator.to(phone)[0], 'delivered');
    const { id } = await message(morning);
    await stand.database.dataSource.transaction(async (tx) => {
      const reached = await stand.engine.module.get(ReachQueries).reachOf(tx, [morning, afternoon]);
      expect([reached.get(morning), reached.get(afternoon)]).toEqual(['reached', 'reached']);
      for (const one of [morning, afternoon]) expect(await calledMessages(tx, [one])).toEqual([id]);
      expect(await calledMessages(tx, [morning, afternoon])).toEqual([id]);
      const [promise] = await readPromises(tx, [afternoon]);
      expect(promise?.told.announcedAt).not.toBeNull();
    });
  });

  it('leaves nothing for the auditor, four hours before either and later', async () => {
    const soon = { date: '2026-06-03' };
    const { phone, morning, afternoon } = await evening('2026-06-02', { ...soon, time: '11:00' }, soon);
    await clock('2026-06-03', '08:00');
    await stand.engine.drain();
    await report(stand.operator.to(phone)[0], 'delivered');
    for (const time of ['08:10', '10:30', '13:30']) {
      await clock('2026-06-03', time);
      for (const task of ['sweep', 'follow-up', 'check-reach'] as const) await stand.engine.run(task);
      await stand.database.dataSource.transaction(async (tx) =>
        expect(await auditDatabase(tx, { mailIsOn: true })).toEqual([]),
      );
    }
    const tasks = await query('SELECT FROM agent_task WHERE convocation_id = ANY($1)', [
      [morning, afternoon],
    ]);
    expect(tasks).toEqual([]);
  });

  it('says in the reminder of either nothing twice: no second link, and quiet after the summons', async () => {
    const soon = { date: '2026-06-05', offsets: [1] };
    const { phone, afternoon } = await evening('2026-06-03', soon, soon);
    await clock('2026-06-04', '08:00');
    await stand.engine.drain();
    await query(
      `INSERT INTO message (convocation_id, kind, occurrence, promise_version, due_at, first_due_at, useful_until)
       SELECT id, 'reminder', 1, 1, app_now(), app_now(), starts_at - interval '1 hour' FROM convocation WHERE id = $1
       ON CONFLICT ON CONSTRAINT message_once DO UPDATE SET due_at = app_now(), state = 'planned'`,
      [afternoon],
    );
    await clock('2026-06-04', '11:30');
    await stand.engine.drain();
    expect(bodies(phone)).toHaveLength(1);
    expect(await message(afternoon, 'reminder')).toMatchObject({
      state: 'withdrawn',
      reason: 'told-just-before',
    });
  });

  it('gives no second link to a reminder of what a text told', async () => {
    const soon = { date: '2026-06-10', offsets: [1] };
    const { phone } = await evening('2026-06-03', { ...soon, time: '08:30' }, soon);
    await clock('2026-06-04', '08:00');
    await stand.engine.drain();
    await clock('2026-06-09', '08:30');
    await stand.engine.drain();
    expect(bodies(phone).map(stopLinks)).toEqual([1, 0]);
  });

  it.each(['cancellation', 'rescheduling'] as const)('does so for a %s', async (kind) => {
    const { phone, morning, afternoon } = await evening('2026-06-05');
    await clock('2026-06-06', '08:00');
    await stand.engine.drain();
    await clock('2026-06-06', '21:00');
    for (const [id, time] of [
      [morning, '10:30'],
      [afternoon, '15:00'],
    ] as const) {
      if (kind === 'cancellation') await cancel(id);
      else await stand.world.move(id, { date: '2026-12-11', time });
      await stand.world.plan(id, kind === 'cancellation' ? 'cancelled' : 'rescheduled', true);
    }
    await clock('2026-06-07', '08:00');
    await stand.engine.drain();
    expect(bodies(phone)).toHaveLength(2);
    const body = bodies(phone)[1] ?? '';
    for (const hour of kind === 'cancellation' ? ['9h30', '14h00'] : ['10h30', '15h00'])
      expect(body).toContain(hour);
    expect(stopLinks(body)).toBe(0);
    expect(await message(afternoon, kind)).toMatchObject({
      state: 'withdrawn',
      told_by_message_id: (await message(morning, kind)).id,
    });
  });

  it('leaves out what was cancelled or moved meanwhile', async () => {
    const { phone, afternoon } = await evening('2026-06-07');
    await cancel(afternoon);
    await clock('2026-06-08', '08:00');
    await stand.engine.drain();
    expect(hours(phone)).toEqual([['9h30']]);
    expect(await message(afternoon)).toMatchObject({ state: 'withdrawn', told_by_message_id: null });
    const moved = await evening('2026-06-08');
    await stand.world.move(moved.afternoon, { date: '2026-12-11', time: '14:00' });
    await clock('2026-06-09', '08:00');
    await stand.engine.drain();
    expect(hours(moved.phone)).toEqual([['9h30']]);
  });

  it('joins neither another day, nor another person, nor another way, nor what leaves later', async () => {
    const otherDay = await evening('2026-06-09', {}, { date: '2026-12-11' });
    const [phone, email] = [aMobile(), 'autre@example.org'];
    const stranger = await stand.world.person({ phone: otherDay.phone });
    const other = await evening('2026-06-09', {}, { personId: stranger });
    const byMail = await evening('2026-06-09', { phone, email });
    await query(
      `UPDATE message SET wanted_channel = 'email' WHERE convocation_id = $1 AND kind = 'summons'`,
      [byMail.afternoon],
    );
    const later = await evening('2026-06-09');
    await query(`UPDATE message SET due_at = due_at + interval '1 hour' WHERE convocation_id = $1`, [
      later.afternoon,
    ]);
    await clock('2026-06-10', '08:00');
    await stand.engine.drain();
    expect(hours(otherDay.phone).sort()).toEqual([['14h00'], ['14h00'], ['9h30']]);
    expect(hours(other.phone)).toEqual([['9h30']]);
    expect(hours(phone)).toEqual([['9h30']]);
    expect(stand.catcher.messages(email)).toHaveLength(1);
    expect(hours(later.phone)).toEqual([['9h30']]);
    await clock('2026-06-10', '09:00');
    await stand.engine.drain();
    expect(hours(later.phone)).toEqual([['9h30'], ['14h00']]);
  });

  it('is one e-mail for who is reached by e-mail', async () => {
    const email = 'ensemble@example.org';
    await evening('2026-06-10', { phone: null, email });
    await clock('2026-06-11', '08:00');
    await stand.engine.drain();
    const mails = stand.catcher.messages(email);
    expect(mails).toHaveLength(1);
    for (const hour of ['9h30', '14h00']) expect(JSON.stringify(mails[0])).toContain(hour);
  });

  it('leaves apart what no operator would take together', async () => {
    const { phone, morning, afternoon } = await evening('2026-06-11');
    await relocate(morning, 'a'.repeat(800));
    await relocate(afternoon, 'b'.repeat(800));
    await clock('2026-06-12', '08:00');
    await stand.engine.drain();
    expect(hours(phone)).toEqual([['9h30'], ['14h00']]);
    for (const id of [morning, afternoon]) expect((await message(id)).state).toBe('accepted');
  });

  it('leaves apart what would cost more together than apart', async () => {
    const { phone, morning, afternoon } = await evening('2026-06-12');
    await relocate(morning, `${'a'.repeat(300)} Œ`);
    await relocate(afternoon, 'b'.repeat(300));
    await clock('2026-06-13', '08:00');
    await stand.engine.drain();
    expect(hours(phone)).toEqual([['9h30'], ['14h00']]);
  });

  it('says all of it again when the operator surely did not take it', async () => {
    const { phone, afternoon } = await evening('2026-06-13');
    stand.operator.behaviour = (_to, nth) => (nth === 1 ? 'refuse-429' : 'accept');
    await clock('2026-06-14', '08:00');
    await stand.engine.drain();
    expect((await message(afternoon)).state).toBe('withdrawn');
    await clock('2026-06-14', '08:30');
    await stand.engine.drain();
    expect(hours(phone)).toEqual([['9h30', '14h00']]);
  });

  it('says on its own, when it is tried again, what it can no longer hold', async () => {
    const { phone, morning, afternoon } = await evening('2026-06-14');
    stand.operator.behaviour = (_to, nth) => (nth === 1 ? 'refuse-429' : 'accept');
    await clock('2026-06-15', '08:00');
    await stand.engine.drain();
    await relocate(afternoon, 'b'.repeat(1500));
    await clock('2026-06-15', '08:30');
    await stand.engine.drain();
    expect(hours(phone)).toEqual([['9h30'], ['14h00']]);
    for (const id of [morning, afternoon]) expect((await message(id)).state).toBe('accepted');
  });

  it('says each on its own when the text for both did not arrive', async () => {
    const { phone, morning, afternoon } = await evening('2026-06-15');
    await clock('2026-06-16', '08:00');
    await stand.engine.drain();
    await report(stand.operator.to(phone)[0], 'undelivered', '30003');
    await stand.engine.run('follow-up');
    for (const id of [morning, afternoon])
      expect(await message(id)).toMatchObject({ state: 'planned', told_by_message_id: null });
    await clock('2026-06-16', '10:05');
    await stand.engine.drain();
    expect(hours(phone).slice(1).sort()).toEqual([['14h00'], ['9h30']]);
    for (const id of [morning, afternoon]) expect((await message(id)).state).toBe('accepted');
  });

  it('asks nobody about an hour that the text of another appointment took back', async () => {
    const soon = { date: '2026-06-29' };
    const { phone, morning, afternoon } = await evening(
      '2026-06-16',
      { ...soon, time: '07:30' },
      { ...soon, time: '07:45' },
    );
    await clock('2026-06-17', '08:00');
    await stand.engine.drain();
    await clock('2026-06-17', '21:00');
    for (const id of [morning, afternoon]) {
      await stand.world.move(id, { date: '2026-07-10', time: id === morning ? '09:30' : '14:00' });
      await stand.world.plan(id, 'rescheduled', true);
    }
    await clock('2026-06-18', '08:00');
    await stand.engine.drain();
    expect(hours(phone)[1]).toEqual(['9h30', '14h00']);
    await clock('2026-06-28', '21:00');
    await stand.world.move(afternoon, { date: '2026-07-11', time: '15:00' });
    await stand.world.plan(afternoon, 'rescheduled', true);
    expect(await query('SELECT reason FROM agent_task WHERE convocation_id = $1', [afternoon])).toEqual([]);
  });

  it('is news of its own once the first has left', async () => {
    await clock('2026-06-29', '10:00');
    const phone = aMobile();
    const personId = await stand.world.person({ phone });
    const one = { date: '2026-12-10', personId, notify: true };
    await stand.world.book({ ...one, time: '09:30' });
    await stand.engine.drain();
    await stand.world.book({ ...one, time: '14:00' });
    await stand.engine.drain();
    expect(hours(phone)).toEqual([['9h30'], ['14h00']]);
  });

  it('tells each once, though every summons is in the hands of another worker', async () => {
    await clock('2026-06-29', '21:00');
    const booked: string[] = [];
    for (let index = 0; index < 12; index++) {
      const personId = await stand.world.person();
      for (const time of ['09:00', '10:00', '11:00'])
        booked.push(await stand.world.book({ date: '2026-12-10', time, personId, notify: true }));
    }
    await clock('2026-06-30', '08:00');
    const [jobs] = (await query(
      `UPDATE message SET state = 'queued', claimed_at = app_now(), claim_epoch = 1
        WHERE convocation_id = ANY($1) AND kind = 'summons' RETURNING id AS "messageId", claim_epoch AS epoch`,
      [booked],
    )) as unknown as [{ messageId: string; epoch: number }[]];
    const { module } = stand.engine;
    const batches = Array.from({ length: 6 }, (_, of) => jobs.filter((_job, index) => index % 6 === of));
    const prepared = await Promise.all(
      batches.map((batch, index) =>
        module
          .get(Transaction)
          .run((tx) => module.get(PrepareSends).execute(tx, index % 2 === 0 ? batch : [...batch].reverse())),
      ),
    );
    const sent = prepared.flat();
    const said = (hour: string) => sent.filter(({ body }) => body.includes(hour)).length;
    expect([said('9h00'), said('10h00'), said('11h00')]).toEqual([12, 12, 12]);
    expect(sent).toHaveLength(12);
    const rows = await query(
      `SELECT m.state, count(*)::int AS n, count(m.told_by_message_id)::int AS told FROM message m
        WHERE m.convocation_id = ANY($1) AND m.kind = 'summons' GROUP BY 1 ORDER BY 1`,
      [booked],
    );
    expect(rows).toEqual([
      { state: 'sending', n: 12, told: 0 },
      { state: 'withdrawn', n: 24, told: 24 },
    ]);
    await query(`UPDATE message SET state = 'withdrawn' WHERE state IN ('sending', 'planned')`);
  });
});
