import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { PersonView } from './person.queries.js';

export interface ResumeMessagesCommand {
  readonly personId: string;
}

@Injectable()
export class ResumeMessages {
  execute(tx: EntityManager, command: ResumeMessagesCommand, actor: Actor): Promise<PersonView> {
    throw new Error('skeleton');
  }
}
