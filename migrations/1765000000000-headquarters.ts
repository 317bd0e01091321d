import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Groups of services under one headquarters, services that summon for all France, and the family of each
 * appointment type, by which rights are given.
 *
 * Locking: nullable columns and constant defaults do not rewrite the tables; `appointment_type` (16 rows) is
 * rewritten. Undo: drops them.
 */
export class Headquarters1765000000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE headquarters (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL UNIQUE,
        created_at timestamptz(3) NOT NULL DEFAULT app_now()
      );
      ALTER TABLE organization
        ADD COLUMN headquarters_id uuid REFERENCES headquarters,
        ADD COLUMN is_inter_ressort boolean NOT NULL DEFAULT false;
      ALTER TABLE agent ADD COLUMN headquarters_id uuid REFERENCES headquarters;
      COMMENT ON COLUMN organization.headquarters_id IS 'the services of one headquarters are its antennas';
      COMMENT ON COLUMN organization.is_inter_ressort IS 'its enforcement office summons for all France';
      COMMENT ON COLUMN agent.headquarters_id IS 'directors and local administrators of several antennas';
      CREATE INDEX organization_headquarters ON organization (headquarters_id) WHERE headquarters_id IS NOT NULL;
      ALTER TABLE appointment_type ADD COLUMN family text NOT NULL GENERATED ALWAYS AS (CASE
        WHEN is_hearing_exit AND place_kind = 'spip' THEN 'exit-spip'
        WHEN is_hearing_exit THEN 'exit-sap'
        WHEN cardinality(booked_by_tj) > 0 AND cardinality(booked_by_spip) > 0 THEN 'monitoring'
        WHEN cardinality(booked_by_tj) > 0 THEN 'court'
        ELSE 'spip' END) STORED;
      COMMENT ON COLUMN appointment_type.family IS 'by which src/access/domain/rights.ts gives rights';
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE appointment_type DROP COLUMN family;
      ALTER TABLE agent DROP COLUMN headquarters_id;
      ALTER TABLE organization DROP COLUMN headquarters_id, DROP COLUMN is_inter_ressort;
      DROP TABLE headquarters;
    `);
  }
}
