import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import { CALENDARS, isClosedDay } from '../../organizations/domain/calendar.js';
import type { Invariant } from './auditor-invariant.js';
import { LATENESS_INVARIANTS } from './auditor-lateness.js';
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

/** How messages left that were due in the last 24 hours, outages included: told whether it is a breach or not. */
export interface Lateness {
  readonly left: number;
  /** Shares from 0 to 1; null when none left. Wanted: 0.95 within 10 s, 0.99 within 60 s (I4). */
  readonly within10s: number | null;
  readonly within60s: number | null;
}

export const INVARIANTS: readonly Invariant[] = [
  ...SENDING_INVARIANTS,
  ...LATENESS_INVARIANTS,
  ...STATE_INVARIANTS,
];

/** What the database does not say of itself. */
export interface AuditSettings {
  /** `SEND_WINDOW`, for services without hours of their own; absent: they are not judged by hours. */
  readonly sendWindow?: string;
  /** Mail can be sent: who has an address may still be told. */
  readonly mailIsOn?: boolean;
}

const SHOWN = 20;

/** `$2`: the usual hours; `$3`, `$4`: closed days of the calendars. */
const GIVEN = `setting AS (SELECT $1::boolean AS mail_is_on, nullif($2::text, '') AS send_window),
  closed_day AS (SELECT * FROM unnest($3::text[], $4::date[]) AS given(calendar, day))`;

/**
 * Checks what can be checked by SQL of the invariants I1 to I8, and answers every breach. Reads only; looks back
 * 35 days. What is under way at this moment (a claim, an open call, a message to follow up) is given its time.
 */
export async function auditDatabase(
  tx: EntityManager,
  { sendWindow = '', mailIsOn = false }: AuditSettings = {},
): Promise<readonly Breach[]> {
  const closed = await closedDays(tx);
  const given = [mailIsOn, sendWindow, closed.map(({ calendar }) => calendar), closed.map(({ day }) => day)];
  const breaches: Breach[] = [];
  for (const { invariant, sentence, sql } of INVARIANTS) {
    const rows: { count: number; ids: string[] | null }[] = await tx.query(
      `WITH ${GIVEN}, breach AS (${sql})
       SELECT count(*)::int AS count, (array_agg(id::text ORDER BY id::text))[1:${SHOWN}] AS ids FROM breach`,
      given,
    );
    const { count, ids } = rows[0] ?? { count: 0, ids: null };
    if (count > 0) breaches.push({ invariant, sentence, ids: ids ?? [], count });
  }
  return breaches;
}

/** Of every calendar, among the local dates that the last 24 hours may have somewhere. */
async function closedDays(tx: EntityManager): Promise<readonly { calendar: string; day: string }[]> {
  const [now]: { today: string }[] = await tx.query(
    `SELECT (app_now() AT TIME ZONE 'UTC')::date::text AS today`,
  );
  const today = Temporal.PlainDate.from(now?.today ?? '1970-01-01');
  const days = [-2, -1, 0, 1].map((ahead) => today.add({ days: ahead }).toString());
  return CALENDARS.flatMap((calendar) =>
    days.filter((day) => isClosedDay(calendar, day)).map((day) => ({ calendar, day })),
  );
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
