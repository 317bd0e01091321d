import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { ConvocationView } from './convocation.queries.js';

export type Outcome = 'attend' | 'miss' | 'excuse';

export interface RecordAttendanceCommand {
  readonly convocationId: string;
  readonly outcome: Outcome;
  /** A missed one: tells the person so. */
  readonly notify: boolean;
}

@Injectable()
export class RecordAttendance {
  execute(tx: EntityManager, command: RecordAttendanceCommand, actor: Actor): Promise<ConvocationView> {
    throw new Error('skeleton');
  }
}
