import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { isAllowed } from '../access/domain/rights.js';
import { Forbidden, NotFound } from '../shared/domain-error.js';
import { mayManageSlots } from './agenda-rules.js';
import { findSlot, type SlotView } from './slot.queries.js';

/**
 * A slot that the actor may close, reopen or resize.
 * @throws Forbidden by role, NotFound when it is not of the actor's service
 */
export async function findManagedSlot(tx: EntityManager, actor: Actor, slotId: string): Promise<SlotView> {
  if (!isAllowed(actor.role, 'slot.manage')) throw new Forbidden('slot.manage');
  const slot = await findSlot(tx, actor, slotId);
  if (!mayManageSlots(actor, slot.organizationId)) throw new NotFound('slot');
  return slot;
}
