import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { PersonView } from './person.queries.js';

export interface RegisterPersonCommand {
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate?: string | null | undefined;
  readonly phone?: string | null | undefined;
  /** Hint for a number typed without country code. */
  readonly territory?: string | null | undefined;
  readonly noPhone?: boolean | null | undefined;
  readonly smsRefused?: boolean | null | undefined;
  readonly email?: string | null | undefined;
  readonly appiNumber?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly register?: 'standard' | 'discreet' | null | undefined;
  readonly organizationIds?: readonly string[] | null | undefined;
  readonly referentId?: string | null | undefined;
}

@Injectable()
export class RegisterPerson {
  execute(tx: EntityManager, command: RegisterPersonCommand, actor: Actor): Promise<PersonView> {
    throw new Error('skeleton');
  }
}
