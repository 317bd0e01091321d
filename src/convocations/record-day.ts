import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { Outcome } from './record-attendance.js';

export interface RecordDayCommand {
  /** One outcome for each convocation the agent saw: « tous présents sauf… » names all of them. */
  readonly outcomes: readonly { readonly convocationId: string; readonly outcome: Outcome }[];
  /** Tells those who missed. */
  readonly notify: boolean;
}

@Injectable()
export class RecordDay {
  execute(
    tx: EntityManager,
    command: RecordDayCommand,
    actor: Actor,
  ): Promise<{ readonly recorded: number; readonly skipped: readonly string[] }> {
    throw new Error('skeleton');
  }
}
