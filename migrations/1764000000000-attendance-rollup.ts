import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Attendance added up by the database itself, in the transaction of the outcome.
 *
 * Each statement on `convocation` appends its differences to `attendance_delta`: no row is contended, so bookings
 * never wait for each other. `fold_attendance()` moves the differences into `attendance_cell`. Whoever reads adds
 * both up in one statement, so the sums are those of the rows at any moment.
 *
 * Locking: `convocation` may be read but not written while its rows are counted and one small partial index is
 * built: seconds for a million rows. Undo: drops all of it; it can be counted again.
 */
export class AttendanceRollup1764000000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const block of [TABLES, TRIGGERS, FOLD, REBUILD]) await q.query(block);
    await q.query(`SELECT rebuild_attendance()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      DROP TRIGGER attendance_insert ON convocation; DROP TRIGGER attendance_update ON convocation;
      DROP TRIGGER attendance_delete ON convocation; DROP TRIGGER attendance_truncate ON convocation;
      DROP FUNCTION tally_attendance(), fold_attendance(), rebuild_attendance();
      DROP TABLE attendance_delta, attendance_cell;
      DROP INDEX convocation_marked_early;
    `);
  }
}

const TABLES = `
CREATE TABLE attendance_delta (
  organization_id uuid NOT NULL,
  place_id uuid NOT NULL,
  type_code text NOT NULL,
  time_zone text NOT NULL,
  local_date date NOT NULL,
  state text NOT NULL,
  cancelled_by text,
  moved boolean NOT NULL,
  n integer NOT NULL
);
COMMENT ON COLUMN attendance_delta.moved IS 'rescheduled at least once';
-- Whole counts, whatever the hour: a reader leaves out what is still ahead, by the zone and the day.
CREATE TABLE attendance_cell (
  layer smallint NOT NULL CHECK (layer BETWEEN 1 AND 5),
  organization_id uuid NOT NULL,
  first_day date NOT NULL,
  type_code text,
  place_id uuid,
  time_zone text NOT NULL,
  attended integer NOT NULL,
  missed integer NOT NULL,
  excused integer NOT NULL,
  booked integer NOT NULL,
  cancelled_by_service integer NOT NULL,
  cancelled_by_person integer NOT NULL,
  cancelled_by_court integer NOT NULL,
  moved_marked integer NOT NULL,
  moved_booked integer NOT NULL
) WITH (fillfactor = 85);
COMMENT ON COLUMN attendance_cell.layer IS
  '1: service and month; 2: service, type and month; 3: service, place, type and month; 4: service and day; 5: service, place, type and day';
COMMENT ON COLUMN attendance_cell.first_day IS 'first of the month, or the day; of the promised local date';
COMMENT ON COLUMN attendance_cell.time_zone IS 'of the convocations: tells which day is today';
COMMENT ON COLUMN attendance_cell.moved_marked IS 'attended, missed or excused, rescheduled at least once';
COMMENT ON COLUMN attendance_cell.moved_booked IS 'booked, rescheduled at least once';
CREATE UNIQUE INDEX attendance_cell_key ON attendance_cell
  (layer, organization_id, first_day, type_code, place_id, time_zone) NULLS NOT DISTINCT;
-- Marked before its hour (excused in advance, mostly): counts only once the hour has come.
CREATE INDEX convocation_marked_early ON convocation (organization_id, starts_at)
  WHERE state IN ('attended', 'missed', 'excused') AND (outcome_at IS NULL OR outcome_at < starts_at);
`;

const MOVED = 'promise_version > 1';

const TRIGGERS = `
CREATE FUNCTION tally_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO attendance_delta
    SELECT organization_id, place_id, type_code, time_zone, local_date, state, cancelled_by, ${MOVED}, count(*)
      FROM after_rows GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO attendance_delta
    SELECT organization_id, place_id, type_code, time_zone, local_date, state, cancelled_by, ${MOVED}, -count(*)
      FROM before_rows GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO attendance_delta
    SELECT organization_id, place_id, type_code, time_zone, local_date, state, cancelled_by, ${MOVED}, sum(change)
      FROM (SELECT *, 1 AS change FROM after_rows UNION ALL SELECT *, -1 FROM before_rows) AS changed
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(change) <> 0;
  ELSE
    DELETE FROM attendance_delta;
    DELETE FROM attendance_cell;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER attendance_insert AFTER INSERT ON convocation REFERENCING NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tally_attendance();
CREATE TRIGGER attendance_update AFTER UPDATE ON convocation
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tally_attendance();
CREATE TRIGGER attendance_delete AFTER DELETE ON convocation REFERENCING OLD TABLE AS before_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tally_attendance();
CREATE TRIGGER attendance_truncate AFTER TRUNCATE ON convocation
  FOR EACH STATEMENT EXECUTE FUNCTION tally_attendance();
`;

const COUNTS = [
  'attended',
  'missed',
  'excused',
  'booked',
  'cancelled_by_service',
  'cancelled_by_person',
  'cancelled_by_court',
  'moved_marked',
  'moved_booked',
];

/** One row of `source` stands for n convocations of one kind. @returns the cells of every layer */
function layersOf(source: string): string {
  return `
    SELECT CASE WHEN GROUPING(local_date) = 0 THEN CASE WHEN GROUPING(place_id) = 1 THEN 4 ELSE 5 END
                WHEN GROUPING(type_code) = 1 THEN 1 WHEN GROUPING(place_id) = 1 THEN 2 ELSE 3 END,
           organization_id, coalesce(local_date, month), type_code, place_id, time_zone, ${COUNTS.map((name) => `sum(${name})`).join(', ')}
      FROM (SELECT organization_id, place_id, type_code, time_zone, local_date,
                   date_trunc('month', local_date::timestamp)::date AS month,
                   coalesce(sum(n) FILTER (WHERE state = 'attended'), 0) AS attended,
                   coalesce(sum(n) FILTER (WHERE state = 'missed'), 0) AS missed,
                   coalesce(sum(n) FILTER (WHERE state = 'excused'), 0) AS excused,
                   coalesce(sum(n) FILTER (WHERE state = 'booked'), 0) AS booked,
                   coalesce(sum(n) FILTER (WHERE cancelled_by = 'service'), 0) AS cancelled_by_service,
                   coalesce(sum(n) FILTER (WHERE cancelled_by = 'person'), 0) AS cancelled_by_person,
                   coalesce(sum(n) FILTER (WHERE cancelled_by = 'court'), 0) AS cancelled_by_court,
                   coalesce(sum(n) FILTER (WHERE moved AND state IN ('attended', 'missed', 'excused')), 0) AS moved_marked,
                   coalesce(sum(n) FILTER (WHERE moved AND state = 'booked'), 0) AS moved_booked
              FROM ${source} GROUP BY 1, 2, 3, 4, 5) AS days
     GROUP BY organization_id, time_zone,
              GROUPING SETS ((month), (month, type_code), (month, type_code, place_id), (local_date),
                             (local_date, type_code, place_id))`;
}

const FOLD = `
-- What is appended meanwhile stays for the next run. In the order of the key: two runs at once wait, and do not block
-- each other for good.
CREATE FUNCTION fold_attendance() RETURNS void LANGUAGE sql AS $$
  WITH taken AS (DELETE FROM attendance_delta RETURNING *)
  INSERT INTO attendance_cell ${layersOf('taken')} ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (layer, organization_id, first_day, type_code, place_id, time_zone)
  DO UPDATE SET ${COUNTS.map((name) => `${name} = attendance_cell.${name} + excluded.${name}`).join(', ')};
$$;
`;

const REBUILD = `
-- From scratch, while bookings go on: no folding meanwhile, and the rows counted and the differences thrown away are
-- those of one snapshot, that of the last statement. In the order of the key: the months of a service lie together.
CREATE FUNCTION rebuild_attendance() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE attendance_cell IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM attendance_cell;
  WITH thrown AS (DELETE FROM attendance_delta),
  counted AS (SELECT organization_id, place_id, type_code, time_zone, local_date, state, cancelled_by, ${MOVED} AS moved, count(*) AS n
                FROM convocation GROUP BY 1, 2, 3, 4, 5, 6, 7, 8)
  INSERT INTO attendance_cell ${layersOf('counted')} ORDER BY 1, 2, 3, 4, 5, 6;
END $$;
`;
