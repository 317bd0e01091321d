import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The nightly cells once more without their types: what a page of a service reads when no type is asked for, a
 * seventh of the rows.
 *
 * Locking: creates only; reads the cells once. Undo: drops the table; the cells know all of it.
 */
export class BreakdownTotals1766000000500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(TABLE);
    await q.query(FROM_CELLS);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE breakdown_total');
  }
}

const TABLE = `
CREATE TABLE breakdown_total (
  organization_id uuid NOT NULL REFERENCES organization,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  dimension text NOT NULL,
  value text NOT NULL,
  attended integer NOT NULL,
  missed integer NOT NULL,
  excused integer NOT NULL,
  cancelled integer NOT NULL,
  unknown integer NOT NULL,
  PRIMARY KEY (organization_id, month, dimension, value)
);
COMMENT ON TABLE breakdown_total IS 'breakdown_cell of all types together, without the slots; dimension type: the types themselves';
`;

/** Any dimension tells every convocation once, so one of them gives the types. */
export const FROM_CELLS = `
INSERT INTO breakdown_total (organization_id, month, dimension, value, attended, missed, excused, cancelled, unknown)
SELECT organization_id, month, dimension, value, sum(attended), sum(missed), sum(excused), sum(cancelled), sum(unknown)
  FROM (SELECT organization_id, month, dimension, value, attended, missed, excused, cancelled, unknown
          FROM breakdown_cell WHERE dimension <> 'slot'
         UNION ALL
        SELECT organization_id, month, 'type', type_code, attended, missed, excused, cancelled, unknown
          FROM breakdown_cell WHERE dimension = 'order') AS told
 GROUP BY 1, 2, 3, 4`;
