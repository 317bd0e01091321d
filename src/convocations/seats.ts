import type { EntityManager } from 'typeorm';
import { NotFound } from '../shared/domain-error.js';
import { SlotClosed, SlotFull } from './domain/convocation.rules.js';

/**
 * One seat more, if one is left: the row lock makes racing agents queue, the constraint of the table is the wall
 * behind it.
 * @throws SlotFull, SlotClosed, NotFound
 */
export async function takeSeat(tx: EntityManager, slotId: string): Promise<void> {
  const [, taken]: [unknown, number] = await tx.query(
    `UPDATE slot SET seats_taken = seats_taken + 1
     WHERE id = $1 AND closed_at IS NULL AND seats_taken < capacity`,
    [slotId],
  );
  if (taken === 0) throw await whyNot(tx, slotId);
}

export async function freeSeat(tx: EntityManager, slotId: string): Promise<void> {
  await tx.query('UPDATE slot SET seats_taken = seats_taken - 1 WHERE id = $1', [slotId]);
}

/** From one slot to another, whichever of them is null; both rows are locked in one order, so that two exchanges never wait for each other. */
export async function moveSeat(tx: EntityManager, from: string | null, to: string | null): Promise<void> {
  if (from === to) return;
  await tx.query('SELECT FROM slot WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', [
    [from, to].filter((id) => id !== null),
  ]);
  if (to !== null) await takeSeat(tx, to);
  if (from !== null) await freeSeat(tx, from);
}

async function whyNot(tx: EntityManager, slotId: string): Promise<SlotFull | SlotClosed | NotFound> {
  const rows: { closed: boolean }[] = await tx.query(
    'SELECT closed_at IS NOT NULL AS closed FROM slot WHERE id = $1',
    [slotId],
  );
  const slot = rows[0];
  if (slot === undefined) return new NotFound('slot');
  return slot.closed ? new SlotClosed(slotId) : new SlotFull(slotId);
}
