import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When the service began where, what was aimed at, and what absence was before it existed.
 *
 * Nothing is ever rewritten in the register: a correction withdraws the row and adds another one.
 * Undo: the register, the imported counts and the plans are lost; `organization.rolled_out_on` stays.
 */
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
  replaces_id uuid REFERENCES rollout,
  withdrawn_at timestamptz(3),
  withdrawn_by_agent_id uuid REFERENCES agent,
  CHECK (num_nonnulls(place_id, type_code, agent_id) <= 1)
);
CREATE INDEX rollout_organization ON rollout (organization_id, started_on);
COMMENT ON COLUMN rollout.stopped_on IS 'first day without messages again';
COMMENT ON COLUMN rollout.replaces_id IS 'the row that this one corrects, itself withdrawn';

CREATE TABLE rollout_target (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL REFERENCES organization,
  relative_change numeric(4, 3) NOT NULL CHECK (relative_change BETWEEN -1 AND 0),
  from_on date NOT NULL,
  until_on date NOT NULL CHECK (until_on > from_on),
  note text NOT NULL DEFAULT '',
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  created_by_agent_id uuid REFERENCES agent,
  withdrawn_at timestamptz(3),
  withdrawn_by_agent_id uuid REFERENCES agent
);
CREATE UNIQUE INDEX rollout_target_once ON rollout_target (organization_id) WHERE withdrawn_at IS NULL;
COMMENT ON COLUMN rollout_target.relative_change IS '-0.3: thirty per cent fewer absences than before';

CREATE TABLE baseline_import (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL REFERENCES organization,
  source text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  created_by_agent_id uuid REFERENCES agent,
  rows integer NOT NULL DEFAULT 0,
  first_month date,
  last_month date,
  undone_at timestamptz(3),
  undone_by_agent_id uuid REFERENCES agent
);
CREATE INDEX baseline_import_organization ON baseline_import (organization_id, created_at);
COMMENT ON COLUMN baseline_import.rows IS 'counts that it brought; an undone import keeps its line, not its counts';

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
CREATE INDEX baseline_count_import ON baseline_count (import_id);
COMMENT ON COLUMN baseline_count.type_code IS 'null: all types together';

CREATE TABLE rollout_plan (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL REFERENCES organization,
  name text NOT NULL,
  design jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  created_by_agent_id uuid REFERENCES agent
);
CREATE INDEX rollout_plan_organization ON rollout_plan (organization_id, created_at);
COMMENT ON COLUMN rollout_plan.design IS 'services, seed, steps, first month, hypotheses: the order is drawn again from the seed';

INSERT INTO rollout (organization_id, started_on, note)
SELECT id, rolled_out_on, 'Repris de la fiche du service.' FROM organization WHERE rolled_out_on IS NOT NULL;
`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DROP TABLE rollout_plan, baseline_count, baseline_import, rollout_target, rollout`);
  }
}
