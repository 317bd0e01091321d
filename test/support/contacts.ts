import type { DataSource, EntityManager } from 'typeorm';
import { keepContact, openContact } from '../../src/platform/contacts.js';

/** The contact of a number or an address, made where there is none. */
export async function contactId(
  dataSource: DataSource,
  value: string | null | undefined,
): Promise<string | null> {
  if (value == null) return null;
  return keepContact(dataSource.manager, value.includes('@') ? 'email' : 'phone', value);
}

/** Somebody said that this number is not theirs, and nobody has lifted it. */
export async function isBlocked(tx: EntityManager, phoneId: string): Promise<boolean> {
  const rows: unknown[] = await tx.query('SELECT FROM phone_block WHERE phone_id = $1', [phoneId]);
  return rows.length > 0;
}

/** Every number and address of the database, opened, by the id of its contact. */
export async function openedContacts(dataSource: DataSource): Promise<ReadonlyMap<string, string>> {
  const rows: { id: string; sealed: Buffer }[] = await dataSource.query(
    'SELECT id, value_sealed AS sealed FROM contact',
  );
  return new Map(rows.map(({ id, sealed }) => [id, openContact(dataSource.manager, id, sealed) ?? '']));
}

/** The number a person is registered with. */
export async function phoneOf(dataSource: DataSource, personId: string): Promise<string | null> {
  const rows: { id: string | null; sealed: Buffer | null }[] = await dataSource.query(
    `SELECT p.phone_id AS id, c.value_sealed AS sealed
       FROM person p LEFT JOIN contact c ON c.id = p.phone_id WHERE p.id = $1`,
    [personId],
  );
  return openContact(dataSource.manager, rows[0]?.id ?? null, rows[0]?.sealed ?? null);
}
