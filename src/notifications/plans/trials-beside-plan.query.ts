import type { EntityManager } from 'typeorm';
import type { PlanScope } from './replan-batch.js';

export interface TrialBesidePlan {
  readonly id: string;
  readonly name: string;
}

/** Trials of reminders that run in the scope of a plan: what is booked there follows its arm, not the plan. */
export async function trialsBesidePlan(
  tx: EntityManager,
  { organizationId, typeCode }: PlanScope,
): Promise<readonly TrialBesidePlan[]> {
  return tx.query(
    `SELECT t.id, t.name FROM trial t
      WHERE t.state = 'running' AND t.differs_by = 'timing'
        AND EXISTS (SELECT FROM trial_population tp WHERE tp.trial_id = t.id
                       AND ($1::uuid IS NULL OR tp.organization_id = $1) AND ($2::text IS NULL OR tp.type_code = $2))
      ORDER BY t.name, t.id`,
    [organizationId, typeCode],
  );
}
