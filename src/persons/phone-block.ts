import type { EntityManager } from 'typeorm';
import { recordHistory } from './history.js';

export type BlockOrigin = 'link' | 'reply' | 'agent';

/** Why and by which text a number is said to be a wrong one. */
export interface WrongNumber {
  /** The contact of the number. */
  readonly phoneId: string;
  readonly origin: BlockOrigin;
}

/**
 * Nothing leaves to this number any more, whoever is registered with it; history says so for each of them. Said
 * again, it only takes back a lift that one agent has asked for.
 * @returns the persons registered with the number; none when it was blocked already
 */
export async function blockPhone(tx: EntityManager, wrong: WrongNumber): Promise<readonly string[]> {
  if (!(await block(tx, wrong.phoneId, wrong.origin))) return [];
  const personIds = await personsWith(tx, wrong.phoneId);
  for (const personId of personIds)
    await recordHistory(tx, null, { event: 'phone.blocked', personId, detail: { origin: wrong.origin } });
  return personIds;
}

/**
 * Nothing leaves to this address any more, whoever is registered with it. Said again, it only takes back a lift that
 * one agent has asked for. The table is the one of numbers: both are contacts.
 * @returns the persons registered with the address; none when it was blocked already
 */
export async function blockEmail(tx: EntityManager, emailId: string): Promise<readonly string[]> {
  if (!(await block(tx, emailId, 'link'))) return [];
  return personsAt(tx, emailId);
}

/** Everybody registered with an address, archived or not, always in the same order. */
export async function personsAt(tx: EntityManager, emailId: string): Promise<readonly string[]> {
  const rows: { id: string }[] = await tx.query('SELECT id FROM person WHERE email_id = $1 ORDER BY id', [
    emailId,
  ]);
  return rows.map(({ id }) => id);
}

/** @returns false when it was blocked already */
async function block(tx: EntityManager, contactId: string, origin: BlockOrigin): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `INSERT INTO phone_block (phone_id, origin) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING phone_id`,
    [contactId, origin],
  );
  if (rows.length > 0) return true;
  await tx.query(
    `UPDATE phone_block SET first_lift_by_agent_id = NULL, first_lift_at = NULL
      WHERE phone_id = $1 AND first_lift_by_agent_id IS NOT NULL`,
    [contactId],
  );
  return false;
}

/** Everybody registered with a number, archived or not, always in the same order. */
export async function personsWith(tx: EntityManager, phoneId: string): Promise<readonly string[]> {
  const rows: { id: string }[] = await tx.query('SELECT id FROM person WHERE phone_id = $1 ORDER BY id', [
    phoneId,
  ]);
  return rows.map(({ id }) => id);
}
