import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { describeBackends } from '../support/backends.js';
import { moveClock } from '../support/database.js';
import { PUBLIC_BASE_URL, startEngine } from '../support/engine.js';
import { useStand } from '../support/stand.js';
import { aMobile, at } from '../support/world.js';

describeBackends('a text whose fate is learnt later', (backend) => {
  // One connection: a task or a send that held two would wait for itself.
  const stand = useStand({ REDIS_URL: backend.redisUrl, DATABASE_POOL_SIZE: '1' });

  beforeEach(() => {
    stand.operator.behaviour = () => 'accept';
    stand.operator.listAnswers = true;
  });

  const clock = (date: string, time: string, zone = 'Europe/Paris', minutes = 0) =>
    moveClock(stand.database.dataSource, at(date, time, zone, minutes));
  const token = (index: number) =>
    stand.operator.accepted[index]?.callback?.replace(`${PUBLIC_BASE_URL}/hooks/twilio/status/`, '') ?? '';

  it.each(['accept-then-500', 'accept-then-reset'] as const)(
    'adopts what the operator took: %s',
    async (behaviour) => {
      await clock('2026-06-03', '10:00');
      stand.operator.behaviour = () => behaviour;
      const phone = aMobile();
      const id = await stand.world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
      await stand.engine.drain();
      expect(await stand.world.state(id, 'summons')).toBe('uncertain');
      await clock('2026-06-03', '10:00', 'Europe/Paris', 1);
      await stand.engine.run('resolve');
      expect(await stand.world.state(id, 'summons')).toBe('accepted');
      await clock('2026-06-03', '10:20');
      await stand.engine.run('resolve');
      await stand.engine.drain();
      expect(stand.operator.to(phone)).toHaveLength(1);
    },
  );

  it('sends once more, flagged, what the operator never had, and expires it when in doubt again', async () => {
    await clock('2026-06-03', '11:00');
    stand.operator.behaviour = () => 'refuse-500';
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
    await stand.engine.drain();
    for (const minutes of [1, 3]) {
      await clock('2026-06-03', '11:00', 'Europe/Paris', minutes);
      await stand.engine.run('resolve');
      expect(await stand.world.state(id, 'summons')).toBe('uncertain');
    }
    await clock('2026-06-03', '11:06');
    await stand.engine.run('resolve');
    await stand.engine.drain();
    const [again] = await stand.world.messages(id);
    expect(again).toMatchObject({ state: 'uncertain', possible_duplicate: true, attempts: 2 });
    for (const minutes of [7, 9, 12]) {
      await clock('2026-06-03', '11:00', 'Europe/Paris', minutes);
      await stand.engine.run('resolve');
    }
    expect((await stand.world.messages(id))[0]).toMatchObject({ state: 'expired', reason: 'in-doubt-twice' });
    expect(stand.operator.to(phone)).toHaveLength(0);
  });

  it('decides nothing while the operator does not show its list', async () => {
    await clock('2026-06-03', '12:00');
    stand.operator.behaviour = () => 'accept-then-500';
    stand.operator.listAnswers = false;
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
    await stand.engine.drain();
    await clock('2026-06-03', '12:10');
    await stand.engine.run('resolve');
    expect(await stand.world.state(id, 'summons')).toBe('uncertain');
    stand.operator.listAnswers = true;
    await clock('2026-06-03', '12:12');
    await stand.engine.run('resolve');
    expect(await stand.world.state(id, 'summons')).toBe('accepted');
    expect(stand.operator.to(phone)).toHaveLength(1);
  });

  it('ends with an agent a doubt about what is useful no longer, though the list is never shown', async () => {
    await clock('2026-06-03', '14:00');
    stand.operator.behaviour = () => 'accept-then-500';
    stand.operator.listAnswers = false;
    const id = await stand.world.book({ date: '2026-06-03', time: '16:00', notify: true });
    await stand.engine.drain();
    const later = async (time: string) => {
      await clock('2026-06-03', time);
      for (const task of ['resolve', 'sweep', 'follow-up'] as const) await stand.engine.run(task);
    };
    await later('14:59');
    expect(await stand.world.state(id, 'summons')).toBe('uncertain');
    await later('15:00');
    expect((await stand.world.messages(id))[0]).toMatchObject({ state: 'expired', reason: 'in-doubt' });
    expect(await resultsAndTasks(id)).toEqual({ results: ['abandoned'], tasks: ['in-doubt'] });
    const index = stand.operator.accepted.length - 1;
    await receive(token(index), stand.operator.accepted[index]?.sid ?? '', 'delivered');
    expect(await stand.world.state(id, 'summons')).toBe('expired');
    expect((await resultsAndTasks(id)).results).toEqual(['delivered']);
  });

  it('leaves a doubt its last look-up, also when the message is useful no longer', async () => {
    await clock('2026-06-03', '16:57');
    stand.operator.behaviour = () => 'accept-then-500';
    const id = await stand.world.book({ date: '2026-06-03', time: '18:00', notify: true });
    await stand.engine.drain();
    await clock('2026-06-03', '17:02');
    await stand.engine.run('sweep');
    expect(await stand.world.state(id, 'summons')).toBe('uncertain');
    await stand.engine.run('resolve');
    expect(await stand.world.state(id, 'summons')).toBe('accepted');
  });

  it('ends the doubt about an e-mail where no operator of texts is on', async () => {
    await clock('2026-06-03', '19:00');
    stand.operator.behaviour = () => 'accept-then-500';
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', notify: true });
    await stand.engine.drain();
    await stand.database.dataSource.query(
      `UPDATE delivery_attempt SET channel = 'email', operator = 'smtp'
        WHERE message_id IN (SELECT id FROM message WHERE convocation_id = $1)`,
      [id],
    );
    const mailOnly = await startEngine(stand.database, stand.operator, {
      REDIS_URL: backend.redisUrl,
      SMS_PROVIDERS: '',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'Mon Suivi Justice <no-reply@msj.example>',
    });
    await clock('2026-06-03', '19:06');
    await mailOnly.run('resolve');
    await mailOnly.stop();
    expect((await stand.world.messages(id))[0]).toMatchObject({ state: 'planned', possible_duplicate: true });
    await stand.database.dataSource.query(
      `UPDATE message SET state = 'withdrawn' WHERE state = 'planned' AND convocation_id = $1`,
      [id],
    );
  });

  it('reaches the same end whatever the order and the number of receipts', async () => {
    await clock('2026-06-04', '10:00');
    const statuses = ['queued', 'sent', 'delivered'];
    for (const order of permutations([...statuses, 'delivered'])) {
      const id = await stand.world.book({ date: '2026-06-12', time: '09:30', notify: true });
      await stand.engine.drain();
      const index = stand.operator.accepted.length - 1;
      for (const status of order)
        await receive(token(index), stand.operator.accepted[index]?.sid ?? '', status);
      expect(await stand.world.state(id, 'summons')).toBe('delivered');
    }
  });

  it('keeps the first of two conflicting ends and shows the other', async () => {
    await clock('2026-06-04', '11:00');
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', notify: true });
    await stand.engine.drain();
    const index = stand.operator.accepted.length - 1;
    const sid = stand.operator.accepted[index]?.sid ?? '';
    await receive(token(index), sid, 'delivered');
    await receive(token(index), sid, 'failed');
    expect(await stand.world.state(id, 'summons')).toBe('delivered');
    const rows: { conflicting_status: string }[] = await stand.database.dataSource.query(
      'SELECT conflicting_status FROM delivery_attempt WHERE operator_message_id = $1',
      [sid],
    );
    expect(rows[0]?.conflicting_status).toBe('failed');
  });

  it('adopts a doubtful send from its receipt alone', async () => {
    await clock('2026-06-04', '12:00');
    stand.operator.behaviour = () => 'accept-then-500';
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', notify: true });
    await stand.engine.drain();
    const index = stand.operator.accepted.length - 1;
    await receive(token(index), stand.operator.accepted[index]?.sid ?? '', 'sent');
    expect(await stand.world.state(id, 'summons')).toBe('accepted');
    expect(await receive('x'.repeat(22), 'SM1', 'sent')).toBe(false);
  });

  it('finds again what was claimed and lost by the queue', async () => {
    await clock('2026-06-05', '10:00');
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
    await stand.database.dataSource.query(
      `UPDATE message SET state = 'queued', claim_epoch = 1, claimed_at = app_now() WHERE convocation_id = $1 AND kind = 'summons'`,
      [id],
    );
    await stand.engine.run('sweep');
    expect(await stand.world.state(id, 'summons')).toBe('queued');
    await clock('2026-06-05', '10:06');
    await stand.engine.run('sweep');
    await stand.engine.drain();
    expect(await stand.world.state(id, 'summons')).toBe('accepted');
    expect(stand.operator.to(phone)).toHaveLength(1);
  });

  async function resultsAndTasks(id: string): Promise<{ results: string[]; tasks: string[] }> {
    const rows: { results: string[]; tasks: string[] }[] = await stand.database.dataSource.query(
      `SELECT ARRAY(SELECT a.result FROM delivery_attempt a JOIN message m ON m.id = a.message_id
                     WHERE m.convocation_id = $1) AS results,
              ARRAY(SELECT reason FROM agent_task WHERE convocation_id = $1) AS tasks`,
      [id],
    );
    return rows[0] ?? { results: [], tasks: [] };
  }

  async function receive(tokenOfAttempt: string, sid: string, status: string): Promise<boolean> {
    const useCase = stand.engine.module.get(RecordReceipt);
    return stand.database.dataSource.transaction((tx) =>
      useCase.execute(tx, tokenOfAttempt, { operatorMessageId: sid, status, errorCode: null }),
    );
  }
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_other, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
