/**
 * The text for a message: in the person's language, else in French; the service's own before the default, the type's
 * own before the general one. Of each, the newest version that somebody reviewed; one without a text says « back to
 * the default ». Expects `wanted.kind`, the person as `p` and the convocation as `c`.
 */
export const TEMPLATE_CHOICE = `
  SELECT newest.id, newest.text, newest.language
    FROM (SELECT DISTINCT ON (t.organization_id, t.type_code, t.language)
                 t.id, t.text, t.language, t.organization_id, t.type_code
            FROM template t
           WHERE t.kind = wanted.kind AND t.register = p.register AND t.language IN (p.language, 'fr')
             AND (t.type_code IS NULL OR t.type_code = c.type_code)
             AND (t.organization_id IS NULL OR t.organization_id = c.organization_id)
             AND t.reviewed_at IS NOT NULL
           ORDER BY t.organization_id, t.type_code, t.language, t.version DESC) newest
   WHERE newest.text IS NOT NULL
   ORDER BY newest.language <> p.language, newest.organization_id IS NULL, newest.type_code IS NULL
   LIMIT 1`;

/**
 * What the arm of a trial says instead, in French only: who reads another language keeps the text in force. Expects the
 * message as `m`, with its `convocation_id`, `kind` and `register`.
 */
export const TRIAL_TEXT = `
  SELECT v.text
    FROM trial_convocation tc
    JOIN trial t ON t.id = tc.trial_id AND t.state IN ('running', 'ended')
    JOIN trial_text v ON v.trial_id = tc.trial_id AND v.arm = tc.arm
   WHERE tc.convocation_id = m.convocation_id AND v.kind = m.kind AND v.register = m.register`;
