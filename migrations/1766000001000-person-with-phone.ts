import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who has a number, without the number or its key: what the earlier dashboards' rate asks, and all that the role of
 * statistics may know of it.
 *
 * Locking: none. Undo: drops the view.
 */
export class PersonWithPhone1766000001000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      'CREATE VIEW person_with_phone AS SELECT id AS person_id FROM person WHERE phone_id IS NOT NULL',
    );
    await q.query(`COMMENT ON VIEW person_with_phone IS 'for figures: whether there is a number, not which'`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW person_with_phone');
  }
}
