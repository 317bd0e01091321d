import type { EntityManager } from 'typeorm';
import { PrepareSends } from '../../src/notifications/sending/prepare-sends.js';
import { RecordOutcomes } from '../../src/notifications/sending/record-outcomes.js';
import { SENDING } from '../../src/platform/scope.js';
import { Transaction } from '../../src/platform/transaction.js';
import { planDueNow } from '../support/due-messages.js';
import { useStand } from '../support/stand.js';

const BATCH = 5;
const WAITING = 1500;

/** By this connection so far. */
async function rowsRead(tx: EntityManager): Promise<number> {
  const [read]: { rows: number }[] = await tx.query(
    `SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int AS rows FROM pg_stat_xact_user_tables
      WHERE relname IN ('message', 'delivery_attempt', 'convocation', 'person', 'contact')`,
  );
  return read?.rows ?? Number.NaN;
}

describe.each(['reminder', 'summons'])('the rows read for a batch of messages (%s)', (kind) => {
  /** One connection, which keeps the plans it made while almost nothing was there. */
  const stand = useStand({ DATABASE_POOL_SIZE: '1', SEND_WINDOW: '00:00-23:59' });
  beforeAll(async () => {
    await planDueNow(stand.database.dataSource, WAITING + 2 * BATCH);
    await stand.database.dataSource.query('UPDATE message SET kind = $1', [kind]);
  });

  const queue = (count: number): Promise<[{ messageId: string; epoch: number }[], number]> =>
    stand.database.dataSource.query(
      `UPDATE message SET state = 'queued', claim_epoch = claim_epoch + 1, claimed_at = app_now()
        WHERE id IN (SELECT id FROM message WHERE state = 'planned' ORDER BY id LIMIT $1)
        RETURNING id AS "messageId", claim_epoch AS epoch`,
      [count],
    );

  /** From the lock to the recorded answers of the operator. @returns rows of messages, attempts, persons… touched */
  async function rowsReadFor(jobs: readonly { messageId: string; epoch: number }[]): Promise<number> {
    const { module } = stand.engine;
    return module.get(Transaction).run(async (tx) => {
      const before = await rowsRead(tx);
      const sends = await module.get(PrepareSends).execute(tx, jobs);
      expect(sends).toHaveLength(jobs.length);
      const outcome = { result: 'accepted', operatorMessageId: null } as const;
      await module.get(RecordOutcomes).execute(
        tx,
        sends.map((send) => ({ ...send, outcome: { ...outcome, operatorMessageId: `SM${send.attemptId}` } })),
      );
      return (await rowsRead(tx)) - before;
    }, SENDING);
  }

  it('are as many whatever waits beside it', async () => {
    const [first] = await queue(BATCH);
    const alone = await rowsReadFor(first);
    const [crowd] = await queue(WAITING);
    const among = await rowsReadFor(crowd.slice(0, BATCH));
    expect(alone).toBeGreaterThan(0);
    expect(among).toBeLessThanOrEqual(alone);
  });
});
