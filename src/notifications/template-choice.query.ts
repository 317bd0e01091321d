/**
 * The text for a message: the service's own before the default, the type's own before the general one. Expects
 * `wanted.kind`, the person as `p` and the convocation as `c`.
 */
export const TEMPLATE_CHOICE = `
  SELECT t.id, t.text FROM template t
   WHERE t.kind = wanted.kind AND t.register = p.register AND t.language IN (p.language, 'fr')
     AND (t.type_code IS NULL OR t.type_code = c.type_code)
     AND (t.organization_id IS NULL OR t.organization_id = c.organization_id)
   ORDER BY t.organization_id IS NULL, t.type_code IS NULL, t.language <> p.language, t.version DESC
   LIMIT 1`;
