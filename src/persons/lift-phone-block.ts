import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { elevated } from '../platform/elevated.js';
import { Forbidden } from '../shared/domain-error.js';
import { recordHistory } from './history.js';
import { findPerson } from './person.queries.js';
import { personsAt, personsWith } from './phone-block.js';

export interface LiftPhoneBlockCommand {
  readonly personId: string;
  /** Default: the number. */
  readonly what?: 'phone' | 'email';
}

const EVENTS = {
  phone: { asked: 'phone.lift-asked', lifted: 'phone.block-lifted' },
  email: { asked: 'address.lift-asked', lifted: 'address.block-lifted' },
} as const;

export type Lift = 'asked' | 'lifted' | 'unchanged';

/**
 * Opens a blocked number or address again: a first agent asks for it, another one confirms. Its holder said it was a
 * wrong one, or asked for no more, so one person alone does not decide otherwise.
 */
@Injectable()
export class LiftPhoneBlock {
  /**
   * The same agent again changes nothing.
   * @throws NotFound when not followed by the actor's service; Forbidden for a program
   */
  async execute(tx: EntityManager, command: LiftPhoneBlockCommand, actor: Actor): Promise<Lift> {
    const what = command.what ?? 'phone';
    const person = await findPerson(tx, actor, command.personId);
    const contactId = what === 'phone' ? person.phoneId : person.emailId;
    if (actor.agentId === null) throw new Forbidden('two agents lift a block');
    if (contactId === null) return 'unchanged';
    const rows: { firstBy: string | null }[] = await tx.query(
      `SELECT first_lift_by_agent_id AS "firstBy" FROM phone_block WHERE phone_id = $1 FOR UPDATE`,
      [contactId],
    );
    const block = rows[0];
    if (block === undefined || block.firstBy === actor.agentId) return 'unchanged';
    const lift = block.firstBy === null ? 'asked' : 'lifted';
    await (lift === 'asked' ? ask(tx, contactId, actor.agentId) : remove(tx, contactId));
    const event = EVENTS[what][lift];
    await elevated(tx, async () => {
      for (const personId of await (what === 'phone' ? personsWith : personsAt)(tx, contactId))
        await recordHistory(tx, actor, { event, personId });
    });
    return lift;
  }
}

async function ask(tx: EntityManager, contactId: string, agentId: string): Promise<void> {
  await tx.query(
    'UPDATE phone_block SET first_lift_by_agent_id = $2, first_lift_at = app_now() WHERE phone_id = $1',
    [contactId, agentId],
  );
}

async function remove(tx: EntityManager, contactId: string): Promise<void> {
  await tx.query('DELETE FROM phone_block WHERE phone_id = $1', [contactId]);
}
