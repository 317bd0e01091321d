import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reach } from '../../access/domain/rights.js';
import type { Role } from '../../access/domain/roles.js';
import { withinScope } from '../../access/within-scope.js';
import type { ServiceChoice } from '../../agents/agent.queries.js';
import { elevated } from '../../platform/elevated.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';

/** A move as one of its sides may see it: the receiving side knows no more than the address it typed. */
export interface TransferView {
  readonly id: string;
  /** What the reader may do: answer, or only wait. */
  readonly part: 'answers' | 'waits';
  readonly side: 'receiving' | 'leaving';
  /** Null: not the reader's to know yet. */
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly agentRole: Role | null;
  readonly askedEmail: string;
  readonly fromName: string | null;
  readonly toName: string;
  readonly askedAt: Date;
  readonly state: 'pending' | 'confirmed' | 'refused' | 'withdrawn';
  readonly decidedAt: Date | null;
}

const SELECT = `SELECT t.id, t.side, t.asked_email AS "askedEmail", receiver.name AS "toName", t.asked_at AS "askedAt",
  t.state, t.decided_at AS "decidedAt",
  CASE WHEN mine.answers THEN 'answers' ELSE 'waits' END AS part,
  CASE WHEN mine.knows THEN t.agent_id END AS "agentId",
  CASE WHEN mine.knows THEN a.first_name || ' ' || a.last_name END AS "agentName",
  CASE WHEN mine.knows THEN a.role END AS "agentRole",
  CASE WHEN mine.knows THEN giver.name END AS "fromName"
  FROM agent_transfer t JOIN organization receiver ON receiver.id = t.to_organization_id
  LEFT JOIN organization giver ON giver.id = t.from_organization_id LEFT JOIN agent a ON a.id = t.agent_id
  CROSS JOIN LATERAL (SELECT
    $1::boolean OR t.from_organization_id = ANY($2::uuid[]) AS leaves,
    $1::boolean OR t.to_organization_id = ANY($2::uuid[]) AS receives) sides
  CROSS JOIN LATERAL (SELECT
    t.agent_id IS NOT NULL AND CASE t.side WHEN 'receiving' THEN sides.leaves ELSE sides.receives END AS answers,
    coalesce(sides.leaves OR t.side = 'leaving' OR t.state = 'confirmed', false) AS knows) mine
  WHERE (coalesce(sides.leaves, false) OR sides.receives)`;

/** Waiting ones first, then those decided in the last 30 days. */
export function transfersOf(tx: EntityManager, actor: Actor): Promise<TransferView[]> {
  return ofBothSides(
    tx,
    actor,
    `${SELECT} AND (t.state = 'pending' OR t.decided_at > app_now() - interval '30 days')
     ORDER BY t.state <> 'pending', t.asked_at DESC, t.id LIMIT 100`,
  );
}

/** Who answers is told the name of an agent of the other side: read with other eyes, for the own services only. */
function ofBothSides(
  tx: EntityManager,
  actor: Actor,
  sql: string,
  more: readonly unknown[] = [],
): Promise<TransferView[]> {
  const { everywhere, organizationIds } = withinScope(reach(actor, 'agent.move'));
  return elevated(tx, () => tx.query(sql, [everywhere, organizationIds, ...more]));
}

/** @throws NotFound unless the actor answers for one of its sides */
export async function findTransfer(
  tx: EntityManager,
  actor: Actor,
  transferId: string,
): Promise<TransferView> {
  const rows = isUuid(transferId)
    ? await ofBothSides(tx, actor, `${SELECT} AND t.id = $3`, [transferId])
    : [];
  const transfer = rows[0];
  if (transfer === undefined) throw new NotFound('transfer');
  return transfer;
}

/** Moves that wait for an answer of the actor's side. */
export async function countTransfers(tx: EntityManager, actor: Actor): Promise<number> {
  return (await transfersOf(tx, actor)).filter(({ part, state }) => part === 'answers' && state === 'pending')
    .length;
}

/** Services of the kind of this one, without it: where its agents may be moved. */
export function otherServicesOf(tx: EntityManager, organizationId: string): Promise<ServiceChoice[]> {
  return tx.query(
    `SELECT o.id, o.name, o.kind FROM organization o JOIN organization mine ON mine.id = $1 AND mine.kind = o.kind
      WHERE o.id <> mine.id ORDER BY o.name`,
    [organizationId],
  );
}
