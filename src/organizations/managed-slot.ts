import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { may } from '../access/domain/rights.js';
import { Forbidden, NotFound } from '../shared/domain-error.js';
import { loadType, mayManageSlots, refuseUnmanagedType } from './agenda-rules.js';
import { findSlot, type SlotView } from './slot.queries.js';

/**
 * A slot that the actor may close, reopen or resize.
 * @throws Forbidden by role, NotFound when it is not of the actor's service, TypeNotAllowed
 */
export async function findManagedSlot(tx: EntityManager, actor: Actor, slotId: string): Promise<SlotView> {
  if (!may(actor, 'slot.manage')) throw new Forbidden('slot.manage');
  const slot = await findSlot(tx, actor, slotId);
  if (!mayManageSlots(actor, slot.organizationId)) throw new NotFound('slot');
  refuseUnmanagedType(actor, await loadType(tx, slot.typeCode));
  return slot;
}
