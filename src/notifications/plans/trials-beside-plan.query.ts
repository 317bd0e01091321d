import type { EntityManager } from 'typeorm';
import type { PlanScope } from './replan-batch.js';

export interface TrialBesidePlan {
  readonly id: string;
  readonly name: string;
  /** Over, but persons drawn in it are still to come. */
  readonly isOver: boolean;
}

/**
 * Trials of reminders in the scope of a plan, of which the appointments follow their arm and not the plan: those that
 * run, and those that came to their end while some are still to come.
 */
export async function trialsBesidePlan(
  tx: EntityManager,
  { organizationId, typeCode }: PlanScope,
): Promise<readonly TrialBesidePlan[]> {
  return tx.query(
    `SELECT t.id, t.name, t.state = 'ended' AS "isOver" FROM trial t
      WHERE t.differs_by = 'timing'
        AND (t.state = 'running' OR t.state = 'ended' AND EXISTS (
              SELECT FROM trial_convocation tc JOIN convocation c ON c.id = tc.convocation_id
               WHERE tc.trial_id = t.id AND c.state = 'booked' AND c.starts_at > app_now()
                 AND ($1::uuid IS NULL OR c.organization_id = $1) AND ($2::text IS NULL OR c.type_code = $2)))
        AND EXISTS (SELECT FROM trial_population tp WHERE tp.trial_id = t.id
                       AND ($1::uuid IS NULL OR tp.organization_id = $1) AND ($2::text IS NULL OR tp.type_code = $2))
      ORDER BY t.state = 'ended', t.name, t.id`,
    [organizationId, typeCode],
  );
}
