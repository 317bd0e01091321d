import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { RegisterPersonCommand } from './register-person.js';
import type { PersonView } from './person.queries.js';

export type PersonChanges = Partial<RegisterPersonCommand>;

export interface UpdatePersonCommand {
  readonly personId: string;
  /** The version the caller read; null when it did not say: refused as a conflict. */
  readonly expectedUpdatedAt: Date | null;
  /** Absent: unchanged; null: erased. */
  readonly changes: PersonChanges;
}

@Injectable()
export class UpdatePerson {
  execute(tx: EntityManager, command: UpdatePersonCommand, actor: Actor): Promise<PersonView> {
    throw new Error('skeleton');
  }
}
