import { PrepareSends } from '../../src/notifications/sending/prepare-sends.js';
import { Transaction } from '../../src/platform/transaction.js';
import { SameDay } from '../support/same-day.js';
import { useMailStand } from '../support/stand.js';
import { aMobile } from '../support/world.js';

describe('the limits of one text for several appointments', () => {
  const stand = useMailStand();
  beforeEach(() => {
    stand.operator.behaviour = () => 'accept';
  });
  const { query, clock, message, evening, relocate, cancel, report, hours } = new SameDay(stand);

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
