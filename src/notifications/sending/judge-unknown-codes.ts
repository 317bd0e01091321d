import type { EntityManager } from 'typeorm';
import type { CallOutcome } from '../domain/attempt-results.js';
import {
  UNKNOWN_CODE_MINUTES,
  type UnknownCodeVerdict,
  unknownCodeOf,
  verdictOnCode,
} from '../domain/unknown-codes.js';
import type { ObservedCall } from './observed-calls.js';

interface AnsweredCall extends ObservedCall {
  readonly attemptId: string;
}

interface Row {
  readonly operator: string;
  readonly code: string;
  readonly numbers: number;
  readonly taken: number;
}

/** The code that each of these attempts was answered, and those of the last minutes; then what was taken since. */
const SEEN = `
WITH fresh AS (
  SELECT * FROM unnest($1::uuid[], $2::text[]) AS fresh(attempt_id, code)
), seen AS (
  SELECT a.operator, fresh.code, a.recipient_id, a.real_started_at
    FROM fresh JOIN delivery_attempt a ON a.id = fresh.attempt_id
  UNION ALL
  SELECT operator, error_code, recipient_id, real_started_at FROM delivery_attempt
   WHERE real_started_at > now() - interval '${UNKNOWN_CODE_MINUTES} minutes'
     AND result IN ('refused', 'not-sent') AND error_code = ANY($2::text[])
), codes AS (
  SELECT operator, code, count(DISTINCT recipient_id)::int AS numbers, min(real_started_at) AS since
    FROM seen GROUP BY operator, code
)
SELECT operator, code, numbers,
       (SELECT count(*)::int FROM delivery_attempt a
         WHERE a.real_started_at >= codes.since AND a.operator = codes.operator
           AND a.result IN ('accepted', 'delivered', 'undelivered')) AS taken
  FROM codes`;

/**
 * A code that we do not know, answered for several numbers, is about our sender: what it refused is tried again, and
 * our operators are told. No statement while there is no such code; its cost follows the calls of ten minutes.
 */
export async function judgeUnknownCodes<Call extends AnsweredCall>(
  tx: EntityManager,
  calls: readonly Call[],
): Promise<readonly Call[]> {
  const odd = calls.filter(({ operator, outcome }) => unknownCodeOf(operator, outcome) !== null);
  if (odd.length === 0) return calls;
  const rows: Row[] = await tx.query(SEEN, [
    odd.map(({ attemptId }) => attemptId),
    odd.map(({ operator, outcome }) => unknownCodeOf(operator, outcome)),
  ]);
  return calls.map((call) => judged(call, verdictOn(call, calls, rows)));
}

function verdictOn(
  { operator, outcome }: AnsweredCall,
  calls: readonly AnsweredCall[],
  rows: readonly Row[],
): UnknownCodeVerdict {
  const code = unknownCodeOf(operator, outcome);
  const row = code === null ? undefined : rows.find((one) => one.operator === operator && one.code === code);
  if (row === undefined) return 'number';
  const takenNow = calls.filter((one) => one.operator === operator && one.outcome.result === 'accepted');
  return verdictOnCode({ numbers: row.numbers, taken: row.taken + takenNow.length });
}

function judged<Call extends AnsweredCall>(call: Call, verdict: UnknownCodeVerdict): Call {
  const outcome: CallOutcome = call.outcome;
  if (verdict === 'number' || outcome.result === 'accepted') return call;
  if (verdict === 'alert') return { ...call, asksForUs: true };
  return { ...call, asksForUs: true, outcome: { result: 'not-sent', errorCode: outcome.errorCode } };
}
