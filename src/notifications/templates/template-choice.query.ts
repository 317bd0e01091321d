/** Of templates `t`: those of the kind and register, the defaults and the service's own. */
const FITTING = `t.kind = wanted.kind AND t.register = p.register
  AND (t.organization_id IS NULL OR t.organization_id = c.organization_id)`;

/** Somebody wrote a text of this type in the person's language, though perhaps nobody reviewed it yet. */
const hasTextOfType = (templates: string) => `
  SELECT FROM (SELECT DISTINCT ON (t.organization_id) t.text
                 FROM ${templates} t
                WHERE ${FITTING} AND t.language = p.language AND t.type_code = c.type_code
                ORDER BY t.organization_id, t.version DESC) AS last
   WHERE last.text IS NOT NULL`;

const NAMES_ADDRESS = String.raw`~* '\{\s*lieu\.adresse\s*\}'`;
const NAMES_PLACE = String.raw`~* '\{\s*lieu\.(adresse|nom)\s*\}'`;

/**
 * The text for a message: in the person's language, else in French; the type's own before the general one, then the
 * service's own before the default. Of each, the newest version that somebody reviewed; one without a text says « back
 * to the default ». Expects `wanted.kind`, the person as `p` and the convocation as `c`.
 *
 * A general text of another language would send to the address of the place whoever is expected elsewhere. It does not
 * stand in for a text of the type that waits for its review, nor for a French one that leaves the place out on purpose
 * where it would name the address: the French text of the type leaves instead.
 *
 * @param templates SQL: the table, or a selection of it in brackets, with its columns
 */
export const templateChoice = (templates: string) => `
  WITH newest AS (
    SELECT DISTINCT ON (t.organization_id, t.type_code, t.language)
           t.id, t.text, t.language, t.organization_id, t.type_code
      FROM ${templates} t
     WHERE ${FITTING} AND t.language IN (p.language, 'fr')
       AND (t.type_code IS NULL OR t.type_code = c.type_code) AND t.reviewed_at IS NOT NULL
     ORDER BY t.organization_id, t.type_code, t.language, t.version DESC
  ), french AS (
    SELECT newest.text FROM newest
     WHERE newest.text IS NOT NULL AND newest.language = 'fr' AND newest.type_code IS NOT NULL
     ORDER BY newest.organization_id IS NULL LIMIT 1
  )
  SELECT newest.id, newest.text, newest.language
    FROM newest
   WHERE newest.text IS NOT NULL
     AND (newest.language = 'fr' OR newest.type_code IS NOT NULL
          OR NOT EXISTS (${hasTextOfType(templates)})
             AND NOT (newest.text ${NAMES_ADDRESS}
                      AND EXISTS (SELECT FROM french WHERE NOT french.text ${NAMES_PLACE})))
   ORDER BY newest.language <> p.language, newest.type_code IS NULL, newest.organization_id IS NULL
   LIMIT 1`;

/** Of the texts that are stored. */
export const TEMPLATE_CHOICE = templateChoice('template');

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
