import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { scopeOf } from '../../access/domain/rights.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import type { WedgeDesign } from './stepped-wedge.js';

export interface SavedPlan {
  readonly id: string;
  readonly name: string;
  readonly design: WedgeDesign;
  readonly savedAt: Date;
  readonly savedBy: string | null;
}

/** Plans of the actor's own service, every plan for a central administrator; newest first, at most a hundred. */
export async function savedPlans(tx: EntityManager, actor: Actor): Promise<readonly SavedPlan[]> {
  return tx.query(`${PLAN} WHERE ${VISIBLE} ORDER BY p.created_at DESC, p.id LIMIT 100`, scope(actor));
}

/** @throws NotFound, also for the plan of another service */
export async function savedPlan(tx: EntityManager, actor: Actor, id: string): Promise<SavedPlan> {
  if (!isUuid(id)) throw new NotFound('plan');
  const rows: SavedPlan[] = await tx.query(`${PLAN} WHERE ${VISIBLE} AND p.id = $3`, [...scope(actor), id]);
  const found = rows[0];
  if (found === undefined) throw new NotFound('plan');
  return found;
}

/** Names of the services of a plan, by id. */
export async function serviceNames(
  tx: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows: { id: string; name: string }[] = await tx.query(
    'SELECT id, name FROM organization WHERE id = ANY($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const scope = (actor: Actor) => scopeOf(actor, 'rollout.manage');
const VISIBLE = '($1::boolean OR p.organization_id = ANY($2::uuid[]))';
const PLAN = `
SELECT p.id, p.name, p.design, p.created_at AS "savedAt", a.first_name || ' ' || a.last_name AS "savedBy"
  FROM rollout_plan p LEFT JOIN named_agent a ON a.id = p.created_by_agent_id`;
