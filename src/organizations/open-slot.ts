import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { SlotView } from './slot.queries.js';

export interface OpenSlotCommand {
  readonly agendaId: string;
  readonly typeCode: string;
  /** Wall clock at the place. */
  readonly date: string;
  readonly time: string;
  readonly durationMinutes: number;
  readonly capacity: number;
}

@Injectable()
export class OpenSlot {
  execute(tx: EntityManager, command: OpenSlotCommand, actor: Actor): Promise<SlotView> {
    throw new Error('skeleton');
  }
}
