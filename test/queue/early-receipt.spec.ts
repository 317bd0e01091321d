import { PrepareSends } from '../../src/notifications/sending/prepare-sends.js';
import { RecordOutcomes } from '../../src/notifications/sending/record-outcomes.js';
import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { Transaction } from '../../src/platform/transaction.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { at, World } from '../support/world.js';

describe('a receipt that comes before our own answer is written', () => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engine: Engine;
  let world: World;

  beforeAll(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    engine = await startEngine(database, operator);
    world = new World(database.dataSource, engine);
    await moveClock(database.dataSource, at('2026-06-01', '10:00'));
  });
  afterAll(async () => {
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  it.each([
    ['delivered', 'accepted', 'delivered'],
    ['undelivered', 'accepted', 'undelivered'],
    ['sent', 'accepted', 'accepted'],
    // The answer was lost on its way, and the receipt already said what came of it.
    ['delivered', 'uncertain', 'delivered'],
  ] as const)('is kept: %s, then our answer %s, gives %s', async (status, answer, state) => {
    const id = await world.book({ date: '2026-06-10', time: '09:30', notify: true });
    const attempt = await prepare(id);
    const sid = `SM${attempt.attemptId}`;
    const { module } = engine;
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
    expect(await world.state(id, 'summons')).toBe(state);
    const rows: { operator_message_id: string; next_lookup_at: Date | null }[] =
      await database.dataSource.query(
        'SELECT operator_message_id, next_lookup_at FROM delivery_attempt WHERE id = $1',
        [attempt.attemptId],
      );
    expect(rows).toEqual([{ operator_message_id: sid, next_lookup_at: null }]);
  });

  async function prepare(convocationId: string) {
    const [rows]: [{ messageId: string; epoch: number }[], number] = await database.dataSource.query(
      `UPDATE message SET state = 'queued', claimed_at = app_now(), claim_epoch = claim_epoch + 1
        WHERE convocation_id = $1 AND kind = 'summons' RETURNING id AS "messageId", claim_epoch AS epoch`,
      [convocationId],
    );
    const { module } = engine;
    const prepared = await module.get(Transaction).run((tx) => module.get(PrepareSends).execute(tx, rows));
    const [attempt] = prepared;
    if (attempt === undefined) throw new Error('nothing was prepared');
    return attempt;
  }
});
