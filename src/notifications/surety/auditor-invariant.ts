/** One thing that must never be, and how it is found. */
export interface Invariant {
  readonly invariant: `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;
  /** Unique; what a test plants. */
  readonly name: string;
  /** What is wrong, said of several rows. */
  readonly sentence: string;
  /** Answers the rows concerned as a column `id`; may read `setting` and `closed_day`, and `$1` as `REACH_FACTS` does. */
  readonly sql: string;
}

/** Asked once a statement, not once a row. */
export const NOW = '(SELECT app_now())';

/** How far back the auditor looks. */
export const RECENT = `${NOW} - interval '35 days'`;

/** SQL: messages whose hour came in that time, or comes within a week, as \`m\`; by the two indexes of the hours. */
const HOURS = `first_due_at > ${RECENT} AND first_due_at < ${NOW} + interval '7 days'`;
export const MESSAGES = `(
  SELECT * FROM message WHERE state IN ('planned', 'queued', 'sending') AND ${HOURS}
  UNION ALL SELECT * FROM message WHERE state NOT IN ('planned', 'queued', 'sending') AND ${HOURS}) AS m`;

/**
 * SQL: each of those with its calls, as `a`. By the index of the message, never the other way round: a database just
 * filled or restored has no statistics, and PostgreSQL then compares every call with every message. OFFSET 0 holds it.
 */
export const CALLS = `${MESSAGES} CROSS JOIN LATERAL (
  SELECT * FROM delivery_attempt WHERE message_id = m.id OFFSET 0) AS a`;
