import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { SlotView } from './slot.queries.js';

export interface ReopenSlotCommand {
  readonly slotId: string;
}

@Injectable()
export class ReopenSlot {
  execute(tx: EntityManager, command: ReopenSlotCommand, actor: Actor): Promise<SlotView> {
    throw new Error('skeleton');
  }
}
