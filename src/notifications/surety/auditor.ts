import type { EntityManager } from 'typeorm';
import type { Invariant } from './auditor-invariant.js';
import { SENDING_INVARIANTS } from './auditor-sending.js';
import { STATE_INVARIANTS } from './auditor-state.js';

/** Something that must never be, found in a live database. */
export interface Breach {
  /** `I1` to `I8` (docs/auditor.md). */
  readonly invariant: string;
  /** One sentence for an operator of ours; ids only, never personal data. */
  readonly sentence: string;
  /** Rows concerned, at most 20. */
  readonly ids: readonly string[];
  /** All rows concerned. */
  readonly count: number;
}

/** How messages left that were due in the last 24 hours: told, never a breach, since an outage may explain it. */
export interface Lateness {
  readonly left: number;
  /** Shares from 0 to 1; null when none left. Wanted: 0.95 within 10 s, 0.99 within 60 s (I4). */
  readonly within10s: number | null;
  readonly within60s: number | null;
}

export const INVARIANTS: readonly Invariant[] = [...SENDING_INVARIANTS, ...STATE_INVARIANTS];

const SHOWN = 20;

/**
 * Checks what can be checked by SQL of the invariants I1 to I8, and answers every breach. Reads only; looks back
 * 35 days. What is under way at this moment (a claim, an open call, a message to follow up) is given its time.
 * @param sendWindow `SEND_WINDOW`, for services without hours of their own; absent: they are not judged by hours
 */
export async function auditDatabase(tx: EntityManager, sendWindow = ''): Promise<readonly Breach[]> {
  await tx.query(`SELECT set_config('msj.send_window', $1, true)`, [sendWindow]);
  const breaches: Breach[] = [];
  for (const { invariant, sentence, sql } of INVARIANTS) {
    const rows: { count: number; ids: string[] | null }[] = await tx.query(
      `WITH breach AS (${sql})
       SELECT count(*)::int AS count, (array_agg(id::text ORDER BY id::text))[1:${SHOWN}] AS ids FROM breach`,
    );
    const { count, ids } = rows[0] ?? { count: 0, ids: null };
    if (count > 0) breaches.push({ invariant, sentence, ids: ids ?? [], count });
  }
  return breaches;
}

export async function latenessOf(tx: EntityManager): Promise<Lateness> {
  const rows: Lateness[] = await tx.query(
    `SELECT count(*)::int AS left,
            avg((accepted_at <= first_due_at + interval '10 seconds')::int)::float8 AS "within10s",
            avg((accepted_at <= first_due_at + interval '60 seconds')::int)::float8 AS "within60s"
       FROM message
      WHERE state NOT IN ('planned', 'queued', 'sending') AND first_due_at > app_now() - interval '24 hours'
        AND first_due_at <= app_now() AND accepted_at >= first_due_at`,
  );
  return rows[0] ?? { left: 0, within10s: null, within60s: null };
}
