import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Journal } from '../../access/journal.js';
import { Conflict, Forbidden } from '../../shared/domain-error.js';
import { findAgent } from '../agent.queries.js';
import { mayTouch } from '../domain/agent-rules.js';
import { closeSessionsOf } from '../sessions.js';

/**
 * An administrator takes a lost second factor away: authenticator and recovery codes. The agent's sessions end; an
 * administrator must set up another at the next sign-in.
 */
@Injectable()
export class ResetSecondFactor {
  constructor(private readonly journal: Journal) {}

  /**
   * @throws NotFound, also for an agent elsewhere; Forbidden for an administrator above, and for one's own: that is
   * asked of somebody else; Conflict when there is none
   */
  async execute(tx: EntityManager, command: { readonly agentId: string }, actor: Actor): Promise<void> {
    if (command.agentId === actor.agentId) throw new Forbidden('own second factor');
    const agent = await findAgent(tx, actor, command.agentId, 'agent.reset-second-factor');
    if (!mayTouch(actor.role, agent.role)) throw new Forbidden('agent.reset-second-factor');
    if (!agent.hasSecondFactor) throw new Conflict('second factor');
    const { organizationId } = agent;
    await forget(tx, command.agentId);
    await this.journal.record(tx, {
      action: 'second-factor.removed',
      objectId: command.agentId,
      organizationId,
      detail: { by: 'administrator' },
    });
    await closeSessionsOf(tx, command.agentId);
  }
}

/** An agent gives up the own second factor, where the role does not need one. */
@Injectable()
export class RemoveSecondFactor {
  constructor(private readonly journal: Journal) {}

  /** For a route that asks for a fresh sign-in. */
  async execute(tx: EntityManager, command: { readonly agentId: string }): Promise<void> {
    await forget(tx, command.agentId);
    const { agentId } = command;
    await this.journal.record(tx, {
      action: 'second-factor.removed',
      objectId: agentId,
      detail: { by: 'self' },
    });
  }
}

async function forget(tx: EntityManager, agentId: string): Promise<void> {
  await tx.query(
    'UPDATE agent SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL WHERE id = $1',
    [agentId],
  );
  await tx.query('DELETE FROM recovery_code WHERE agent_id = $1', [agentId]);
  await tx.query('DELETE FROM known_origin WHERE agent_id = $1', [agentId]);
}
