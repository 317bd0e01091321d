import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { findPerson, loadPerson, type PersonView } from './person.queries.js';
import { stopMessages } from './sms-refusal.js';

export interface StopMessagesCommand {
  readonly personId: string;
}

/** An agent records that the person refuses text messages. Again changes nothing. */
@Injectable()
export class StopMessages {
  /** @throws NotFound when not followed by the actor's service */
  async execute(tx: EntityManager, command: StopMessagesCommand, actor: Actor): Promise<PersonView> {
    const person = await findPerson(tx, actor, command.personId);
    await stopMessages(tx, actor, { personId: person.id, origin: 'agent' });
    return loadPerson(tx, person.id);
  }
}
