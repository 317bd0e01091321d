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
