import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isAllowed } from '../../access/domain/rights.js';
import { Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { managedServices } from '../rollouts/register.query.js';
import { designFaults, type WedgeDesign } from './stepped-wedge.js';

export const LONGEST_NAME = 120;

export interface SavePlanCommand {
  readonly name: string;
  readonly design: WedgeDesign;
}

/** Keeps a plan with its seed: who doubts the order can draw it again. */
@Injectable()
export class SavePlan {
  /** @returns id of the plan. @throws Forbidden, NotFound (a service of somebody else), ValidationFailed */
  async execute(tx: EntityManager, { name, design }: SavePlanCommand, actor: Actor): Promise<string> {
    if (!isAllowed(actor.role, 'rollout.manage')) throw new Forbidden('rollout.manage');
    const faults: string[] = [...designFaults(design)];
    if (name === '' || name.length > LONGEST_NAME) faults.push('name');
    if (faults.length > 0)
      throw new ValidationFailed(faults.map((field) => ({ field, code: 'range', message: field })));
    const known = new Set((await managedServices(tx, actor)).map(({ id }) => id));
    if (!design.organizationIds.every((id) => known.has(id))) throw new NotFound('organization');
    const rows: { id: string }[] = await tx.query(
      `INSERT INTO rollout_plan (organization_id, name, design, created_by_agent_id) VALUES ($1, $2, $3, $4) RETURNING id`,
      [actor.organizationId, name, JSON.stringify(design), actor.agentId],
    );
    return rows[0]?.id ?? '';
  }
}
