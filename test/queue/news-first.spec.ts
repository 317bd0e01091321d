import { PrepareSends } from '../../src/notifications/sending/prepare-sends.js';
import { Transaction } from '../../src/platform/transaction.js';
import { moveClock } from '../support/database.js';
import { useStand } from '../support/stand.js';
import { aMobile, at } from '../support/world.js';

/** A batch may take the reminder, and another worker's the news, though both are due at the same minute. */
describe('a reminder that is due with news for the same person', () => {
  const stand = useStand();
  const query = (sql: string, values: readonly unknown[]) =>
    stand.database.dataSource.query(sql, [...values]);
  const clock = (date: string, time: string) => moveClock(stand.database.dataSource, at(date, time));

  /** At eight, when the window opens: a reminder of the morrow, and a summons booked the evening before. */
  const opening = async (useful?: string) => {
    await clock('2026-06-01', '10:00');
    const phone = aMobile();
    const personId = await stand.world.person({ phone });
    const reminded = await stand.world.book({ date: '2026-06-10', time: '08:00', personId });
    await clock('2026-06-08', '21:00');
    const summoned = await stand.world.book({ date: '2026-06-20', time: '14:00', personId, notify: true });
    if (useful !== undefined)
      await query('UPDATE message SET useful_until = $2 WHERE convocation_id = $1', [reminded, useful]);
    await clock('2026-06-09', '08:00');
    return { phone, reminded, summoned };
  };

  const prepareAlone = async (convocationId: string) => {
    const [[job]]: [{ messageId: string; epoch: number }[], number] = await query(
      `UPDATE message SET state = 'queued', claimed_at = app_now(), claim_epoch = claim_epoch + 1
        WHERE convocation_id = $1 AND state = 'planned' AND due_at <= app_now()
      RETURNING id AS "messageId", claim_epoch AS epoch`,
      [convocationId],
    );
    const { module } = stand.engine;
    const prepare = module.get(PrepareSends);
    return module.get(Transaction).run((tx) => prepare.execute(tx, job === undefined ? [] : [job]));
  };

  it('lets it leave first, in whichever batch it is, and follows three hours later', async () => {
    const { phone, reminded } = await opening();
    expect(await prepareAlone(reminded)).toEqual([]);
    await stand.engine.drain();
    await clock('2026-06-09', '08:02');
    await stand.engine.drain();
    expect(stand.operator.to(phone).map(({ body }) => body.includes('20 juin'))).toEqual([true]);
    await clock('2026-06-09', '11:01');
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(2);
    expect(await stand.world.state(reminded, 'reminder')).toBe('accepted');
  });

  it('waits for nothing where it would be of no use three hours later', async () => {
    const { reminded } = await opening(at('2026-06-09', '10:30'));
    expect(await prepareAlone(reminded)).toHaveLength(1);
  });

  it('waits for nothing that holds no longer', async () => {
    const { reminded, summoned } = await opening();
    await query(`UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`, [
      summoned,
    ]);
    expect(await prepareAlone(reminded)).toHaveLength(1);
  });
});
