import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What tells whether messages leave: tallies that no reader has to count again, and the comparison of this database
 * with what each operator says it took.
 *
 * Locking: `message` and `delivery_attempt` are read once to start the tallies and to build two partial indexes, and
 * are not written meanwhile: seconds for a million rows. Undo: drops all of it; the tallies can be counted again.
 */
export class SendingFigures1763800000100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const block of [INDEXES, TALLY, TRIGGERS, COMPARISON]) await q.query(block);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      DROP TABLE operator_comparison;
      ALTER TABLE sending_hold DROP COLUMN real_released_at;
      DROP TRIGGER tally_insert ON message; DROP TRIGGER tally_update ON message; DROP TRIGGER tally_delete ON message;
      DROP TRIGGER tally_insert ON delivery_attempt; DROP TRIGGER tally_update ON delivery_attempt;
      DROP TRIGGER tally_delete ON delivery_attempt;
      DROP FUNCTION tally_messages(), tally_attempts();
      DROP TABLE engine_tally;
      DROP INDEX message_waiting, message_left, message_duplicate, delivery_attempt_newest;
    `);
  }
}

/** One of the first two holds each row, so that an update writes one entry, as with a single whole index. */
const INDEXES = `
CREATE INDEX message_waiting ON message (first_due_at) WHERE state IN ('planned', 'queued', 'sending');
CREATE INDEX message_left ON message (first_due_at) WHERE state NOT IN ('planned', 'queued', 'sending');
CREATE INDEX message_duplicate ON message (id) WHERE possible_duplicate;
-- Rows are written in the order of time: a few pages tell the newest ones apart.
CREATE INDEX delivery_attempt_newest ON delivery_attempt USING brin (real_started_at)
  WITH (pages_per_range = 16, autosummarize = on);
`;

const TALLY = `
-- Each statement that changes states appends its difference, so writers never wait for each other; a task of the
-- schedule folds the rows. The sum of n is the count, at any moment, to whoever sees the same rows.
CREATE TABLE engine_tally (
  subject text NOT NULL CHECK (subject IN ('message', 'attempt')),
  channel text NOT NULL DEFAULT '',
  operator text NOT NULL DEFAULT '',
  label text NOT NULL,
  n bigint NOT NULL
);
COMMENT ON COLUMN engine_tally.label IS 'state of messages, result of attempts';
LOCK TABLE message, delivery_attempt IN SHARE MODE;
INSERT INTO engine_tally (subject, label, n) SELECT 'message', state, count(*) FROM message GROUP BY state;
INSERT INTO engine_tally (subject, channel, operator, label, n)
SELECT 'attempt', channel, operator, result, count(*) FROM delivery_attempt GROUP BY channel, operator, result;
`;

const TRIGGERS = `
CREATE FUNCTION tally_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO engine_tally (subject, label, n)
    SELECT 'message', state, count(*) FROM after_rows GROUP BY state;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO engine_tally (subject, label, n)
    SELECT 'message', state, -count(*) FROM before_rows GROUP BY state;
  ELSE
    INSERT INTO engine_tally (subject, label, n)
    SELECT 'message', state, sum(change)
      FROM (SELECT state, 1 AS change FROM after_rows UNION ALL SELECT state, -1 FROM before_rows) AS moved
     GROUP BY state HAVING sum(change) <> 0;
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION tally_attempts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO engine_tally (subject, channel, operator, label, n)
    SELECT 'attempt', channel, operator, result, count(*) FROM after_rows GROUP BY channel, operator, result;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO engine_tally (subject, channel, operator, label, n)
    SELECT 'attempt', channel, operator, result, -count(*) FROM before_rows GROUP BY channel, operator, result;
  ELSE
    INSERT INTO engine_tally (subject, channel, operator, label, n)
    SELECT 'attempt', channel, operator, result, sum(change)
      FROM (SELECT channel, operator, result, 1 AS change FROM after_rows
            UNION ALL SELECT channel, operator, result, -1 FROM before_rows) AS moved
     GROUP BY channel, operator, result HAVING sum(change) <> 0;
  END IF;
  RETURN NULL;
END $$;
${triggers('message', 'tally_messages')}
${triggers('delivery_attempt', 'tally_attempts')}
`;

/** A trigger that sees all rows of its statement belongs to one kind of statement. */
function triggers(table: string, call: string): string {
  return `
CREATE TRIGGER tally_insert AFTER INSERT ON ${table} REFERENCING NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION ${call}();
CREATE TRIGGER tally_update AFTER UPDATE ON ${table} REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION ${call}();
CREATE TRIGGER tally_delete AFTER DELETE ON ${table} REFERENCING OLD TABLE AS before_rows
  FOR EACH STATEMENT EXECUTE FUNCTION ${call}();`;
}

const COMPARISON = `
ALTER TABLE sending_hold ADD COLUMN real_released_at timestamptz(3);
COMMENT ON COLUMN sending_hold.real_released_at IS 'never simulated: what the operator took before it was accounted for';
-- The last time a worker that started compared the operator's newest messages with ours. Real time.
CREATE TABLE operator_comparison (
  operator text PRIMARY KEY,
  compared_at timestamptz(3) NOT NULL DEFAULT now(),
  outcome text NOT NULL CHECK (outcome IN ('explained', 'unexplained', 'no-list', 'no-answer'))
);
`;
