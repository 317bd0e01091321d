import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ARABIC } from './texts/arabic-2.js';
import { insertTexts } from './texts/rows.js';

/**
 * A second version of the Arabic drafts, which took three and four parts: at most two. Nobody has reviewed them yet;
 * where somebody reviewed the first ones, those stay in force until then.
 *
 * Locking: none, rows are only added. Undo: removes those that no message was written from.
 */
export class ArabicDrafts1766100000700 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await insertTexts(q, ARABIC, false);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      DELETE FROM template t
       WHERE language = 'ar' AND version = 2 AND organization_id IS NULL AND created_by_agent_id IS NULL
         AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.template_id = t.id)`);
  }
}
