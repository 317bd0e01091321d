import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Clock } from '../platform/clock.js';
import { findPerson, loadPerson, type PersonView } from './person.queries.js';
import { resumeMessages, type ResumingWord } from './sms-refusal.js';

export interface ResumeMessagesCommand {
  readonly personId: string;
  readonly word: ResumingWord;
}

/** An agent records that the person accepts text messages again, and how the person said so. */
@Injectable()
export class ResumeMessages {
  constructor(private readonly clock: Clock) {}

  /** @throws NotFound when not followed by the actor's service; ValidationFailed without the person's word; Conflict */
  async execute(tx: EntityManager, command: ResumeMessagesCommand, actor: Actor): Promise<PersonView> {
    const person = await findPerson(tx, actor, command.personId);
    await resumeMessages(tx, actor, person.id, command.word, await this.clock.now(tx));
    return loadPerson(tx, person.id);
  }
}
