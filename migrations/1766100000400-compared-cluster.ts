import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where the database lived when an operator was compared last: a backup restored elsewhere, or from the archive, is
 * recognised although the operator keeps no list.
 *
 * Locking: none that is felt, one row for each operator. Undo: without it.
 */
export class ComparedCluster1766100000400 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE operator_comparison ADD COLUMN cluster text;
      COMMENT ON COLUMN operator_comparison.cluster IS 'system identifier, timeline and database; null: not known';
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE operator_comparison DROP COLUMN cluster');
  }
}
