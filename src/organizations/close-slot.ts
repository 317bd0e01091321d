import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { findManagedSlot } from './managed-slot.js';
import { findSlot, type SlotView } from './slot.queries.js';

export interface CloseSlotCommand {
  readonly slotId: string;
}

/** Nobody else is booked in it; those who are keep their seat. Again changes nothing. */
@Injectable()
export class CloseSlot {
  /** @throws Forbidden, NotFound */
  async execute(tx: EntityManager, command: CloseSlotCommand, actor: Actor): Promise<SlotView> {
    const slot = await findManagedSlot(tx, actor, command.slotId);
    await tx.query('UPDATE slot SET closed_at = app_now() WHERE id = $1 AND closed_at IS NULL', [slot.id]);
    return findSlot(tx, actor, slot.id);
  }
}
