import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FRENCH } from './texts/french-2.js';
import { insertTexts } from './texts/rows.js';
import { TRANSLATIONS } from './texts/translations-1.js';

/**
 * A second version of the texts sent by default, and drafts in other languages, which nobody has reviewed yet.
 * Only rows are added, none is changed: what was sent keeps the version it was written from.
 *
 * Undo: removes those that no message was written from.
 */
export class EngineTemplates1763800000200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await insertTexts(q, FRENCH, true);
    await insertTexts(q, TRANSLATIONS, false);
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
