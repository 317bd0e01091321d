import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { digest } from '../../shared/tokens.js';
import { meaningOf, messageAfterReceipt, type ReceiptMeaning } from '../domain/attempt-results.js';
import type { MessageState } from '../domain/notification.states.js';
import { alertsOperators } from '../domain/operator-errors.js';
import { noteAlert } from './operator-states.js';

/** What an operator reports of one message, in its own words. */
export interface Receipt {
  readonly operatorMessageId: string;
  readonly status: string;
  readonly errorCode: string | null;
}

/** The call that a receipt is about, locked. */
export interface AttemptRow {
  readonly attemptId: string;
  readonly messageId: string;
  readonly state: MessageState;
  readonly result: string;
  readonly operator: string;
  readonly operatorMessageId: string | null;
  /** No later attempt of the message was made. */
  readonly isLast: boolean;
}

/**
 * Keeps a receipt and draws its consequence. Order and repetition do not matter; a receipt that comes before our
 * own answer was written brings the operator's id with it and ends every doubt.
 */
@Injectable()
export class RecordReceipt {
  /** @returns false when no attempt has this token */
  async execute(tx: EntityManager, token: string, receipt: Receipt): Promise<boolean> {
    const attempt = await lockAttempt(tx, token);
    if (attempt === undefined) return false;
    await recordFor(tx, attempt, receipt);
    return true;
  }
}

/**
 * What was already said changes nothing; what is wrong with us, and not with this number, is told to our operators.
 * @param apply draws the consequence of a receipt that is new
 */
export async function recordFor(
  tx: EntityManager,
  attempt: AttemptRow,
  receipt: Receipt,
  apply: typeof applyStatus = applyStatus,
): Promise<void> {
  if (await keepReceipt(tx, attempt.attemptId, receipt)) await draw(tx, attempt, receipt, apply);
}

/** Draws the consequence of a receipt that is kept. */
export async function draw(
  tx: EntityManager,
  attempt: AttemptRow,
  receipt: Receipt,
  apply: typeof applyStatus,
): Promise<void> {
  await apply(tx, attempt, receipt);
  const { operator } = attempt;
  if (receipt.errorCode !== null && alertsOperators(operator, receipt.errorCode))
    await noteAlert(tx, operator, receipt.errorCode);
}

/**
 * Draws the consequence of what the operator says of an attempt: by a receipt, which is surely of this attempt, or in
 * its list, where another may have taken the text first.
 */
export async function applyStatus(
  tx: EntityManager,
  attempt: AttemptRow,
  receipt: Receipt,
  by: 'receipt' | 'list' = 'receipt',
): Promise<void> {
  const meaning = meaningOf(receipt.status);
  if (meaning === undefined) return;
  const state = stateAfter(attempt, meaning);
  await updateAttempt(tx, attempt, meaning, receipt, by === 'receipt');
  if (state === attempt.state) return;
  await tx.query(
    `WITH reached AS (${numberReached(attempt.state)})
     UPDATE message SET state = $2, accepted_at = coalesce(accepted_at, app_now()), updated_at = app_now(),
            settled_at = CASE WHEN $2 IN ('delivered', 'undelivered') THEN app_now() END,
            possible_duplicate = possible_duplicate AND NOT ($4::boolean AND attempts = 1)
      WHERE id = $1`,
    // Given up as absent and found after all, before a second call: it left once.
    [attempt.messageId, state, attempt.attemptId, attempt.result === 'abandoned'],
  );
}

/**
 * A settled attempt changes its message no more: it may be on its way again. Of an attempt that was followed by
 * another, only a proof of reach counts, or that a message about to leave was taken after all.
 */
function stateAfter({ state, result, isLast }: AttemptRow, meaning: ReceiptMeaning): MessageState {
  if (FINAL.includes(result)) return state;
  const counts = isLast || meaning === 'delivered' || state === 'planned' || state === 'queued';
  return counts ? messageAfterReceipt(state, meaning) : state;
}

/**
 * A text delivered proves the number of everybody registered with it: its failures are forgiven and its flag falls.
 * Written once an hour at most for the same number. A worker about to send a queued message has locked its person
 * first and waits for this message: it is not waited for.
 */
const numberReached = (state: MessageState) => `
  UPDATE person SET phone_reached_at = app_now(), phone_failures = 0, phone_flagged_at = NULL, phone_flag_reason = NULL
   WHERE id IN (SELECT p.id FROM delivery_attempt a JOIN person p ON p.phone_id = a.recipient_id
                 WHERE a.id = $3 AND a.channel = 'sms' AND $2 = 'delivered'
                   AND (p.phone_failures > 0 OR p.phone_flagged_at IS NOT NULL OR p.phone_reached_at IS NULL
                        OR p.phone_reached_at < app_now() - interval '1 hour')
                 ORDER BY p.id FOR NO KEY UPDATE OF p${state === 'queued' ? ' SKIP LOCKED' : ''})`;

async function lockAttempt(tx: EntityManager, token: string): Promise<AttemptRow | undefined> {
  const found: { messageId: string; attemptId: string }[] = await tx.query(
    `SELECT id AS "attemptId", message_id AS "messageId" FROM delivery_attempt WHERE token_hash = $1`,
    [digest(token)],
  );
  const ids = found[0];
  return ids === undefined ? undefined : lockMessageOf(tx, ids.messageId, ids.attemptId);
}

/** The message first, then its attempt: the order of every writer. */
export async function lockMessageOf(
  tx: EntityManager,
  messageId: string,
  attemptId: string,
): Promise<AttemptRow | undefined> {
  const messages: { state: MessageState; attempts: number }[] = await tx.query(
    'SELECT state, attempts FROM message WHERE id = $1 FOR UPDATE',
    [messageId],
  );
  const attempts: { number: number; result: string; operator: string; operatorMessageId: string | null }[] =
    await tx.query(
      `SELECT number, result, operator, operator_message_id AS "operatorMessageId" FROM delivery_attempt
        WHERE id = $1 FOR UPDATE`,
      [attemptId],
    );
  const message = messages[0];
  const attempt = attempts[0];
  if (message === undefined || attempt === undefined) return undefined;
  const { result, operator, operatorMessageId } = attempt;
  const isLast = attempt.number === message.attempts;
  return { messageId, attemptId, state: message.state, result, operator, operatorMessageId, isLast };
}

/** @returns false when the same was said before */
export async function keepReceipt(tx: EntityManager, attemptId: string, receipt: Receipt): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `INSERT INTO receipt (attempt_id, operator_message_id, status, error_code) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING id`,
    [attemptId, receipt.operatorMessageId, receipt.status, receipt.errorCode],
  );
  return rows.length > 0;
}

const FINAL: readonly string[] = ['delivered', 'undelivered'];

/**
 * The first final status stays; another one is kept beside it and shown. A receipt counts also when another call of the
 * same words was given its id by mistake: the id stays where it is.
 */
async function updateAttempt(
  tx: EntityManager,
  attempt: AttemptRow,
  meaning: ReceiptMeaning,
  receipt: Receipt,
  isSurelyOurs: boolean,
): Promise<void> {
  const isFinal = FINAL.includes(attempt.result);
  if (isFinal && (meaning === 'accepted' || meaning === attempt.result)) return;
  if (isFinal) {
    await keepConflict(tx, attempt, receipt);
    return;
  }
  await tx.query(
    `UPDATE delivery_attempt a
        SET result = $2, error_code = coalesce($4, error_code),
            operator_message_id = coalesce(operator_message_id, CASE WHEN NOT ($5::boolean AND EXISTS (
              SELECT FROM delivery_attempt o
               WHERE o.operator = a.operator AND o.operator_message_id = $3 AND o.id <> a.id)) THEN $3 END),
            answered_at = coalesce(answered_at, app_now()), next_lookup_at = NULL
      WHERE id = $1`,
    [attempt.attemptId, meaning, receipt.operatorMessageId, receipt.errorCode, isSurelyOurs],
  );
}

/** An end that says otherwise than the first: shown beside it. What arrived after all, and is told again, is flagged. */
export async function keepConflict(tx: EntityManager, attempt: AttemptRow, receipt: Receipt): Promise<void> {
  await tx.query('UPDATE delivery_attempt SET conflicting_status = $2 WHERE id = $1', [
    attempt.attemptId,
    receipt.status,
  ]);
  const isToldAgain = !attempt.isLast || attempt.state === 'planned' || attempt.state === 'queued';
  if (receipt.status === 'delivered' && isToldAgain)
    await tx.query('UPDATE message SET possible_duplicate = true WHERE id = $1', [attempt.messageId]);
}
