import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reach } from '../../access/domain/rights.js';
import type { OrganizationKind, Role } from '../../access/domain/roles.js';
import { Journal } from '../../access/journal.js';
import { reachesWithinScope } from '../../access/within-scope.js';
import { findAgent } from '../../agents/agent.queries.js';
import { isAddress } from '../../agents/domain/agent-input.js';
import { mayBeMoved } from '../../agents/domain/agent-rules.js';
import { AgentMail } from '../../agents/life/agent-mail.js';
import { elevated } from '../../platform/elevated.js';
import { Conflict, Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import type { Heirs } from './hand-over.js';

interface Account {
  readonly id: string;
  readonly role: Role;
  readonly organizationId: string;
  readonly kind: OrganizationKind;
}

/** Asks that an agent be moved to another service of the same kind; the other side confirms. */
@Injectable()
export class AskTransfer {
  constructor(
    private readonly mail: AgentMail,
    private readonly journal: Journal,
  ) {}

  /**
   * By the receiving service, which knows an address and nothing else. One and the same answer whether it is the
   * address of an agent who may be moved, of an administrator, of a court for a SPIP, or of nobody.
   * @throws NotFound, ValidationFailed for no address, or that of an agent of this very service
   */
  async receive(
    tx: EntityManager,
    command: { readonly email: string; readonly toOrganizationId: string },
    actor: Actor,
  ): Promise<void> {
    const { toOrganizationId } = command;
    const kind = await kindOf(tx, toOrganizationId);
    if (kind === undefined || !reachesWithinScope(reach(actor, 'agent.move'), toOrganizationId))
      throw new NotFound('organization');
    const email = command.email.trim().toLowerCase();
    if (!isAddress(email)) throw invalid('email', 'email');
    // Whose address it is, wherever that is, is not said to who asks.
    const account = await elevated(tx, () => accountOf(tx, email));
    if (account?.organizationId === toOrganizationId) throw invalid('email', 'here-already');
    const isMovable = account?.kind === kind && mayBeMoved(account.role);
    const asked = { email, toOrganizationId, account: isMovable ? account : null };
    const objectId = await keepAsked(tx, asked, actor);
    if (objectId === null) return;
    if (asked.account !== null) await this.tellAdministrators(tx, asked.account.organizationId);
    const detail = { transfer: 'asked', side: 'receiving' };
    const organizationId = toOrganizationId;
    await this.journal.record(tx, { action: 'agent.changed', objectId, organizationId, detail });
  }

  /** By the service the agent leaves, which names the heirs now. @throws NotFound, Forbidden, Conflict, ValidationFailed */
  async leave(
    tx: EntityManager,
    command: { readonly agentId: string; readonly toOrganizationId: string; readonly heirs: Heirs },
    actor: Actor,
  ): Promise<void> {
    const { agentId, toOrganizationId, heirs } = command;
    const agent = await findAgent(tx, actor, agentId, 'agent.move');
    if (!mayBeMoved(agent.role)) throw new Forbidden('agent.move');
    if (agent.presence === 'gone') throw new Conflict('agent');
    const kind = await kindOf(tx, toOrganizationId);
    if (kind !== agent.organizationKind || toOrganizationId === agent.organizationId)
      throw invalid('toOrganizationId', 'service');
    const rows: { id: string }[] = await tx.query(
      `INSERT INTO agent_transfer (agent_id, asked_email, from_organization_id, to_organization_id, side,
         asked_by_agent_id, heirs)
       VALUES ($1, $2, $3, $4, 'leaving', $5, $6)
       ON CONFLICT (asked_email, to_organization_id) WHERE state = 'pending' DO NOTHING RETURNING id`,
      [agent.id, agent.email, agent.organizationId, toOrganizationId, actor.agentId, JSON.stringify(heirs)],
    );
    if (rows.length === 0) throw new Conflict('transfer');
    await this.tellAdministrators(tx, toOrganizationId);
    const { organizationId } = agent;
    const detail = { transfer: 'asked', side: 'leaving' };
    await this.journal.record(tx, { action: 'agent.changed', objectId: agent.id, organizationId, detail });
  }

  /** Of the other side, whom the caller does not see. */
  private tellAdministrators(tx: EntityManager, organizationId: string): Promise<void> {
    return elevated(tx, async () =>
      this.mail.write(tx, 'transfer-asked', await administratorsOf(tx, organizationId)),
    );
  }
}

async function kindOf(tx: EntityManager, organizationId: string): Promise<OrganizationKind | undefined> {
  if (!isUuid(organizationId)) return undefined;
  const rows: { kind: OrganizationKind }[] = await tx.query('SELECT kind FROM organization WHERE id = $1', [
    organizationId,
  ]);
  return rows[0]?.kind;
}

async function accountOf(tx: EntityManager, email: string): Promise<Account | undefined> {
  const rows: Account[] = await tx.query(
    `SELECT a.id, a.role, a.organization_id AS "organizationId", o.kind FROM agent a
       JOIN organization o ON o.id = a.organization_id WHERE a.email = $1 AND a.disabled_at IS NULL`,
    [email],
  );
  return rows[0];
}

/** @returns null when the same was asked and waits */
async function keepAsked(
  tx: EntityManager,
  asked: { readonly email: string; readonly toOrganizationId: string; readonly account: Account | null },
  actor: Actor,
): Promise<string | null> {
  const rows: { id: string }[] = await tx.query(
    `INSERT INTO agent_transfer (agent_id, asked_email, from_organization_id, to_organization_id, side, asked_by_agent_id)
     VALUES ($1, $2, $3, $4, 'receiving', $5)
     ON CONFLICT (asked_email, to_organization_id) WHERE state = 'pending' DO NOTHING RETURNING id`,
    [
      asked.account?.id ?? null,
      asked.email,
      asked.account?.organizationId ?? null,
      asked.toOrganizationId,
      actor.agentId,
    ],
  );
  return rows[0]?.id ?? null;
}

/** Who answers for a service: its local administrators, and those of its headquarters. */
async function administratorsOf(tx: EntityManager, organizationId: string): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT a.id FROM agent a JOIN organization o ON o.id = $1
      WHERE a.role = 'local-admin' AND a.disabled_at IS NULL
        AND (a.organization_id = o.id OR a.headquarters_id = o.headquarters_id) LIMIT 20`,
    [organizationId],
  );
  return rows.map(({ id }) => id);
}

function invalid(field: string, code: string): ValidationFailed {
  return new ValidationFailed([{ field, code, message: code }]);
}
