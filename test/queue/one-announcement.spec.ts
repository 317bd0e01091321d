import { calledMessages } from '../../src/notifications/certificates/certified-calls.query.js';
import { readPromises } from '../../src/notifications/plans/promise-to-plan.query.js';
import { auditDatabase } from '../../src/notifications/surety/auditor.js';
import { ReachQueries } from '../../src/notifications/follow-up/reach.query.js';
import { PUBLIC_BASE_URL } from '../support/engine.js';
import { SameDay } from '../support/same-day.js';
import { useMailStand } from '../support/stand.js';

describe('what announces several appointments of one person on one day', () => {
  const stand = useMailStand();
  const { query, clock, message, evening, cancel, report, bodies, hours } = new SameDay(stand);
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

  it('is one e-mail for who is reached by e-mail', async () => {
    const email = 'ensemble@example.org';
    await evening('2026-06-10', { phone: null, email });
    await clock('2026-06-11', '08:00');
    await stand.engine.drain();
    const mails = stand.catcher.messages(email);
    expect(mails).toHaveLength(1);
    for (const hour of ['9h30', '14h00']) expect(JSON.stringify(mails[0])).toContain(hour);
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
});
