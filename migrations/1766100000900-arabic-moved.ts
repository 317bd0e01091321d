import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ARABIC_MOVED } from './texts/arabic-3.js';
import { insertTexts } from './texts/rows.js';

/**
 * The Arabic drafts of a moved appointment said that there was a new one. Nobody has reviewed these yet; where somebody
 * reviewed earlier ones, those stay in force until then.
 *
 * Locking: none, rows are only added. Undo: removes those that no message was written from.
 */
export class ArabicMoved1766100000900 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await insertTexts(q, ARABIC_MOVED, false);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(
      `DELETE FROM template t
        WHERE language = 'ar' AND kind = 'rescheduling' AND organization_id IS NULL AND created_by_agent_id IS NULL
          AND text = ANY($1::text[]) AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.template_id = t.id)`,
      [ARABIC_MOVED.map(({ text }) => text)],
    );
  }
}
