import type { EntityManager } from 'typeorm';
import { CannotOpen, type Sealing, sealingOf } from '../../platform/sealing.js';
import type { Batch } from './rotate-contacts.js';
import type { SealedColumn } from './sealed-columns.js';

interface Row {
  readonly key: string;
  /** Where the row lies; it stays there while we hold it. */
  readonly place: string;
  readonly sealed: Buffer;
}

/** Seals some rows of a column under the newest key, those that somebody holds just now left for later. */
export async function rotateColumn(
  tx: EntityManager,
  sealedColumn: SealedColumn,
  after: string,
  most: number,
): Promise<Batch> {
  const { table, column, key } = sealedColumn;
  const sealing = sealingOf(tx);
  const rows: Row[] = await tx.query(
    `SELECT ${key} AS key, ctid::text AS place, ${column} AS sealed FROM ${table}
      WHERE ${key} > $1 AND substr(${column}, 1, 5) <> $2 ORDER BY ${key} LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [after, sealing.newestPrefix(), most],
  );
  const renewed = rows.flatMap((row) => renew(sealing, sealedColumn, row) ?? []);
  await tx.query(
    `UPDATE ${table} SET ${column} = n.sealed FROM unnest($1::tid[], $2::bytea[]) AS n(place, sealed)
      WHERE ${table}.ctid = n.place`,
    [renewed.map(({ place }) => place), renewed.map(({ sealed }) => sealed)],
  );
  const last = rows.at(-1);
  return {
    renewed: renewed.length,
    unreadable: rows.length - renewed.length,
    next: last !== undefined && rows.length === most ? last.key : null,
  };
}

function renew(sealing: Sealing, { context }: SealedColumn, row: Row): Row | undefined {
  try {
    const plain = sealing.open(row.sealed, context(row.key));
    return { ...row, sealed: sealing.seal(plain, context(row.key)) };
  } catch (error) {
    if (error instanceof CannotOpen) return undefined;
    throw error;
  }
}
