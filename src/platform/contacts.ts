import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { currentScope } from './scope.js';
import { CannotOpen, type Sealing, sealingOf } from './sealing.js';

/** Numbers and addresses of persons: sealed, each once in the table `contact`, named by id everywhere else. */
export type ContactKind = 'phone' | 'email';

/** Digits of the end of a number by which it can be found without knowing the rest. */
export const TAIL_DIGITS = 4;

export function contactContext(id: string): string {
  return `contact:${id}`;
}

/**
 * The contact of each of these values, made where there is none. Safe against others who write the same value at the
 * same time: the unique index decides.
 */
export async function keepContacts(
  tx: EntityManager,
  kind: ContactKind,
  values: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const known = await idsOf(tx, kind, values, HELD);
  const missing = [...new Set(values)].filter((value) => !known.has(value));
  if (missing.length === 0) return known;
  await insert(tx, kind, missing);
  return new Map([...known, ...(await idsOf(tx, kind, missing, HELD))]);
}

/** The contact of one value, made where there is none. */
export async function keepContact(tx: EntityManager, kind: ContactKind, value: string): Promise<string> {
  const id = (await keepContacts(tx, kind, [value])).get(value);
  if (id === undefined) throw new Error('a contact was taken away while it was written');
  return id;
}

/** Values that somebody has, with their ids; the others are left out. */
export function findContacts(
  tx: EntityManager,
  kind: ContactKind,
  values: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  return idsOf(tx, kind, values, '');
}

/** About to be named by another row: not to be forgotten meanwhile. */
const HELD = 'FOR KEY SHARE';

async function idsOf(
  tx: EntityManager,
  kind: ContactKind,
  values: readonly string[],
  lock: typeof HELD | '',
): Promise<ReadonlyMap<string, string>> {
  const sealing = sealingOf(tx);
  const valueOf = new Map<string, string>();
  const indexes = [...new Set(values)].flatMap((value) =>
    sealing.blindIndexes(kind, value).map((index) => {
      valueOf.set(index.toString('hex'), value);
      return index;
    }),
  );
  if (indexes.length === 0) return new Map();
  const rows: { id: string; index: Buffer }[] = await tx.query(
    `SELECT id, value_index AS index FROM contact WHERE value_index = ANY($1::bytea[]) ORDER BY value_index ${lock}`,
    [indexes],
  );
  return new Map(rows.map(({ id, index }) => [valueOf.get(index.toString('hex')) ?? '', id]));
}

/** @returns null when nobody ever had this value */
export async function findContact(
  tx: EntityManager,
  kind: ContactKind,
  value: string,
): Promise<string | null> {
  return (await findContacts(tx, kind, [value])).get(value) ?? null;
}

/**
 * Numbers that end with these digits: those whose last four have the same 16-bit index are opened and compared.
 * @param digits at least `TAIL_DIGITS` of them
 */
export async function findNumbersEndingWith(tx: EntityManager, digits: string): Promise<readonly string[]> {
  const sealing = sealingOf(tx);
  const rows: { id: string; sealed: Buffer }[] = await tx.query(
    'SELECT id, value_sealed AS sealed FROM contact WHERE tail_index = ANY($1::bytea[])',
    [sealing.shortIndexes('phone-tail', digits.slice(-TAIL_DIGITS))],
  );
  return rows.filter((row) => openContact(tx, row.id, row.sealed)?.endsWith(digits)).map(({ id }) => id);
}

/** @throws CannotOpen; null for no contact */
export function openContact(
  tx: Pick<EntityManager, 'dataSource'>,
  id: string | null,
  sealed: Buffer | null,
): string | null {
  return id === null || sealed === null ? null : sealingOf(tx).open(sealed, contactContext(id));
}

/** As `openContact`; undefined for one that cannot be opened, where the others of a list must not suffer from it. */
export function tryContact(
  tx: Pick<EntityManager, 'dataSource'>,
  id: string | null,
  sealed: Buffer | null,
): string | null | undefined {
  try {
    return openContact(tx, id, sealed);
  } catch (error) {
    if (error instanceof CannotOpen) return undefined;
    throw error;
  }
}

/** Index of the last four digits, or null for what is no number. */
export function tailIndex(sealing: Sealing, kind: ContactKind, value: string): Buffer | null {
  const tail = value.replace(/\D/g, '').slice(-TAIL_DIGITS);
  return kind === 'phone' && tail.length === TAIL_DIGITS ? sealing.shortIndex('phone-tail', tail) : null;
}

/** Of one run. */
const MOST_FORGOTTEN = 5_000;

/**
 * Deletes numbers and addresses that no person, message, reply, link or block names any more. For a worker: whoever does
 * not see every row would take what others name for forgotten.
 */
export async function forgetContacts(tx: EntityManager): Promise<void> {
  if (currentScope().kind !== 'worker') throw new Error('contacts are forgotten by workers only');
  await tx.query(
    `DELETE FROM contact WHERE id IN (
       SELECT c.id FROM contact c
        WHERE c.created_at < app_now() - interval '1 day'
          AND NOT EXISTS (SELECT FROM person WHERE phone_id = c.id)
          AND NOT EXISTS (SELECT FROM person WHERE email_id = c.id)
          AND NOT EXISTS (SELECT FROM phone_block WHERE phone_id = c.id)
          AND NOT EXISTS (SELECT FROM inbound_message WHERE phone_id = c.id)
          AND NOT EXISTS (SELECT FROM delivery_attempt WHERE recipient_id = c.id)
          AND NOT EXISTS (SELECT FROM stop_link WHERE recipient_id = c.id)
        LIMIT $1 FOR UPDATE OF c SKIP LOCKED)`,
    [MOST_FORGOTTEN],
  );
}

/** In the order of their indexes, so that two that write the same values wait for each other and never cross. */
async function insert(tx: EntityManager, kind: ContactKind, values: readonly string[]): Promise<void> {
  const sealing = sealingOf(tx);
  const rows = values
    .map((value) => {
      const id = randomUUID();
      return {
        id,
        sealed: sealing.seal(value, contactContext(id)),
        index: sealing.blindIndex(kind, value),
        tail: tailIndex(sealing, kind, value),
      };
    })
    .sort((a, b) => Buffer.compare(a.index, b.index));
  await tx.query(
    `INSERT INTO contact (id, kind, value_sealed, value_index, tail_index)
     SELECT id, $1, sealed, index, tail
       FROM unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[]) AS c(id, sealed, index, tail)
     ON CONFLICT (value_index) DO NOTHING`,
    [
      kind,
      rows.map(({ id }) => id),
      rows.map(({ sealed }) => sealed),
      rows.map(({ index }) => index),
      rows.map(({ tail }) => tail),
    ],
  );
}
