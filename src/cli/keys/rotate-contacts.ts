import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { type ContactKind, contactContext, tailIndex, tryContact } from '../../platform/contacts.js';
import { type Sealing, sealingOf } from '../../platform/sealing.js';

interface Row {
  readonly id: string;
  readonly kind: ContactKind;
  readonly sealed: Buffer;
}

interface Renewed {
  readonly id: string;
  readonly sealed: Buffer;
  readonly index: Buffer;
  readonly tail: Buffer | null;
}

export interface Batch {
  readonly renewed: number;
  /** Could not be opened by any key listed. */
  readonly unreadable: number;
  /** Where the next batch begins; null: this was the last one. */
  readonly next: string | null;
}

/** Whatever names a contact. */
const REFERENCES = [
  ['person', 'phone_id'],
  ['person', 'email_id'],
  ['inbound_message', 'phone_id'],
  ['delivery_attempt', 'recipient_id'],
  ['stop_link', 'recipient_id'],
] as const;

/**
 * Seals and indexes some contacts under the newest key, those that somebody holds just now left for later. A row
 * changes as a whole, and others name it by id: equality between tables never depends on how far the rotation is.
 */
export async function rotateContacts(tx: EntityManager, after: string, most: number): Promise<Batch> {
  const sealing = sealingOf(tx);
  const rows: Row[] = await tx.query(
    `SELECT id, kind, value_sealed AS sealed FROM contact
      WHERE id > $1 AND (substr(value_sealed, 1, 5) <> $2 OR substr(value_index, 1, 4) <> $3)
      ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED`,
    [after, sealing.newestPrefix(), sealing.newestKeyId(), most],
  );
  const renewed = rows.flatMap((row) => renew(tx, sealing, row) ?? []);
  const twins = await twinsOf(tx, renewed);
  await write(
    tx,
    renewed.map((row) => (twins.has(row.id) ? retired(sealing, row) : row)),
  );
  for (const [from, to] of twins) await merge(tx, from, to);
  const last = rows.at(-1);
  return {
    renewed: renewed.length,
    unreadable: rows.length - renewed.length,
    next: last !== undefined && rows.length === most ? last.id : null,
  };
}

function renew(tx: EntityManager, sealing: Sealing, { id, kind, sealed }: Row): Renewed | undefined {
  const value = tryContact(tx, id, sealed);
  if (value == null) return undefined;
  return {
    id,
    sealed: sealing.seal(value, contactContext(id)),
    index: sealing.blindIndex(kind, value),
    tail: tailIndex(sealing, kind, value),
  };
}

/** The same value under another key, written by a process that did not have both of them: id to id. */
async function twinsOf(tx: EntityManager, rows: readonly Renewed[]): Promise<ReadonlyMap<string, string>> {
  const found: { id: string; index: Buffer }[] = await tx.query(
    'SELECT id, value_index AS index FROM contact WHERE value_index = ANY($1::bytea[])',
    [rows.map(({ index }) => index)],
  );
  const taken = new Map(found.map(({ id, index }) => [index.toString('hex'), id]));
  const twins = new Map<string, string>();
  for (const { id, index } of rows) {
    const holder = taken.get(index.toString('hex'));
    if (holder === undefined) taken.set(index.toString('hex'), id);
    else if (holder !== id) twins.set(id, holder);
  }
  return twins;
}

/** Nobody finds it any more; a call that is under way still opens it. */
function retired(sealing: Sealing, row: Renewed): Renewed {
  return { ...row, index: Buffer.concat([sealing.newestKeyId(), randomBytes(16)]), tail: null };
}

async function write(tx: EntityManager, rows: readonly Renewed[]): Promise<void> {
  await tx.query(
    `UPDATE contact c SET value_sealed = n.sealed, value_index = n.index, tail_index = n.tail
       FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[]) AS n(id, sealed, index, tail)
      WHERE c.id = n.id`,
    [
      rows.map(({ id }) => id),
      rows.map(({ sealed }) => sealed),
      rows.map(({ index }) => index),
      rows.map(({ tail }) => tail),
    ],
  );
}

async function merge(tx: EntityManager, from: string, to: string): Promise<void> {
  for (const [table, column] of REFERENCES)
    await tx.query(`UPDATE ${table} SET ${column} = $2 WHERE ${column} = $1`, [from, to]);
  await tx.query(
    `INSERT INTO phone_block (phone_id, since, origin, first_lift_by_agent_id, first_lift_at)
     SELECT $2, since, origin, first_lift_by_agent_id, first_lift_at FROM phone_block WHERE phone_id = $1
     ON CONFLICT (phone_id) DO NOTHING`,
    [from, to],
  );
  await tx.query('DELETE FROM phone_block WHERE phone_id = $1', [from]);
}
