import type { DataSource, EntityManager } from 'typeorm';
import { DROP_CLEAR_CONTACTS } from '../../migrations/1765000000400-sealed-contacts.js';
import { type ContactKind, keepContacts } from './contacts.js';
import { sealAnswer, keyedHash } from './idempotency.js';
import { sealingOf } from './sealing.js';

interface ClearColumn {
  readonly table: string;
  readonly clear: string;
  readonly id: string;
  readonly kind: ContactKind;
  readonly where?: string;
}

/** Where releases before wrote numbers and addresses in clear. */
const CLEAR: readonly ClearColumn[] = [
  { table: 'person', clear: 'phone_e164', id: 'phone_id', kind: 'phone' },
  { table: 'person', clear: 'email', id: 'email_id', kind: 'email' },
  { table: 'phone_block', clear: 'phone_e164', id: 'phone_id', kind: 'phone' },
  { table: 'inbound_message', clear: 'phone_e164', id: 'phone_id', kind: 'phone' },
  {
    table: 'delivery_attempt',
    clear: 'recipient',
    id: 'recipient_id',
    kind: 'phone',
    where: `channel = 'sms'`,
  },
  {
    table: 'delivery_attempt',
    clear: 'recipient',
    id: 'recipient_id',
    kind: 'email',
    where: `channel = 'email'`,
  },
  { table: 'stop_link', clear: 'recipient', id: 'recipient_id', kind: 'phone', where: `recipient LIKE '+%'` },
  {
    table: 'stop_link',
    clear: 'recipient',
    id: 'recipient_id',
    kind: 'email',
    where: `recipient NOT LIKE '+%'`,
  },
];

/** Distinct values of one transaction. */
const AT_ONCE = 2_000;

/**
 * Seals what releases before left in clear, then drops the clear columns. Stopped half-way, it goes on where it was;
 * nothing is dropped while anything is left.
 *
 * As owner, processes of the release before stopped. Leaves no clear byte in the tables (they are written anew); the
 * write-ahead log and older backups still hold some until they are thrown away.
 * @returns numbers and addresses sealed; 0 when there was nothing to do
 */
export async function sealClearContacts(dataSource: DataSource): Promise<number> {
  if (!(await hasClearColumns(dataSource.manager))) return 0;
  let sealed = 0;
  for (const column of CLEAR) sealed += await sealColumn(dataSource, column);
  sealed += await sealAnswers(dataSource);
  await dataSource.transaction((tx) => tx.query(`SET LOCAL row_security = off; ${DROP_CLEAR_CONTACTS}`));
  // The bytes of a dropped column stay in the pages until each row is written again.
  for (const table of new Set(CLEAR.map(({ table: name }) => name)))
    await dataSource.query(`VACUUM FULL ${table}`);
  return sealed;
}

/** Something may still be in clear: this release must not start on it. */
export async function hasClearColumns(tx: EntityManager): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `SELECT FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name = 'person' AND column_name = 'phone_e164'`,
  );
  return rows.length > 0;
}

async function sealColumn(dataSource: DataSource, column: ClearColumn): Promise<number> {
  let last = '';
  for (let sealed = 0; ;) {
    const values = await dataSource.transaction((tx) => sealSome(tx, column, last));
    sealed += values.length;
    last = values.at(-1) ?? '';
    if (values.length < AT_ONCE) return sealed;
  }
}

/** Names are ours and never a caller's. */
async function sealSome(tx: EntityManager, column: ClearColumn, after: string): Promise<readonly string[]> {
  const { table, clear, id, kind, where = 'true' } = column;
  // Rows hidden from the owner would look sealed and be dropped: refused rather than hidden.
  await tx.query('SET LOCAL row_security = off');
  const rows: { value: string }[] = await tx.query(
    `SELECT DISTINCT ${clear} AS value FROM ${table}
      WHERE ${clear} > $1 AND ${id} IS NULL AND ${where} ORDER BY 1 LIMIT ${AT_ONCE}`,
    [after],
  );
  const values = rows.map(({ value }) => value);
  const ids = await keepContacts(tx, kind, values);
  await tx.query(
    `UPDATE ${table} SET ${id} = c.id FROM unnest($1::text[], $2::uuid[]) AS c(value, id)
      WHERE ${table}.${clear} = c.value AND ${table}.${id} IS NULL AND ${where}`,
    [values, values.map((value) => ids.get(value))],
  );
  return values;
}

interface Answer {
  readonly id: string;
  readonly hash: Buffer;
  readonly body: string;
}

/** Two days of answers to programs, told again when a request is repeated. */
async function sealAnswers(dataSource: DataSource): Promise<number> {
  for (let sealed = 0; ;) {
    const count = await dataSource.transaction(async (tx) => {
      await tx.query('SET LOCAL row_security = off');
      const rows: Answer[] = await tx.query(
        `SELECT id, request_hash AS hash, body::text AS body FROM idempotency_key
          WHERE body IS NOT NULL AND body_sealed IS NULL LIMIT ${AT_ONCE} FOR UPDATE`,
      );
      const sealing = sealingOf(tx);
      await tx.query(
        `UPDATE idempotency_key k SET body_sealed = s.body, request_hash = s.hash
           FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS s(id, body, hash) WHERE k.id = s.id`,
        [
          rows.map(({ id }) => id),
          rows.map(({ id, body }) => sealAnswer(sealing, id, body)),
          rows.map(({ hash }) => keyedHash(sealing, hash)),
        ],
      );
      return rows.length;
    });
    sealed += count;
    if (count < AT_ONCE) return sealed;
  }
}
