import type { EntityManager } from 'typeorm';
import { applyPart, partsOf, reportsOf, wholeWith } from './record-part.js';
import { draw, lockMessageOf } from './record-receipt.js';
import { REPORTED_WITHIN_HOURS } from '../domain/text-parts.js';

/** A call that has ended. */
export interface Ended {
  readonly attemptId: string;
  readonly messageId: string;
}

/**
 * Draws what was reported of a text before its own call had ended, in the order it came, once the call has. What the
 * answer does not name was of no text of ours; without an answer, what may be of an earlier text to the number is left
 * out.
 * @returns whether it ended the doubt
 */
export async function drawEarlyReports(tx: EntityManager, { messageId, attemptId }: Ended): Promise<boolean> {
  await forgetOthers(tx, attemptId);
  const reports = await reportsOf(tx, attemptId);
  for (const [index, report] of reports.entries()) {
    const attempt = await lockMessageOf(tx, messageId, attemptId);
    if (attempt === undefined) return false;
    const whole = wholeWith(await partsOf(tx, attemptId), report.operatorMessageId);
    await draw(tx, attempt, report, (_tx, of, receipt) =>
      applyPart(tx, of, receipt, whole, reports.slice(0, index + 1)),
    );
  }
  return reports.length > 0 && (await lockMessageOf(tx, messageId, attemptId))?.result !== 'uncertain';
}

async function forgetOthers(tx: EntityManager, attemptId: string): Promise<void> {
  await tx.query(
    `DELETE FROM receipt r USING delivery_attempt a
      WHERE r.attempt_id = $1 AND a.id = r.attempt_id
        AND CASE WHEN a.operator_message_id IS NOT NULL
              THEN r.operator_message_id <> ALL (string_to_array(a.operator_message_id, ','))
              ELSE EXISTS (SELECT FROM delivery_attempt o
                            WHERE o.recipient_id = a.recipient_id AND o.operator = a.operator AND o.id <> a.id
                              AND o.operator_message_id IS NOT NULL AND o.started_at <= r.received_at
                              AND o.real_started_at > a.real_started_at - make_interval(hours => $2)) END`,
    [attemptId, REPORTED_WITHIN_HOURS],
  );
}
