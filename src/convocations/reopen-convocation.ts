import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { ConvocationView } from './convocation.queries.js';

export interface ReopenConvocationCommand {
  readonly convocationId: string;
}

@Injectable()
export class ReopenConvocation {
  execute(tx: EntityManager, command: ReopenConvocationCommand, actor: Actor): Promise<ConvocationView> {
    throw new Error('skeleton');
  }
}
