import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reach } from '../../access/domain/rights.js';
import type { OrganizationKind, Role } from '../../access/domain/roles.js';
import { ROLES_BY_KIND } from '../../access/domain/roles.js';
import { Journal } from '../../access/journal.js';
import { reachesWithinScope } from '../../access/within-scope.js';
import { mayBeMoved } from '../../agents/domain/agent-rules.js';
import { AgentMail } from '../../agents/life/agent-mail.js';
import { elevated } from '../../platform/elevated.js';
import { Conflict, NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { leaveBehind } from './close-account.js';
import { HandOver, type Heirs } from './hand-over.js';

export type TransferDecision = 'confirm' | 'refuse' | 'withdraw';

export interface DecideTransferCommand {
  readonly transferId: string;
  readonly decision: TransferDecision;
  /** Chosen by the leaving side when it confirms; else those chosen when it asked. */
  readonly heirs: Heirs;
}

interface Pending {
  readonly id: string;
  readonly agentId: string | null;
  readonly from: string | null;
  readonly to: string;
  readonly side: 'receiving' | 'leaving';
  readonly askedBy: string;
  readonly heirs: Heirs;
  readonly state: string;
}

const AFTER = { confirm: 'confirmed', refuse: 'refused', withdraw: 'withdrawn' } as const;

/** The answer of the other side to a move, or its withdrawal. Moving is one transaction with the hand-over. */
@Injectable()
export class DecideTransfer {
  constructor(
    private readonly handOver: HandOver,
    private readonly mail: AgentMail,
    private readonly journal: Journal,
  ) {}

  /** @throws NotFound (missing, or not theirs to decide), Conflict (decided meanwhile, or the agent changed), ValidationFailed */
  async execute(tx: EntityManager, command: DecideTransferCommand, actor: Actor): Promise<void> {
    const { decision } = command;
    const transfer = await lock(tx, command.transferId);
    if (!isTheirs(transfer, decision, actor)) throw new NotFound('transfer');
    if (transfer.state !== 'pending') throw new Conflict('transfer');
    await tx.query(
      `UPDATE agent_transfer SET state = $2, decided_by_agent_id = $3, decided_at = app_now() WHERE id = $1`,
      [transfer.id, AFTER[decision], actor.agentId],
    );
    // The agent leaves one side for the other, and the one does not see the other's.
    await elevated(tx, async () => {
      if (decision === 'confirm') await this.move(tx, transfer, command.heirs, actor);
      if (decision === 'refuse') await this.mail.write(tx, 'transfer-refused', [transfer.askedBy]);
    });
    const detail = { transfer: AFTER[decision] };
    const organizationId = transfer.side === 'receiving' ? transfer.to : transfer.from;
    await this.journal.record(tx, { action: 'agent.changed', objectId: transfer.id, organizationId, detail });
  }

  private async move(tx: EntityManager, transfer: Pending, chosen: Heirs, actor: Actor): Promise<void> {
    const { agentId, from, to, side, askedBy } = transfer;
    if (agentId === null || from === null) throw new NotFound('transfer');
    await refuseChanged(tx, agentId, from, to);
    const heirs = side === 'receiving' ? chosen : await stillThere(tx, transfer.heirs, from);
    await this.handOver.execute(tx, { agentId, organizationId: from, heirs }, actor);
    await tx.query('UPDATE agent SET organization_id = $2, headquarters_id = NULL WHERE id = $1', [
      agentId,
      to,
    ]);
    await leaveBehind(tx, agentId);
    await this.journal.record(tx, {
      action: 'agent.moved',
      objectId: agentId,
      organizationId: to,
      detail: { from, to },
    });
    await this.mail.write(tx, 'transfer-confirmed', [askedBy]);
    await this.mail.write(tx, 'moved', [agentId]);
  }
}

async function lock(tx: EntityManager, transferId: string): Promise<Pending> {
  const rows: Pending[] = isUuid(transferId)
    ? await tx.query(
        `SELECT id, agent_id AS "agentId", from_organization_id AS "from", to_organization_id AS "to", side, heirs, state,
                asked_by_agent_id AS "askedBy" FROM agent_transfer WHERE id = $1 FOR UPDATE`,
        [transferId],
      )
    : [];
  const transfer = rows[0];
  if (transfer === undefined) throw new NotFound('transfer');
  return transfer;
}

/** The other side answers, the side that asked withdraws. */
function isTheirs({ side, from, to }: Pending, decision: TransferDecision, actor: Actor): boolean {
  const asking = side === 'receiving' ? to : from;
  const answering = side === 'receiving' ? from : to;
  const theirs = decision === 'withdraw' ? asking : answering;
  return theirs !== null && reachesWithinScope(reach(actor, 'agent.move'), theirs);
}

/** @throws Conflict when the agent went, moved, or became an administrator since it was asked */
async function refuseChanged(tx: EntityManager, agentId: string, from: string, to: string): Promise<void> {
  const rows: { role: Role; kind: OrganizationKind }[] = await tx.query(
    `SELECT a.role, o.kind FROM agent a JOIN organization o ON o.id = $3
      WHERE a.id = $1 AND a.organization_id = $2 AND a.disabled_at IS NULL FOR UPDATE OF a`,
    [agentId, from, to],
  );
  const agent = rows[0];
  if (agent === undefined || !mayBeMoved(agent.role) || !ROLES_BY_KIND[agent.kind].includes(agent.role))
    throw new Conflict('agent');
}

/** Heirs chosen some days ago: who went meanwhile leaves it to the service. */
async function stillThere(tx: EntityManager, heirs: Heirs, organizationId: string): Promise<Heirs> {
  const named = Object.entries(heirs.named);
  const rows: { id: string }[] = await tx.query(
    'SELECT id FROM agent WHERE id = ANY($1::uuid[]) AND organization_id = $2 AND disabled_at IS NULL',
    [[heirs.byDefault, ...named.map(([, heir]) => heir)].filter((id) => id !== null), organizationId],
  );
  const there = new Set(rows.map(({ id }) => id));
  const kept = (id: string | null) => (id !== null && there.has(id) ? id : null);
  return {
    byDefault: kept(heirs.byDefault),
    named: Object.fromEntries(named.map(([id, heir]) => [id, kept(heir)])),
  };
}
