/** One thing that must never be, and how it is found. */
export interface Invariant {
  readonly invariant: `I${1 | 2 | 3 | 5 | 6 | 7 | 8}`;
  /** Unique; what a test plants. */
  readonly name: string;
  /** What is wrong, said of several rows. */
  readonly sentence: string;
  /** Answers the rows concerned as a column `id`. */
  readonly sql: string;
}

/** How far back the auditor looks. */
export const RECENT = `app_now() - interval '35 days'`;

/** SQL: messages whose hour came in that time, as \`m\`, each with its calls, as \`a\`. */
export const CALLS = `message m JOIN delivery_attempt a ON a.message_id = m.id AND m.first_due_at > ${RECENT}`;
