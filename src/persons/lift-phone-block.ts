import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { elevated } from '../platform/elevated.js';
import { Forbidden } from '../shared/domain-error.js';
import { recordHistory } from './history.js';
import { findPerson } from './person.queries.js';
import { personsWith } from './phone-block.js';

export interface LiftPhoneBlockCommand {
  readonly personId: string;
}

export type Lift = 'asked' | 'lifted' | 'unchanged';

/**
 * Opens a blocked number again: a first agent asks for it, another one confirms. The holder of the number said it
 * was a wrong one, so one person alone does not decide otherwise.
 */
@Injectable()
export class LiftPhoneBlock {
  /**
   * The same agent again changes nothing.
   * @throws NotFound when not followed by the actor's service; Forbidden for a program
   */
  async execute(tx: EntityManager, command: LiftPhoneBlockCommand, actor: Actor): Promise<Lift> {
    const { phoneId } = await findPerson(tx, actor, command.personId);
    if (actor.agentId === null) throw new Forbidden('two agents lift the block of a number');
    if (phoneId === null) return 'unchanged';
    const rows: { firstBy: string | null }[] = await tx.query(
      `SELECT first_lift_by_agent_id AS "firstBy" FROM phone_block WHERE phone_id = $1 FOR UPDATE`,
      [phoneId],
    );
    const block = rows[0];
    if (block === undefined || block.firstBy === actor.agentId) return 'unchanged';
    const lift = block.firstBy === null ? 'asked' : 'lifted';
    await (lift === 'asked' ? ask(tx, phoneId, actor.agentId) : remove(tx, phoneId));
    const event = lift === 'asked' ? 'phone.lift-asked' : 'phone.block-lifted';
    await elevated(tx, async () => {
      for (const personId of await personsWith(tx, phoneId))
        await recordHistory(tx, actor, { event, personId });
    });
    return lift;
  }
}

async function ask(tx: EntityManager, phoneId: string, agentId: string): Promise<void> {
  await tx.query(
    'UPDATE phone_block SET first_lift_by_agent_id = $2, first_lift_at = app_now() WHERE phone_id = $1',
    [phoneId, agentId],
  );
}

async function remove(tx: EntityManager, phoneId: string): Promise<void> {
  await tx.query('DELETE FROM phone_block WHERE phone_id = $1', [phoneId]);
}
