import type { EntityManager } from 'typeorm';
import { sealingOf } from '../../platform/sealing.js';
import { CONTACTS, SEALED_COLUMNS } from './sealed-columns.js';

/** Rows that need another key than the newest. */
export async function countOldSeals(tx: EntityManager): Promise<number> {
  const sealing = sealingOf(tx);
  const counts = [CONTACTS, ...SEALED_COLUMNS].map(
    ({ table, column }) =>
      `SELECT count(*) AS n FROM ${table} WHERE substr(${column}, 1, 5) <> $1
         ${table === CONTACTS.table ? 'OR substr(value_index, 1, 4) <> $2' : ''}`,
  );
  const rows: { n: number }[] = await tx.query(
    `SELECT sum(n)::int AS n FROM (${counts.join(' UNION ALL ')}) AS counted`,
    [sealing.newestPrefix(), sealing.newestKeyId()],
  );
  return rows[0]?.n ?? 0;
}
