import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { may, reach } from '../../access/domain/rights.js';
import { withinScope } from '../../access/within-scope.js';
import { Conflict, Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { isWhole } from '../../shared/whole-number.js';
import { parsePlan } from '../domain/parse-plan.js';
import { BOUNDS, type ReminderPlan, stepsOf } from '../domain/reminder-plan.js';
import type { PlanScope } from './replan-batch.js';
import { type ReplanAnswer, ReplanMessages, undoneWhen } from './replan-messages.js';

export interface ChangePlanCommand extends PlanScope {
  /** Null: follows what stands above it; the national plan for all types cannot. */
  readonly plan: ReminderPlan | null;
  /** Texts a person gets at most in seven days. */
  readonly weeklyLimit: number;
  /** The version that was on the page; 0: none. */
  readonly basedOn: number;
  /** Says what it would change and leaves nothing behind. */
  readonly isDryRun: boolean;
}

/** A new version of a plan, by which what is not yet sent is planned again. */
@Injectable()
export class ChangePlan {
  constructor(private readonly replan: ReplanMessages) {}

  /** @throws Forbidden by role, NotFound (another service, an unknown type), ValidationFailed, Conflict */
  async execute(tx: EntityManager, command: ChangePlanCommand, actor: Actor): Promise<ReplanAnswer> {
    const { isDryRun } = command;
    return undoneWhen(isDryRun, tx, async () => {
      await this.store(tx, command, actor);
      return this.replan.execute(tx, { ...command, territory: null });
    });
  }

  private async store(tx: EntityManager, command: ChangePlanCommand, actor: Actor): Promise<void> {
    refuseForeign(command, actor);
    refuseShape(command);
    const { organizationId, typeCode, plan, weeklyLimit, basedOn } = command;
    await refuseUnknown(tx, command);
    const rows: unknown[] = await tx.query(
      `INSERT INTO reminder_plan (organization_id, type_code, version, steps, weekly_limit, created_by_agent_id)
       SELECT $1::uuid, $2::text, $5::int + 1, $3::jsonb, $4::int, $6::uuid
        WHERE $5::int = coalesce((SELECT max(version) FROM reminder_plan WHERE organization_id IS NOT DISTINCT FROM $1::uuid
                                     AND type_code IS NOT DISTINCT FROM $2::text), 0)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [
        organizationId,
        typeCode,
        plan === null ? null : JSON.stringify(stepsOf(plan)),
        weeklyLimit,
        basedOn,
        actor.agentId,
      ],
    );
    if (rows.length === 0) throw new Conflict('plan');
  }
}

/** A local administrator changes the plans of one service, the central one every plan. */
function refuseForeign({ organizationId }: PlanScope, actor: Actor): void {
  if (!may(actor, 'plan.manage')) throw new Forbidden('plan.manage');
  // Messages are planned again with the eyes of a worker: what PostgreSQL shows the caller bounds it too.
  const { everywhere, organizationIds } = withinScope(reach(actor, 'plan.manage'));
  const isOwn = organizationId !== null && organizationIds.includes(organizationId);
  if (!everywhere && !isOwn) throw new NotFound('plan');
}

function refuseShape({ organizationId, typeCode, plan, weeklyLimit }: ChangePlanCommand): void {
  const { least, most } = BOUNDS.weeklyLimit;
  if (!isWhole(weeklyLimit, BOUNDS.weeklyLimit))
    throw new ValidationFailed([
      { field: 'weeklyLimit', code: 'range', message: `from ${least} to ${most}` },
    ]);
  if (plan === null && organizationId === null && typeCode === null)
    throw new ValidationFailed([{ field: 'steps', code: 'empty', message: 'the national plan has steps' }]);
  if (plan !== null) parsePlan(stepsOf(plan));
}

async function refuseUnknown(tx: EntityManager, { organizationId, typeCode }: PlanScope): Promise<void> {
  if (organizationId !== null && !isUuid(organizationId)) throw new NotFound('organization');
  const rows: { known: boolean }[] = await tx.query(
    `SELECT ($1::uuid IS NULL OR EXISTS (SELECT FROM organization WHERE id = $1))
        AND ($2::text IS NULL OR EXISTS (SELECT FROM appointment_type WHERE code = $2)) AS known`,
    [organizationId, typeCode],
  );
  if (rows[0]?.known !== true) throw new NotFound('plan');
}
