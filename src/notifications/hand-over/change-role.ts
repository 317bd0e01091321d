import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { postOf, relationsOf } from '../../access/domain/rights.js';
import type { OrganizationKind, Role } from '../../access/domain/roles.js';
import { Journal } from '../../access/journal.js';
import { findAgent } from '../../agents/agent.queries.js';
import { mayTouch } from '../../agents/domain/agent-rules.js';
import { roleToGive } from '../../agents/life/enlist-agent.js';
import { closeSessionsOf } from '../../agents/sessions.js';
import { elevated } from '../../platform/elevated.js';
import { Conflict, Forbidden } from '../../shared/domain-error.js';
import { HandOver } from './hand-over.js';

/** Another role from now on: sessions end, and who may no longer follow persons gives them back to the service. */
@Injectable()
export class ChangeRole {
  constructor(
    private readonly handOver: HandOver,
    private readonly journal: Journal,
  ) {}

  /** Never one's own. @throws NotFound, Forbidden, ValidationFailed, Conflict for somebody who is gone */
  async execute(
    tx: EntityManager,
    command: { readonly agentId: string; readonly role: string },
    actor: Actor,
  ): Promise<void> {
    const { id } = await findAgent(tx, actor, command.agentId, 'agent.manage');
    await tx.query('SELECT FROM agent WHERE id = $1 FOR UPDATE', [id]);
    const agent = await findAgent(tx, actor, command.agentId, 'agent.manage');
    if (agent.id === actor.agentId || !mayTouch(actor.role, agent.role)) throw new Forbidden('agent.manage');
    if (agent.presence === 'gone') throw new Conflict('agent');
    const { organizationId, organizationKind } = agent;
    const role = roleToGive(actor.role, organizationKind, command.role);
    if (role === agent.role) return;
    if (!follows(role, organizationKind)) {
      const heirs = { byDefault: null, named: {} };
      // What the agent follows may lie outside of the services of the caller: nothing stays behind.
      await elevated(tx, () => this.handOver.execute(tx, { agentId: id, organizationId, heirs }, actor));
    }
    await tx.query('UPDATE agent SET role = $2 WHERE id = $1', [id, role]);
    await closeSessionsOf(tx, id);
    const detail = { from: agent.role, to: role };
    await this.journal.record(tx, { action: 'agent.role-changed', objectId: id, organizationId, detail });
  }
}

/** Who may take persons on by name may keep them. */
function follows(role: Role, organizationKind: OrganizationKind): boolean {
  return relationsOf(postOf({ role, organizationKind }), 'person.assign-self').length > 0;
}
