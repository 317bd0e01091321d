import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Trials of timing or wording. */
export class Trials1764000000200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`SELECT 1`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`SELECT 1`);
  }
}
