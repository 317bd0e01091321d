import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { stopMessages } from '../../persons/sms-refusal.js';
import { prepared } from '../../platform/prepared.js';
import { withCommit } from '../../platform/transaction.js';
import { drawEarlyReports, type Ended } from './draw-early-reports.js';
import { judgeUnknownCodes } from './judge-unknown-codes.js';
import { OperatorRouting } from './operator-routing.js';
import { type CallOutcome, LOOKUP_SECONDS } from '../domain/attempt-results.js';
import { againInSeconds } from '../domain/circuit-breaker.js';
import { reportsByNumber } from '../domain/text-parts.js';

/** A call that ended, to be written down. */
export interface RecordedCall {
  readonly attemptId: string;
  readonly number: number;
  readonly operator: string;
  readonly outcome: CallOutcome;
  /** Somebody of ours must look at what was answered. */
  readonly asksForUs?: boolean;
}

/**
 * Writes what came of a batch of calls, in one statement. A receipt may have come first and a sweeper may have
 * doubted meanwhile: what is already known better is left as it is.
 */
@Injectable()
export class RecordOutcomes {
  constructor(private readonly routing: OperatorRouting) {}

  async execute(tx: EntityManager, answered: readonly RecordedCall[]): Promise<void> {
    const calls = await judgeUnknownCodes(tx, answered);
    const early = calls.map(({ operator }) => reportsByNumber(operator));
    const recorded = tx.query<Ended[]>(RECORD, [
      calls.map((call) => call.attemptId),
      calls.map((call) => call.outcome.result),
      calls.map(({ outcome }) => (outcome.result === 'accepted' ? outcome.operatorMessageId : null)),
      calls.map(({ outcome }) => (outcome.result === 'accepted' ? null : outcome.errorCode)),
      calls.map((call) => againInSeconds(call.operator, call.outcome, call.number)),
      LOOKUP_SECONDS[0],
      'sending',
      'uncertain',
      calls.map((call) => call.operator),
      early,
    ]);
    if (early.includes(true)) for (const call of await recorded) await drawEarlyReports(tx, call);
    else await withCommit(tx, recorded);
    await this.routing.observe(tx, calls);
    await recordOptOuts(
      tx,
      calls.filter(({ outcome }) => outcome.result === 'refused' && outcome.optedOut),
    );
  }
}

/** The operator says that this phone stopped messages: dated, with its origin, visible to agents, reversible. */
async function recordOptOuts(tx: EntityManager, calls: readonly RecordedCall[]): Promise<void> {
  if (calls.length === 0) return;
  const stopped: { personId: string; convocationId: string }[] = await tx.query(
    `SELECT c.person_id AS "personId", c.id AS "convocationId"
       FROM delivery_attempt a JOIN message m ON m.id = a.message_id JOIN convocation c ON c.id = m.convocation_id
      WHERE a.id = ANY($1::uuid[]) ORDER BY c.person_id, c.starts_at`,
    [calls.map((call) => call.attemptId)],
  );
  for (const refusal of stopped) await stopMessages(tx, null, { ...refusal, origin: 'operator' });
}

/** Kept with an answer that names an id which another call already holds. */
const ID_TAKEN = 'id-taken';

/**
 * States are parameters, for the reason told at `LOCK` in `send-context.query.ts`. An answer whose id another call
 * holds is a doubt, which the list of the operator ends: the others of the batch are written all the same. `LIMIT`
 * keeps the planner on the index of the ids. It tells of which calls something was reported before they ended.
 */
const RECORD = prepared(`
WITH clock AS MATERIALIZED (SELECT app_now() AS now), named AS (
  SELECT *, row_number() OVER (PARTITION BY operator, operator_message_id ORDER BY attempt_id) AS nth
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $9::text[], $10::boolean[])
      AS r(attempt_id, result, operator_message_id, error_code, retry_seconds, operator, may_be_early)
), r AS (
  SELECT attempt_id, retry_seconds, may_be_early, CASE WHEN is_taken THEN NULL ELSE operator_message_id END AS operator_message_id,
         CASE WHEN is_taken THEN 'uncertain' ELSE result END AS result,
         CASE WHEN is_taken THEN '${ID_TAKEN}' ELSE error_code END AS error_code
    FROM named
    LEFT JOIN LATERAL (SELECT true AS is_other FROM delivery_attempt o
                        WHERE o.operator = named.operator AND o.operator_message_id = named.operator_message_id
                          AND o.id <> named.attempt_id LIMIT 1) AS holder ON true
    CROSS JOIN LATERAL (SELECT named.operator_message_id IS NOT NULL AND (nth > 1 OR is_other IS TRUE) AS is_taken) AS t
), attempts AS (
  UPDATE delivery_attempt a
     SET result = r.result, operator_message_id = r.operator_message_id, error_code = r.error_code,
         answered_at = clock.now,
         next_lookup_at = CASE r.result WHEN 'uncertain' THEN a.started_at + make_interval(secs => $6) END
    FROM r, clock WHERE a.id = r.attempt_id
     AND (a.result = 'open' OR (a.result = 'uncertain' AND r.result = 'accepted'))
  RETURNING a.id, a.message_id, r.result, r.error_code, r.retry_seconds, r.may_be_early
), messages AS (
  UPDATE message m
     SET state = CASE a.result WHEN 'accepted' THEN 'accepted' WHEN 'refused' THEN 'failed'
                   WHEN 'not-sent' THEN 'planned' ELSE 'uncertain' END,
         reason = CASE WHEN a.result = 'refused' THEN 'operator-refused' END,
         due_at = CASE a.result WHEN 'not-sent' THEN clock.now + make_interval(secs => a.retry_seconds)
                    ELSE m.due_at END,
         accepted_at = CASE a.result WHEN 'accepted' THEN clock.now ELSE m.accepted_at END,
         settled_at = CASE a.result WHEN 'refused' THEN clock.now END,
         updated_at = clock.now
    FROM attempts a, clock WHERE m.id = a.message_id
     AND (m.state = $7 OR (m.state = $8 AND a.result = 'accepted'))
)
SELECT a.id AS "attemptId", a.message_id AS "messageId" FROM attempts a
 WHERE a.may_be_early AND a.result IN ('accepted', 'uncertain')
   AND EXISTS (SELECT FROM receipt r WHERE r.attempt_id = a.id)`);
