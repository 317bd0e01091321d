import { RecordReply } from '../../src/notifications/replies/record-reply.js';
import { ReportWrongPersonByLink } from '../../src/notifications/replies/report-wrong-person-by-link.js';
import { ReportWrongPerson } from '../../src/notifications/replies/report-wrong-person.js';
import { describeBackends } from '../support/backends.js';
import { moveClock } from '../support/database.js';
import { useStand } from '../support/stand.js';
import { aMobile, at } from '../support/world.js';

describeBackends('what was planned before somebody said no', (backend) => {
  const stand = useStand({ REDIS_URL: backend.redisUrl, DATABASE_POOL_SIZE: '1' });

  /** Summoned for 10 June; the summons has left with its link. */
  async function told(phone: string) {
    await moveClock(stand.database.dataSource, at('2026-06-01', '10:00', 'Europe/Paris', 0));
    const id = await stand.world.book({ date: '2026-06-10', time: '09:30', phone, notify: true });
    await stand.engine.drain();
    const token = /\/s\/([\w-]+)/.exec(stand.operator.to(phone).at(-1)?.body ?? '')?.[1] ?? '';
    return { id, token };
  }

  async function afterTheReminder(id: string) {
    await moveClock(stand.database.dataSource, at('2026-06-09', '09:30', 'Europe/Paris', 0));
    await stand.engine.drain();
    const reminders = (await stand.world.messages(id)).filter(({ kind }) => kind === 'reminder');
    return reminders.map(({ state, reason }) => ({ state, reason }));
  }

  it('stops at sending for everybody on the number that is a wrong one', async () => {
    const phone = aMobile();
    const [one, other] = [await told(phone), await told(phone)];
    const sent = stand.operator.to(phone).length;
    const report = new ReportWrongPersonByLink(new ReportWrongPerson());
    await stand.database.dataSource.transaction((tx) => report.execute(tx, { token: one.token }));
    for (const { id } of [one, other]) {
      const reminders = await afterTheReminder(id);
      expect(reminders.length).toBeGreaterThan(0);
      for (const reminder of reminders)
        expect(reminder).toEqual({ state: 'suppressed', reason: 'wrong-person' });
    }
    expect(stand.operator.to(phone)).toHaveLength(sent);
  });

  it('stops at sending for everybody on a number that answered STOP', async () => {
    const phone = aMobile();
    const { id } = await told(phone);
    const reply = { operator: 'twilio', operatorMessageId: 'SMstop', from: phone, body: 'stop sms svp' };
    await stand.database.dataSource.transaction((tx) =>
      new RecordReply(new ReportWrongPerson()).execute(tx, reply),
    );
    for (const reminder of await afterTheReminder(id))
      expect(reminder).toEqual({ state: 'suppressed', reason: 'sms-refused' });
    expect(stand.operator.to(phone)).toHaveLength(1);
  });
});
