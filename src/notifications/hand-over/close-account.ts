import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Journal } from '../../access/journal.js';
import { findAgent } from '../../agents/agent.queries.js';
import { mayTouch } from '../../agents/domain/agent-rules.js';
import { AgentMail } from '../../agents/life/agent-mail.js';
import { closeSessionsOf } from '../../agents/sessions.js';
import { elevated } from '../../platform/elevated.js';
import { Conflict, Forbidden } from '../../shared/domain-error.js';
import { HandOver, type Heirs } from './hand-over.js';

/** An agent goes: everything is handed over, nothing opens any more. Keys of programs are the service's: they stay. */
@Injectable()
export class CloseAccount {
  constructor(
    private readonly handOver: HandOver,
    private readonly mail: AgentMail,
    private readonly journal: Journal,
  ) {}

  /** @throws NotFound, Forbidden (oneself, or an administrator above), Conflict when gone already, ValidationFailed */
  async execute(
    tx: EntityManager,
    { agentId, heirs }: { readonly agentId: string; readonly heirs: Heirs },
    actor: Actor,
  ): Promise<void> {
    const { id, organizationId } = await this.locked(tx, agentId, actor, false);
    await tx.query('UPDATE agent SET disabled_at = app_now() WHERE id = $1', [id]);
    await tx.query('DELETE FROM sign_in_link WHERE agent_id = $1', [id]);
    // What the agent follows may lie outside of the services of the caller: nothing stays behind.
    await elevated(tx, async () => {
      await this.handOver.execute(tx, { agentId: id, organizationId, heirs }, actor);
      await leaveBehind(tx, id);
    });
    await this.journal.record(tx, { action: 'agent.left', objectId: id, organizationId });
  }

  /** Comes back to the same service; what was handed over stays where it is. @throws NotFound, Forbidden, Conflict */
  async reopen(tx: EntityManager, { agentId }: { readonly agentId: string }, actor: Actor): Promise<void> {
    const { id, organizationId } = await this.locked(tx, agentId, actor, true);
    await tx.query('UPDATE agent SET disabled_at = NULL WHERE id = $1', [id]);
    const detail = { reopened: true };
    await this.journal.record(tx, { action: 'agent.changed', objectId: id, organizationId, detail });
    await this.mail.write(tx, 'invitation', await neverCame(tx, id));
  }

  private async locked(tx: EntityManager, agentId: string, actor: Actor, isGone: boolean) {
    const seen = await findAgent(tx, actor, agentId, 'agent.manage');
    if (seen.id === actor.agentId || !mayTouch(actor.role, seen.role)) throw new Forbidden('agent.manage');
    await tx.query('SELECT FROM agent WHERE id = $1 FOR UPDATE', [seen.id]);
    const agent = await findAgent(tx, actor, agentId, 'agent.manage');
    if ((agent.presence === 'gone') !== isGone) throw new Conflict('agent');
    return agent;
  }
}

async function neverCame(tx: EntityManager, agentId: string): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    'SELECT id FROM agent WHERE id = $1 AND password_hash IS NULL AND charter_accepted_at IS NULL',
    [agentId],
  );
  return rows.map(({ id }) => id);
}

/** Sessions end, also those that act under this name; absences stop, as absent and as replacement. */
export async function leaveBehind(tx: EntityManager, agentId: string): Promise<void> {
  await closeSessionsOf(tx, agentId);
  await tx.query(
    'UPDATE impersonation SET ended_at = app_now() WHERE $1 IN (agent_id, impersonator_id) AND ended_at IS NULL',
    [agentId],
  );
  await tx.query(
    'DELETE FROM agent_absence WHERE $1 IN (agent_id, replacement_id) AND starts_at > app_now()',
    [agentId],
  );
  await tx.query(
    'UPDATE agent_absence SET ends_at = app_now() WHERE $1 IN (agent_id, replacement_id) AND ends_at > app_now()',
    [agentId],
  );
  await tx.query(
    `UPDATE agent_transfer SET state = 'withdrawn', decided_at = app_now() WHERE agent_id = $1 AND state = 'pending'`,
    [agentId],
  );
}
