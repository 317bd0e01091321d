import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { SlotView } from './slot.queries.js';

export interface ChangeCapacityCommand {
  readonly slotId: string;
  readonly capacity: number;
}

@Injectable()
export class ChangeCapacity {
  execute(tx: EntityManager, command: ChangeCapacityCommand, actor: Actor): Promise<SlotView> {
    throw new Error('skeleton');
  }
}
