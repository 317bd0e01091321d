import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FRENCH } from './texts/french-2.js';
import { TRANSLATIONS } from './texts/translations-1.js';

/**
 * A second version of the texts sent by default, and drafts in other languages, which nobody has reviewed yet.
 * Only rows are added, none is changed: what was sent keeps the version it was written from.
 *
 * Undo: removes those that no message was written from.
 */
export class EngineTemplates1763800000200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await insert(q, FRENCH, true);
    await insert(q, TRANSLATIONS, false);
  }

  async down(q: QueryRunner): Promise<void> {
    // The first version: French, the 16 types in the standard register and one text for all in the discreet one.
    await q.query(`
      DELETE FROM template t
       WHERE organization_id IS NULL AND created_by_agent_id IS NULL
         AND NOT (version = 1 AND language = 'fr' AND (type_code IS NULL) = (register = 'discreet'))
         AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.template_id = t.id)`);
  }
}

async function insert(q: QueryRunner, rows: typeof FRENCH, isReviewed: boolean): Promise<void> {
  await q.query(
    `INSERT INTO template (kind, type_code, language, register, text, version, reviewed_at)
     SELECT r.kind, r."typeCode", r.language, r.register, r.text, coalesce(max(t.version), 0) + 1,
            CASE WHEN $2 THEN app_now() END
       FROM jsonb_to_recordset($1::jsonb)
         AS r(kind text, "typeCode" text, language text, register text, text text)
       LEFT JOIN template t ON t.kind = r.kind AND t.type_code IS NOT DISTINCT FROM r."typeCode"
         AND t.language = r.language AND t.register = r.register AND t.organization_id IS NULL
      GROUP BY r.kind, r."typeCode", r.language, r.register, r.text`,
    [JSON.stringify(rows), isReviewed],
  );
}
