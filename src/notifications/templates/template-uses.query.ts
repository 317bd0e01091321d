import type { EntityManager } from 'typeorm';
import { templateChoice } from './template-choice.query.js';
import { keyValues, type TemplateKey } from './template.queries.js';

/** The stored texts, and one that stands in a field as if it had been saved and reviewed just now. */
const WITH_TYPED = `(
  SELECT id, kind, type_code, organization_id, language, register, version, text, reviewed_at FROM template
   UNION ALL
  SELECT NULL, $1, $2::text, $3::uuid, $4, $5, 2147483647, $6::text, app_now())`;

/** Codes of the types whose messages would be written from this text, were it saved and reviewed: a type's own serves it. */
export async function typesServedBy(
  tx: EntityManager,
  key: TemplateKey,
  text: string,
): Promise<readonly string[]> {
  if (key.typeCode !== null) return [key.typeCode];
  const rows: { typeCode: string }[] = await tx.query(
    `SELECT c.type_code AS "typeCode"
       FROM (SELECT code AS type_code, $3::uuid AS organization_id FROM appointment_type) AS c
      CROSS JOIN (SELECT $1::text AS kind) AS wanted
      CROSS JOIN (SELECT $4::text AS language, $5::text AS register) AS p
      CROSS JOIN LATERAL (${templateChoice(WITH_TYPED)}) AS chosen
      WHERE chosen.id IS NULL`,
    [...keyValues(key), text],
  );
  return rows.map(({ typeCode }) => typeCode);
}

/** A French text that is another now than when its translation was reviewed. */
export interface FrenchChange {
  readonly typeName: string;
  /** Of the text that leaves now; where it is older than the review, of the newest that gave way to it. */
  readonly version: number;
  readonly createdAt: Date;
}

/** Texts as they were when the translation `r` was reviewed. */
const AT_REVIEW = '(SELECT * FROM template WHERE reviewed_at <= r.reviewed_at)';

/**
 * Among these types, those whose French text changed since a translation was reviewed.
 * @param reviewedId of the version that was reviewed
 */
export function frenchChangedSince(
  tx: EntityManager,
  { organizationId, kind, register }: TemplateKey,
  reviewedId: string,
  typeCodes: readonly string[],
): Promise<FrenchChange[]> {
  return tx.query(
    `SELECT c.name AS "typeName", last.version, last.created_at AS "createdAt"
       FROM template r
      CROSS JOIN (SELECT code AS type_code, name, position, $2::uuid AS organization_id
                    FROM appointment_type WHERE code = ANY($5::text[])) AS c
      CROSS JOIN (SELECT $3::text AS kind) AS wanted
      CROSS JOIN (SELECT 'fr' AS language, $4::text AS register) AS p
       LEFT JOIN LATERAL (${templateChoice(AT_REVIEW)}) AS read ON true
       LEFT JOIN LATERAL (${templateChoice('template')}) AS sent ON true
      CROSS JOIN LATERAL (
        SELECT t.version, t.created_at FROM template t
         WHERE t.kind = wanted.kind AND t.register = p.register AND t.language = 'fr' AND t.reviewed_at > r.reviewed_at
           AND (t.type_code IS NULL OR t.type_code = c.type_code)
           AND (t.organization_id IS NULL OR t.organization_id = c.organization_id)
         ORDER BY t.id = sent.id DESC, t.reviewed_at DESC LIMIT 1) AS last
      WHERE r.id = $1 AND read.text IS DISTINCT FROM sent.text
      ORDER BY c.position`,
    [reviewedId, organizationId, kind, register, typeCodes],
  );
}
