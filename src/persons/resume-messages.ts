import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { findPerson, loadPerson, type PersonView } from './person.queries.js';
import { resumeMessages } from './sms-refusal.js';

export interface ResumeMessagesCommand {
  readonly personId: string;
}

/** An agent records that the person accepts text messages again. */
@Injectable()
export class ResumeMessages {
  /** @throws NotFound when not followed by the actor's service */
  async execute(tx: EntityManager, command: ResumeMessagesCommand, actor: Actor): Promise<PersonView> {
    const person = await findPerson(tx, actor, command.personId);
    await resumeMessages(tx, actor, person.id);
    return loadPerson(tx, person.id);
  }
}
