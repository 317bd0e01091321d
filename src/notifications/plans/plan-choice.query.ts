/**
 * The plan of reminders in force for a convocation: the newest version of each scope that sets its own steps, the
 * service's type before the service, the service before the nation's type, that before the nation. Expects the
 * convocation as `c` (its type and its service); gives `id`, `steps` and `weekly_limit`.
 */
export const PLAN_CHOICE = `
  SELECT newest.id, newest.steps, newest.weekly_limit
    FROM (SELECT DISTINCT ON (r.organization_id, r.type_code) r.* FROM reminder_plan r
           WHERE (r.organization_id IS NULL OR r.organization_id = c.organization_id)
             AND (r.type_code IS NULL OR r.type_code = c.type_code)
           ORDER BY r.organization_id, r.type_code, r.version DESC) AS newest
   WHERE newest.steps IS NOT NULL
   ORDER BY newest.organization_id IS NULL, newest.type_code IS NULL
   LIMIT 1`;

/**
 * The arm of a trial a convocation was booked into, while the trial holds: a stopped one changes nothing any more.
 * Expects the convocation as `c`, by its `id`; gives `trial_id`, `position` and `reminders`.
 */
export const ARM_OF_CONVOCATION = `
  SELECT a.trial_id, a.position, a.reminders
    FROM trial_convocation tc
    JOIN trial t ON t.id = tc.trial_id AND t.state IN ('running', 'ended')
    JOIN trial_arm a ON a.trial_id = tc.trial_id AND a.position = tc.arm
   WHERE tc.convocation_id = c.id`;

/**
 * The steps of the plan in force (`plan`) with the reminders of the arm (`arm`) in place of its own: arms differ by
 * the time of their reminders, and by nothing else of the plan. Its own are marked `replaced`: they hold where it is
 * too late for those of the arm.
 */
export const STEPS_IN_ARM = `
  CASE WHEN arm.reminders IS NULL THEN plan.steps
       ELSE coalesce((SELECT jsonb_agg(CASE step ->> 'kind' WHEN 'reminder' THEN step || '{"replaced": true}' ELSE step END)
                        FROM jsonb_array_elements(plan.steps) AS step), '[]') || arm.reminders END`;

/** The trial that whoever is booked here (`c.organization_id`, `c.type_code`, `c.local_date`) enters now. */
export const RUNNING_TRIAL = `
  SELECT t.id, t.unit, t.differs_by
    FROM trial_population tp JOIN trial t ON t.id = tp.trial_id
   WHERE tp.organization_id = c.organization_id AND tp.type_code = c.type_code AND tp.is_running
     AND t.ends_on >= c.local_date`;
