import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { may } from '../../access/domain/rights.js';
import { Journal } from '../../access/journal.js';
import { violatedConstraint } from '../../platform/transaction.js';
import { Conflict, Forbidden } from '../../shared/domain-error.js';
import { type AgentView, findAgent } from '../agent.queries.js';
import { type AgentFacts, agentFacts, type TypedAgent } from '../domain/agent-input.js';
import { AddressTaken, mayTouch } from '../domain/agent-rules.js';
import { closeSessionsOf } from '../sessions.js';
import { AgentMail } from './agent-mail.js';

export interface ChangeAgentCommand extends TypedAgent {
  readonly agentId: string;
}

/**
 * Corrects names, phone and address of a colleague. The address opens the account (links for a new password go
 * there): once the agent came, only a central administrator changes it. What lies in the mailbox of before opens
 * nothing any more; who never came is invited again at the new one.
 */
@Injectable()
export class ChangeAgent {
  constructor(
    private readonly mail: AgentMail,
    private readonly journal: Journal,
  ) {}

  /** @throws NotFound, Forbidden, ValidationFailed, Conflict for somebody who is gone, AddressTaken */
  async execute(tx: EntityManager, command: ChangeAgentCommand, actor: Actor): Promise<void> {
    const before = await findAgent(tx, actor, command.agentId, 'agent.manage');
    if (!mayTouch(actor.role, before.role)) throw new Forbidden('agent.manage');
    if (before.presence === 'gone') throw new Conflict('agent');
    const facts = agentFacts({
      ...command,
      email: mayChangeAddress(actor, before) ? command.email : before.email,
    });
    const fields = changedFields(before, facts);
    if (fields.length === 0) return;
    await write(tx, before.id, facts);
    if (fields.includes('email')) await this.leaveMailbox(tx, before);
    const { organizationId } = before;
    await this.journal.record(tx, {
      action: 'agent.changed',
      objectId: before.id,
      organizationId,
      detail: { fields },
    });
  }

  private async leaveMailbox(tx: EntityManager, { id, presence }: AgentView): Promise<void> {
    await closeSessionsOf(tx, id);
    await tx.query('DELETE FROM sign_in_link WHERE agent_id = $1', [id]);
    if (presence === 'invited') await this.mail.write(tx, 'invitation', [id]);
  }
}

export function mayChangeAddress(actor: Actor, { presence }: Pick<AgentView, 'presence'>): boolean {
  return presence === 'invited' || may(actor, 'agent.change-address');
}

async function write(tx: EntityManager, agentId: string, facts: AgentFacts): Promise<void> {
  const { firstName, lastName, email, phone } = facts;
  // Persons see what the agent agreed to show, never what somebody else typed since.
  const change = `UPDATE agent SET first_name = $2, last_name = $3, email = $4, phone = $5,
    share_email = share_email AND email = $4, share_phone = share_phone AND phone IS NOT DISTINCT FROM $5 WHERE id = $1`;
  try {
    await tx.query(change, [agentId, firstName, lastName, email, phone]);
  } catch (error) {
    if (violatedConstraint(error) === 'agent_email_key') throw new AddressTaken();
    throw error;
  }
}

function changedFields(before: AgentView, after: AgentFacts): string[] {
  return (['firstName', 'lastName', 'email', 'phone'] as const).filter(
    (name) => before[name] !== after[name],
  );
}
