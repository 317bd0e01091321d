import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reach } from '../../access/domain/rights.js';
import type { OrganizationKind, Role } from '../../access/domain/roles.js';
import { Journal } from '../../access/journal.js';
import { reachesWithinScope } from '../../access/within-scope.js';
import { Conflict, Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { findAgent } from '../agent.queries.js';
import { agentFacts, type TypedAgent } from '../domain/agent-input.js';
import { AddressTaken, mayTouch, rolesToGive } from '../domain/agent-rules.js';
import { InviteAgent } from '../invite-agent.js';
import { AgentMail } from './agent-mail.js';

export interface EnlistAgentCommand extends TypedAgent {
  readonly organizationId: string;
  readonly role: string;
}

export interface Enlisted {
  readonly agentId: string;
  /** Shown once, to who invites, when no e-mail can leave; else null. */
  readonly url: string | null;
}

/** Makes an account and invites its agent. */
@Injectable()
export class EnlistAgent {
  constructor(
    private readonly invite: InviteAgent,
    private readonly mail: AgentMail,
    private readonly journal: Journal,
  ) {}

  /** @throws NotFound, Forbidden, ValidationFailed; AddressTaken when the address has an account, wherever that is */
  async execute(tx: EntityManager, command: EnlistAgentCommand, actor: Actor): Promise<Enlisted> {
    const { organizationId } = command;
    const kind = await kindOfReached(tx, actor, organizationId);
    const role = roleToGive(actor.role, kind, command.role);
    const { email, firstName, lastName, phone } = agentFacts(command);
    const rows: { id: string }[] = await tx.query(
      `INSERT INTO agent (organization_id, email, first_name, last_name, phone, role) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (email) DO NOTHING RETURNING id`,
      [organizationId, email, firstName, lastName, phone, role],
    );
    const agentId = rows[0]?.id;
    if (agentId === undefined) throw new AddressTaken();
    await this.journal.record(tx, {
      action: 'agent.invited',
      objectId: agentId,
      organizationId,
      detail: { role },
    });
    return { agentId, url: await this.tell(tx, agentId) };
  }

  /**
   * A new link for somebody who never came; the earlier one dies.
   * @throws NotFound, Forbidden, Conflict when the agent came meanwhile or is gone
   */
  async again(tx: EntityManager, { agentId }: { agentId: string }, actor: Actor): Promise<Enlisted> {
    const { presence, role, organizationId } = await findAgent(tx, actor, agentId, 'agent.manage');
    if (!mayTouch(actor.role, role)) throw new Forbidden('agent.manage');
    if (presence !== 'invited') throw new Conflict('agent');
    await this.journal.record(tx, {
      action: 'agent.invited',
      objectId: agentId,
      organizationId,
      detail: { again: true },
    });
    return { agentId, url: await this.tell(tx, agentId) };
  }

  private async tell(tx: EntityManager, agentId: string): Promise<string | null> {
    if (!this.mail.isOn) return (await this.invite.execute(tx, { agentId })).url;
    await this.mail.write(tx, 'invitation', [agentId]);
    return null;
  }
}

/** @throws NotFound for a service whose agents the actor does not manage */
export async function kindOfReached(
  tx: EntityManager,
  actor: Actor,
  organizationId: string,
): Promise<OrganizationKind> {
  const isReached =
    isUuid(organizationId) && reachesWithinScope(reach(actor, 'agent.manage'), organizationId);
  const rows: { kind: OrganizationKind }[] = isReached
    ? await tx.query('SELECT kind FROM organization WHERE id = $1', [organizationId])
    : [];
  const kind = rows[0]?.kind;
  if (kind === undefined) throw new NotFound('organization');
  return kind;
}

/** @throws ValidationFailed on `role` for one that is not a role of this kind, or not this giver's to give */
export function roleToGive(giver: Role, kind: OrganizationKind, role: string): Role {
  const given = rolesToGive(giver, kind).find((one) => one === role);
  if (given === undefined)
    throw new ValidationFailed([{ field: 'role', code: 'role', message: 'not a role to give here' }]);
  return given;
}
