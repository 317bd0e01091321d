import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the pages of a service need beside attendance. */
export class Figures1764000000300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`SELECT 1`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`SELECT 1`);
  }
}
