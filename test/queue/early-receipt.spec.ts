import { RecordOutcomes } from '../../src/notifications/sending/record-outcomes.js';
import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { Transaction } from '../../src/platform/transaction.js';
import { moveClock } from '../support/database.js';
import { prepareSummons } from '../support/prepare-summons.js';
import { useStand } from '../support/stand.js';
import { at } from '../support/world.js';

describe('a receipt that comes before our own answer is written', () => {
  const stand = useStand();
  beforeAll(async () => {
    await moveClock(stand.database.dataSource, at('2026-06-01', '10:00'));
  });

  it.each([
    ['delivered', 'accepted', 'delivered'],
    ['undelivered', 'accepted', 'undelivered'],
    ['sent', 'accepted', 'accepted'],
    // The answer was lost on its way, and the receipt already said what came of it.
    ['delivered', 'uncertain', 'delivered'],
  ] as const)('is kept: %s, then our answer %s, gives %s', async (status, answer, state) => {
    const id = await stand.world.book({ date: '2026-06-10', time: '09:30', notify: true });
    const attempt = await prepareSummons(stand, id);
    const sid = `SM${attempt.attemptId}`;
    const { module } = stand.engine;
    const receipt = { operatorMessageId: sid, status, errorCode: null };
    const token = attempt.callbackUrl.split('/').at(-1) ?? '';
    const inTurn = module.get(Transaction);
    expect(await inTurn.run((tx) => module.get(RecordReceipt).execute(tx, token, receipt))).toBe(true);
    const outcome =
      answer === 'accepted'
        ? { result: answer, operatorMessageId: sid }
        : { result: answer, errorCode: 'ECONNRESET' };
    await inTurn.run((tx) =>
      module
        .get(RecordOutcomes)
        .execute(tx, [{ attemptId: attempt.attemptId, number: 1, operator: 'twilio', outcome }]),
    );
    expect(await stand.world.state(id, 'summons')).toBe(state);
    const rows: { operator_message_id: string; next_lookup_at: Date | null }[] =
      await stand.database.dataSource.query(
        'SELECT operator_message_id, next_lookup_at FROM delivery_attempt WHERE id = $1',
        [attempt.attemptId],
      );
    expect(rows).toEqual([{ operator_message_id: sid, next_lookup_at: null }]);
  });
});
