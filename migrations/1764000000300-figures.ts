import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the page of a service shows beside its months: cells counted at night, so that no page counts convocations,
 * and what an absence costs the service.
 *
 * Locking: creates only. Undo: drops all of it; the cells can be counted again, the unit costs cannot.
 */
export class Figures1764000000300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const block of [BREAKDOWNS, COSTS, PUBLIC_FIGURES]) await q.query(block);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DROP TABLE public_figure; DROP INDEX person_referent`);
    await q.query(
      `DROP TABLE service_unit_cost, attendance_design_effect, breakdown_fold, text_cost_cell, breakdown_cell`,
    );
  }
}

const BREAKDOWNS = `
CREATE TABLE breakdown_cell (
  organization_id uuid NOT NULL REFERENCES organization,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  dimension text NOT NULL,
  value text NOT NULL,
  type_code text NOT NULL REFERENCES appointment_type,
  attended integer NOT NULL,
  missed integer NOT NULL,
  excused integer NOT NULL,
  cancelled integer NOT NULL,
  unknown integer NOT NULL,
  PRIMARY KEY (organization_id, dimension, month, type_code, value)
);
COMMENT ON TABLE breakdown_cell IS 'past convocations by month of the promised date and one property of them';
COMMENT ON COLUMN breakdown_cell.dimension IS 'age, order, delay, summons, reminder, reach, slot';
CREATE TABLE text_cost_cell (
  organization_id uuid NOT NULL REFERENCES organization,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  type_code text NOT NULL REFERENCES appointment_type,
  texts integer NOT NULL,
  parts integer NOT NULL,
  PRIMARY KEY (organization_id, month, type_code)
);
COMMENT ON COLUMN text_cost_cell.texts IS 'text messages that the operator took, of the convocations of the month';
COMMENT ON COLUMN text_cost_cell.parts IS 'what the operator bills';
CREATE TABLE breakdown_fold (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  folded_at timestamptz(3) NOT NULL
);
-- How much wider an interval is than if no person came twice, by length of the period.
CREATE TABLE attendance_design_effect (
  organization_id uuid NOT NULL REFERENCES organization,
  months integer NOT NULL,
  design_effect double precision NOT NULL CHECK (design_effect >= 1),
  PRIMARY KEY (organization_id, months)
);
`;

/**
 * Defaults. Postage: public price at the counter of a 20 g letter in 2026 (lettre verte 1.52 €, lettre recommandée R1
 * 6.11 €, without notice of receipt). Everything else is an assumption, said to be one where it is shown.
 */
const COSTS = `
CREATE TABLE service_unit_cost (
  organization_id uuid PRIMARY KEY REFERENCES organization,
  letter_cents integer NOT NULL DEFAULT 152 CHECK (letter_cents BETWEEN 0 AND 100000),
  registered_cents integer NOT NULL DEFAULT 611 CHECK (registered_cents BETWEEN 0 AND 100000),
  hour_cents integer NOT NULL DEFAULT 3500 CHECK (hour_cents BETWEEN 0 AND 100000),
  letters_per_absence numeric(4, 2) NOT NULL DEFAULT 1 CHECK (letters_per_absence BETWEEN 0 AND 20),
  registered_per_absence numeric(4, 2) NOT NULL DEFAULT 0.3 CHECK (registered_per_absence BETWEEN 0 AND 20),
  minutes_per_absence integer NOT NULL DEFAULT 20 CHECK (minutes_per_absence BETWEEN 0 AND 1000),
  updated_at timestamptz(3) NOT NULL DEFAULT app_now(),
  updated_by_agent_id uuid REFERENCES agent
);
COMMENT ON TABLE service_unit_cost IS 'no row: the defaults';
`;

const PUBLIC_FIGURES = `
-- What anybody may read, already rounded, without what is hidden: the table knows no more than the page. Written once
-- per quarter: two versions of one table would tell by their difference what each of them hides.
CREATE TABLE public_figure (
  quarter date NOT NULL CHECK (date_trunc('quarter', quarter) = quarter),
  month date,
  organization_id uuid REFERENCES organization,
  persons integer,
  known integer,
  absence_percent integer,
  unknown_percent integer,
  computed_at timestamptz(3) NOT NULL DEFAULT app_now(),
  UNIQUE NULLS NOT DISTINCT (quarter, month, organization_id),
  CHECK (month IS NULL OR organization_id IS NULL),
  CHECK (num_nulls(persons, known, absence_percent, unknown_percent) IN (0, 4))
);
COMMENT ON COLUMN public_figure.persons IS 'rounded to tens; null, like all figures of the row: hidden';

-- An agent's own persons.
CREATE INDEX person_referent ON person (referent_id) WHERE referent_id IS NOT NULL;
`;
