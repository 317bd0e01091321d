import { PrepareSends } from '../../src/notifications/sending/prepare-sends.js';
import type { PreparedSend } from '../../src/notifications/sending/write-attempts.js';
import { Transaction } from '../../src/platform/transaction.js';
import type { TestDatabase } from './database.js';
import type { Engine } from './engine.js';

/** Commits the attempt of a planned summons as a worker does, and leaves its call to the test. */
export async function prepareSummons(
  { database, engine }: { readonly database: TestDatabase; readonly engine: Engine },
  convocationId: string,
): Promise<PreparedSend> {
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
