import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { ConvocationView } from './convocation.queries.js';
import type { CancelledBy } from './domain/convocation.states.js';

export interface CancelConvocationCommand {
  readonly convocationId: string;
  /** Default: the service. */
  readonly cancelledBy?: CancelledBy | null | undefined;
  readonly notify: boolean;
}

@Injectable()
export class CancelConvocation {
  execute(tx: EntityManager, command: CancelConvocationCommand, actor: Actor): Promise<ConvocationView> {
    throw new Error('skeleton');
  }
}
