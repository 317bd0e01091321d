import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';

export interface OpenSlotsCommand {
  readonly agendaId: string;
  readonly typeCode: string;
  readonly dates: readonly string[];
  readonly times: readonly string[];
  readonly durationMinutes: number;
  readonly capacity: number;
}

@Injectable()
export class OpenSlots {
  execute(
    tx: EntityManager,
    command: OpenSlotsCommand,
    actor: Actor,
  ): Promise<{
    readonly opened: number;
    readonly skipped: readonly { date: string; time: string; reason: string }[];
  }> {
    throw new Error('skeleton');
  }
}
