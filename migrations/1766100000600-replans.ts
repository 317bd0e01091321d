import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Changes of plan, of hours or of a territory whose messages are still to be planned again: done by batches, each in a
 * transaction of its own, so that nobody waits for all of them and a crash loses none.
 *
 * Locking: none, the table is new. Undo: without it; run it when no change of plan is under way.
 */
export class Replans1766100000600 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE replan (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid REFERENCES organization,
        type_code text REFERENCES appointment_type,
        territory text,
        total integer NOT NULL,
        reached integer NOT NULL DEFAULT 0,
        moved integer NOT NULL DEFAULT 0,
        added integer NOT NULL DEFAULT 0,
        withdrawn integer NOT NULL DEFAULT 0,
        altered integer NOT NULL DEFAULT 0,
        last_organization_id uuid,
        last_starts_at timestamptz(3),
        last_convocation_id uuid,
        created_at timestamptz(3) NOT NULL DEFAULT app_now(),
        finished_at timestamptz(3)
      );
      CREATE INDEX replan_open ON replan (created_at, id) WHERE finished_at IS NULL;
      COMMENT ON COLUMN replan.organization_id IS 'null: every service; so for type and territory';
      COMMENT ON COLUMN replan.total IS 'appointments to come when it was asked for';
      COMMENT ON COLUMN replan.last_convocation_id IS 'last one of the batches that are done, with its service and hour';
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE replan');
  }
}
