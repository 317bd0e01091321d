import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { PersonView } from './person.queries.js';

export interface StopMessagesCommand {
  readonly personId: string;
}

@Injectable()
export class StopMessages {
  execute(tx: EntityManager, command: StopMessagesCommand, actor: Actor): Promise<PersonView> {
    throw new Error('skeleton');
  }
}
