import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether an operator was asked to confirm a text: where it was not, « accepted » is all there will ever be.
 *
 * Locking: a column with a constant default is added without rewriting the table. Undo: drops it.
 */
export class ExpectedReceipts1764000000400 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE delivery_attempt ADD COLUMN awaits_receipt boolean NOT NULL DEFAULT true;
      COMMENT ON COLUMN delivery_attempt.awaits_receipt IS 'its operator was asked to tell whether it arrived';
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE delivery_attempt DROP COLUMN awaits_receipt');
  }
}
