import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { SlotView } from './slot.queries.js';

export interface CloseSlotCommand {
  readonly slotId: string;
}

@Injectable()
export class CloseSlot {
  execute(tx: EntityManager, command: CloseSlotCommand, actor: Actor): Promise<SlotView> {
    throw new Error('skeleton');
  }
}
