import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Trials: persons or services drawn into arms that differ by the timing or by the words of reminders, and nothing else.
 *
 * Locking: new tables only. Undo: drops them; which arm somebody was in is lost.
 */
export class Trials1764000000200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TRIALS);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      DROP TABLE trial_event, trial_convocation, trial_assignment, trial_stratum, trial_population, trial_text,
        trial_arm, trial;
      DROP FUNCTION refuse_registered_change();
      DROP FUNCTION refuse_registered_part();
    `);
  }
}

const TRIALS = `
CREATE TABLE trial (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  question text NOT NULL,
  differs_by text NOT NULL CHECK (differs_by IN ('timing', 'wording')),
  unit text NOT NULL CHECK (unit IN ('person', 'service')),
  by_service boolean NOT NULL,
  by_first boolean NOT NULL,
  seed text NOT NULL,
  outcome text NOT NULL DEFAULT 'absence-rate' CHECK (outcome = 'absence-rate'),
  planned_size integer NOT NULL CHECK (planned_size BETWEEN 20 AND 10000000),
  ends_on date NOT NULL,
  looks date[] NOT NULL DEFAULT '{}' CHECK (cardinality(looks) <= 4),
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'registered', 'running', 'ended', 'stopped')),
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  created_by_agent_id uuid REFERENCES agent,
  registered_at timestamptz(3),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  stop_reason text,
  CHECK ((state = 'stopped') = (stop_reason IS NOT NULL)),
  CHECK (state IN ('draft', 'stopped') OR registered_at IS NOT NULL),
  CHECK (state NOT IN ('running', 'ended') OR started_at IS NOT NULL)
);
COMMENT ON COLUMN trial.ends_on IS 'the last day whose appointments count';
COMMENT ON COLUMN trial.looks IS 'days before the end on which the results may be looked at, by the sequential rule';
COMMENT ON COLUMN trial.planned_size IS 'convocations with a known outcome, all arms together';

CREATE TABLE trial_arm (
  trial_id uuid NOT NULL REFERENCES trial ON DELETE CASCADE,
  position smallint NOT NULL CHECK (position BETWEEN 0 AND 3),
  name text NOT NULL,
  share integer NOT NULL DEFAULT 1 CHECK (share BETWEEN 1 AND 9),
  reminders jsonb,
  PRIMARY KEY (trial_id, position)
);
COMMENT ON COLUMN trial_arm.reminders IS 'reminder steps as in reminder_plan.steps; null: those of the plan in force';
CREATE TABLE trial_text (
  trial_id uuid NOT NULL,
  arm smallint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('summons', 'reminder')),
  register text NOT NULL CHECK (register IN ('standard', 'discreet')),
  text text NOT NULL,
  PRIMARY KEY (trial_id, arm, kind, register),
  FOREIGN KEY (trial_id, arm) REFERENCES trial_arm ON DELETE CASCADE
);
COMMENT ON TABLE trial_text IS 'said in French instead of the text in force';

-- Every service with every type; whoever is booked there while the trial runs is in it.
CREATE TABLE trial_population (
  trial_id uuid NOT NULL REFERENCES trial ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organization,
  type_code text NOT NULL REFERENCES appointment_type,
  is_running boolean NOT NULL DEFAULT false,
  PRIMARY KEY (trial_id, organization_id, type_code)
);
CREATE UNIQUE INDEX trial_running_once ON trial_population (organization_id, type_code) WHERE is_running;

-- How many units have entered: the next one takes the next place of the drawn line.
CREATE TABLE trial_stratum (
  trial_id uuid NOT NULL REFERENCES trial,
  stratum text NOT NULL,
  entered integer NOT NULL,
  PRIMARY KEY (trial_id, stratum)
);
CREATE TABLE trial_assignment (
  trial_id uuid NOT NULL REFERENCES trial,
  unit_id uuid NOT NULL,
  stratum text NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  arm smallint NOT NULL,
  assigned_at timestamptz(3) NOT NULL DEFAULT app_now(),
  PRIMARY KEY (trial_id, unit_id),
  UNIQUE (trial_id, stratum, position),
  FOREIGN KEY (trial_id, arm) REFERENCES trial_arm
);
COMMENT ON COLUMN trial_assignment.unit_id IS 'a person or a service, as the trial says';
-- Everybody booked in the population counts in their arm, reached or not.
CREATE TABLE trial_convocation (
  convocation_id uuid PRIMARY KEY REFERENCES convocation,
  trial_id uuid NOT NULL,
  unit_id uuid NOT NULL,
  arm smallint NOT NULL,
  booked_at timestamptz(3) NOT NULL DEFAULT app_now(),
  FOREIGN KEY (trial_id, unit_id) REFERENCES trial_assignment
);
CREATE INDEX trial_convocation_trial ON trial_convocation (trial_id, arm);
-- Append-only: every change, and who made it.
CREATE TABLE trial_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  trial_id uuid NOT NULL REFERENCES trial ON DELETE CASCADE,
  at timestamptz(3) NOT NULL DEFAULT app_now(),
  event text NOT NULL,
  agent_id uuid REFERENCES agent,
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX trial_event_trial ON trial_event (trial_id, id);

-- What was registered stays as it was registered, whoever writes.
CREATE FUNCTION refuse_registered_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - '{state,registered_at,started_at,finished_at,stop_reason}'::text[])
       IS DISTINCT FROM (to_jsonb(OLD) - '{state,registered_at,started_at,finished_at,stop_reason}'::text[])
     AND OLD.state <> 'draft' THEN
    RAISE EXCEPTION 'a registered trial does not change';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trial_frozen BEFORE UPDATE ON trial FOR EACH ROW EXECUTE FUNCTION refuse_registered_change();
CREATE FUNCTION refuse_registered_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM trial WHERE id = coalesce(NEW.trial_id, OLD.trial_id) AND state <> 'draft') THEN
    RAISE EXCEPTION 'a registered trial does not change';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER trial_arm_frozen BEFORE INSERT OR UPDATE OR DELETE ON trial_arm
  FOR EACH ROW EXECUTE FUNCTION refuse_registered_part();
CREATE TRIGGER trial_text_frozen BEFORE INSERT OR UPDATE OR DELETE ON trial_text
  FOR EACH ROW EXECUTE FUNCTION refuse_registered_part();
CREATE TRIGGER trial_population_frozen BEFORE INSERT OR UPDATE OF trial_id, organization_id, type_code OR DELETE
  ON trial_population FOR EACH ROW EXECUTE FUNCTION refuse_registered_part();
`;
