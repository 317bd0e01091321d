import type { EntityManager } from 'typeorm';
import { parsePlan } from '../domain/parse-plan.js';
import { type ReminderPlan } from '../domain/reminder-plan.js';
import type { PlanScope } from './replan-batch.js';

/** The newest version of one scope. */
export interface StoredPlan extends PlanScope {
  /** 0: none was ever stored. */
  readonly version: number;
  /** Null: follows what stands above it. */
  readonly plan: ReminderPlan | null;
  /** Texts a person gets at most in seven days. */
  readonly weeklyLimit: number;
}

/** Who sets the plan in force. */
export type PlanOrigin = 'type' | 'service' | 'national-type' | 'national';

interface Row extends PlanScope {
  readonly version: number;
  readonly steps: unknown;
  readonly weeklyLimit: number;
}

/** The newest version of every scope of this service and of the nation. */
export async function storedPlans(
  tx: EntityManager,
  organizationId: string | null,
): Promise<readonly StoredPlan[]> {
  const rows: Row[] = await tx.query(
    `SELECT DISTINCT ON (organization_id, type_code) organization_id AS "organizationId", type_code AS "typeCode",
            version, steps, weekly_limit AS "weeklyLimit"
       FROM reminder_plan WHERE organization_id IS NULL OR organization_id = $1::uuid
      ORDER BY organization_id, type_code, version DESC`,
    [organizationId],
  );
  return rows.map(({ steps, ...row }) => ({ ...row, plan: steps === null ? null : parsePlan(steps) }));
}

/** The plan in force for a type (null: for the types without one of their own), as `PLAN_CHOICE` finds it. */
export function planInForce(
  stored: readonly StoredPlan[],
  { organizationId, typeCode }: PlanScope,
): (StoredPlan & { readonly origin: PlanOrigin }) | undefined {
  const candidates: readonly [PlanOrigin, PlanScope][] = [
    ['type', { organizationId, typeCode }],
    ['service', { organizationId, typeCode: null }],
    ['national-type', { organizationId: null, typeCode }],
    ['national', { organizationId: null, typeCode: null }],
  ];
  for (const [origin, scope] of candidates) {
    if ((origin === 'type' || origin === 'national-type') && typeCode === null) continue;
    if ((origin === 'type' || origin === 'service') && organizationId === null) continue;
    const found = planOfScope(stored, scope);
    if (found?.plan != null) return { ...found, origin };
  }
  return undefined;
}

/** Also one that follows what stands above it. */
export function planOfScope(stored: readonly StoredPlan[], scope: PlanScope): StoredPlan | undefined {
  return stored.find((one) => one.organizationId === scope.organizationId && one.typeCode === scope.typeCode);
}
