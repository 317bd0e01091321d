import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the service began where, what was aimed at, and what absence was before it existed. */
export class RolloutRegister1764000000100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
CREATE TABLE rollout (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL REFERENCES organization,
  place_id uuid REFERENCES place,
  type_code text REFERENCES appointment_type,
  agent_id uuid REFERENCES agent,
  started_on date NOT NULL,
  stopped_on date CHECK (stopped_on > started_on),
  note text NOT NULL DEFAULT '',
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  created_by_agent_id uuid REFERENCES agent,
  withdrawn_at timestamptz(3)
);
CREATE INDEX rollout_organization ON rollout (organization_id, started_on);

CREATE TABLE baseline_import (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL REFERENCES organization,
  source text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  created_by_agent_id uuid REFERENCES agent
);
CREATE TABLE baseline_count (
  organization_id uuid NOT NULL REFERENCES organization,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  type_code text REFERENCES appointment_type,
  attended integer NOT NULL CHECK (attended >= 0),
  missed integer NOT NULL CHECK (missed >= 0),
  excused integer NOT NULL CHECK (excused >= 0),
  cancelled integer NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  unknown integer NOT NULL DEFAULT 0 CHECK (unknown >= 0),
  import_id uuid NOT NULL REFERENCES baseline_import ON DELETE CASCADE,
  UNIQUE NULLS NOT DISTINCT (organization_id, month, type_code)
);
COMMENT ON COLUMN baseline_count.type_code IS 'null: all types together';
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DROP TABLE baseline_count, baseline_import, rollout`);
  }
}
