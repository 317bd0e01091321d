import { ReachQueries } from '../../src/notifications/follow-up/reach.query.js';
import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { moveClock } from '../support/database.js';
import { PUBLIC_BASE_URL } from '../support/engine.js';
import { type OperatorMessage } from '../support/plain-operator.js';
import { aMobile, at } from '../support/world.js';
import { contactId } from '../support/contacts.js';
import { useMailStand } from '../support/stand.js';

describe('the ladder, with a real operator and a real relay', () => {
  const stand = useMailStand();

  async function report(
    message: OperatorMessage | undefined,
    status: string,
    errorCode: string | null = null,
  ) {
    const token = message?.callback?.replace(`${PUBLIC_BASE_URL}/hooks/twilio/status/`, '') ?? '';
    const receipt = { operatorMessageId: message?.sid ?? '', status, errorCode };
    await stand.database.dataSource.transaction((tx) =>
      stand.engine.module.get(RecordReceipt).execute(tx, token, receipt),
    );
  }

  async function reachOf(id: string) {
    const queries = stand.engine.module.get(ReachQueries);
    return (await stand.database.dataSource.transaction((tx) => queries.reachOf(tx, [id]))).get(id);
  }

  async function tasks(id: string): Promise<{ reason: string; outcome: string | null }[]> {
    return stand.database.dataSource.query(
      `SELECT reason, outcome FROM agent_task WHERE convocation_id = $1 ORDER BY opened_at`,
      [id],
    );
  }

  it('says by e-mail what the telephone did not take, and a late end of the first try changes nothing', async () => {
    await moveClock(stand.database.dataSource, at('2026-06-01', '10:00'));
    const [phone, email] = [aMobile(), 'ladder@example.org'];
    const id = await stand.world.book({ date: '2026-06-20', time: '09:30', phone, email, notify: true });
    await stand.engine.drain();
    await report(stand.operator.to(phone)[0], 'undelivered', '30003');
    expect(await stand.world.state(id, 'summons')).toBe('undelivered');
    await stand.engine.run('follow-up');
    await stand.engine.drain();
    expect(stand.catcher.messages(email)).toHaveLength(1);
    expect(await stand.world.state(id, 'summons')).toBe('accepted');
    expect(await reachOf(id)).toBe('reached-by-email');
    await report(stand.operator.to(phone)[0], 'failed', '30003');
    expect(await stand.world.state(id, 'summons')).toBe('accepted');
    expect(stand.operator.to(phone)).toHaveLength(1);
  });

  it.each([
    ['before its next text is planned', '10:00'],
    ['while its next text waits', '10:01'],
    ['once its next text has left', '12:01'],
  ])('flags a text that the operator says to have arrived after all, %s', async (_when, time) => {
    await moveClock(stand.database.dataSource, at('2026-06-03', '10:00'));
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-06-20', time: '09:30', phone, notify: true });
    await stand.engine.drain();
    const [first] = stand.operator.to(phone);
    await report(first, 'undelivered', '30003');
    if (time !== '10:00') await stand.engine.run('follow-up');
    await moveClock(stand.database.dataSource, at('2026-06-03', time));
    await stand.engine.drain();
    await report(first, 'delivered');
    await stand.engine.run('follow-up');
    await moveClock(stand.database.dataSource, at('2026-06-03', '12:05'));
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(2);
    expect((await stand.world.messages(id))[0]).toMatchObject({ attempts: 2, possible_duplicate: true });
  });

  it('tries a telephone that was off once more, then asks an agent; a receipt after all closes the task', async () => {
    await moveClock(stand.database.dataSource, at('2026-06-02', '10:00'));
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-06-20', time: '09:30', phone, notify: true });
    await stand.engine.drain();
    await report(stand.operator.to(phone)[0], 'undelivered', '30003');
    await stand.engine.run('follow-up');
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(1);
    await moveClock(stand.database.dataSource, at('2026-06-02', '12:01'));
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(2);
    await report(stand.operator.to(phone)[1], 'undelivered', '30003');
    await stand.engine.run('follow-up');
    expect(await tasks(id)).toEqual([{ reason: 'phone-unreachable', outcome: null }]);
    expect(await reachOf(id)).toBe('task-open');
    await moveClock(stand.database.dataSource, at('2026-06-19', '09:30'));
    await stand.engine.drain();
    await report(stand.operator.to(phone).at(-1), 'delivered');
    await stand.engine.run('follow-up');
    expect(await tasks(id)).toEqual([{ reason: 'phone-unreachable', outcome: 'no-longer-needed' }]);
    expect(await reachOf(id)).toBe('reached');
    const rows: { phone_failures: number; reached: boolean }[] = await stand.database.dataSource.query(
      'SELECT phone_failures, phone_reached_at IS NOT NULL AS reached FROM person WHERE phone_id = $1',
      [await contactId(stand.database.dataSource, phone)],
    );
    expect(rows).toEqual([{ phone_failures: 0, reached: true }]);
  });

  it('gives the link that stops texts with every try, and with the next text when none arrived', async () => {
    await moveClock(stand.database.dataSource, at('2026-06-02', '10:00'));
    const phone = aMobile();
    const wishes = { date: '2026-06-20', time: '09:30', phone, notify: true, offsets: [3, 1] };
    await stand.world.book(wishes);
    await stand.engine.drain();
    await report(stand.operator.to(phone)[0], 'undelivered', '30003');
    await stand.engine.run('follow-up');
    await moveClock(stand.database.dataSource, at('2026-06-02', '12:01'));
    await stand.engine.drain();
    await report(stand.operator.to(phone)[1], 'undelivered', '30003');
    await stand.engine.run('follow-up');
    for (const date of ['2026-06-17', '2026-06-19']) {
      await moveClock(stand.database.dataSource, at(date, '09:30'));
      await stand.engine.drain();
      await report(stand.operator.to(phone).at(-1), 'delivered');
    }
    const links = stand.operator.to(phone).map(({ body }) => /\/s\/([\w-]{22})/.exec(body)?.[1]);
    expect(links).toEqual([...Array(3).fill(expect.any(String)), undefined]);
    expect(new Set(links).size).toBe(4);
  });

  it('sends what is still to come to the number of the day, and what missed the old one too', async () => {
    await moveClock(stand.database.dataSource, at('2026-06-03', '10:00'));
    stand.operator.behaviour = (to) => (to === old ? 'refuse-21211' : 'accept');
    const [old, corrected] = [aMobile(), aMobile()];
    const id = await stand.world.book({ date: '2026-06-20', time: '09:30', phone: old, notify: true });
    await stand.engine.drain();
    await stand.engine.run('follow-up');
    expect(await tasks(id)).toEqual([{ reason: 'wrong-number', outcome: null }]);
    await stand.database.dataSource.query(
      `UPDATE person SET phone_id = $2, phone_failures = 0, phone_flagged_at = NULL, phone_flag_reason = NULL
        WHERE phone_id = $1`,
      [
        await contactId(stand.database.dataSource, old),
        await contactId(stand.database.dataSource, corrected),
      ],
    );
    await stand.engine.run('follow-up');
    await stand.engine.drain();
    expect(stand.operator.to(corrected)).toHaveLength(1);
    await report(stand.operator.to(corrected)[0], 'delivered');
    await stand.engine.run('follow-up');
    expect(await tasks(id)).toEqual([{ reason: 'wrong-number', outcome: 'no-longer-needed' }]);
    await moveClock(stand.database.dataSource, at('2026-06-19', '09:30'));
    await stand.engine.drain();
    expect(stand.operator.to(corrected).length).toBeGreaterThan(1);
    expect(stand.operator.to(old)).toHaveLength(0);
    stand.operator.behaviour = () => 'accept';
  });

  it('sends nothing more to a flagged number: the e-mail, or an agent', async () => {
    await moveClock(stand.database.dataSource, at('2026-06-04', '10:00'));
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-06-20', time: '09:30', phone, notify: true });
    await stand.database.dataSource.query(
      'UPDATE person SET phone_flagged_at = app_now() WHERE phone_id = $1',
      [await contactId(stand.database.dataSource, phone)],
    );
    await stand.engine.drain();
    await stand.engine.run('follow-up');
    expect(stand.operator.to(phone)).toHaveLength(0);
    expect(await tasks(id)).toEqual([{ reason: 'number-flagged', outcome: null }]);
  });

  describe('excused by mistake and reopened', () => {
    const query = (sql: string, id: string) => stand.database.dataSource.query(sql, [id]);

    async function excuse(id: string): Promise<void> {
      await query(`UPDATE convocation SET state = 'excused' WHERE id = $1`, id);
      await stand.world.plan(id, 'excused', false);
    }

    async function reopen(id: string): Promise<void> {
      await query(`UPDATE convocation SET state = 'booked' WHERE id = $1`, id);
      await query(
        `INSERT INTO history_entry (event, person_id, convocation_id)
         SELECT 'convocation.reopened', person_id, id FROM convocation WHERE id = $1`,
        id,
      );
      await stand.world.plan(id, 'reopened', false);
    }

    it.each([
      ['no-phone', { phone: null }],
      ['sms-refused', { refuses: true }],
    ])('is asked of an agent again: %s', async (reason, person) => {
      await moveClock(stand.database.dataSource, at('2026-06-05', '10:00'));
      const id = await stand.world.book({ date: '2026-06-20', time: '09:30', notify: true, ...person });
      await stand.engine.drain();
      await stand.engine.run('follow-up');
      await excuse(id);
      await stand.engine.run('follow-up');
      expect(await tasks(id)).toEqual([{ reason, outcome: 'no-longer-needed' }]);
      await moveClock(stand.database.dataSource, at('2026-06-05', '10:05'));
      await reopen(id);
      await stand.engine.run('follow-up');
      await stand.engine.run('follow-up');
      expect(await tasks(id)).toEqual([
        { reason, outcome: 'no-longer-needed' },
        { reason, outcome: null },
      ]);
    });

    it('goes on from what came back meanwhile, which counts once', async () => {
      await moveClock(stand.database.dataSource, at('2026-06-05', '11:00'));
      const [phone, email] = [aMobile(), 'reopened@example.org'];
      const id = await stand.world.book({ date: '2026-06-20', time: '09:30', phone, email, notify: true });
      await stand.engine.drain();
      await excuse(id);
      await report(stand.operator.to(phone)[0], 'undelivered', '30003');
      await stand.engine.run('follow-up');
      await moveClock(stand.database.dataSource, at('2026-06-05', '11:05'));
      await reopen(id);
      await stand.engine.run('follow-up');
      await stand.engine.drain();
      expect(stand.catcher.messages(email)).toHaveLength(1);
      expect(await reachOf(id)).toBe('reached-by-email');
      const rows: object[] = await query(
        `SELECT phone_failures FROM person WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
        id,
      );
      expect(rows).toEqual([{ phone_failures: 1 }]);
    });
  });

  it('says by e-mail, a day before, what no receipt confirms', async () => {
    await moveClock(stand.database.dataSource, at('2026-06-10', '10:00'));
    const [phone, email] = [aMobile(), 'unconfirmed@example.org'];
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', phone, email, notify: true });
    await stand.engine.drain();
    await moveClock(stand.database.dataSource, at('2026-06-11', '09:30'));
    await stand.engine.drain();
    await stand.engine.run('check-reach');
    await stand.engine.drain();
    expect(stand.catcher.messages(email)).toHaveLength(0);
    await moveClock(stand.database.dataSource, at('2026-06-11', '10:05'));
    await stand.engine.run('check-reach');
    await stand.engine.drain();
    expect(stand.catcher.messages(email)).toHaveLength(1);
    expect(await reachOf(id)).toBe('reached-by-email');
  });
});
