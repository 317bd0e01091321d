import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { findContact } from '../../platform/contacts.js';
import { lockMessageOf, type Receipt, recordFor } from './record-receipt.js';

/** A receipt of an operator that names the text by its own id and the number only, not by a token of ours. */
export interface Report extends Receipt {
  readonly operator: string;
  /** E.164. */
  readonly recipient: string;
}

/** `too-early`: our own answer is being written, the operator must say it again. */
export type ReportFate = 'recorded' | 'too-early' | 'unknown';

/** Hours for which an operator may still deliver, and report, what it took. */
const REPORTED_WITHIN_HOURS = 72;

interface Candidate {
  readonly attemptId: string;
  readonly messageId: string;
  readonly isOpen: boolean;
  /** Other texts of this operator to this number, of which one part may be what is reported. */
  readonly others: number;
}

/**
 * Keeps a report and draws its consequence, whatever the order and however often. An id we do not know belongs to the
 * one text to that number whose answer we lost, if there is no other that it could belong to.
 */
@Injectable()
export class RecordReport {
  async execute(tx: EntityManager, report: Report): Promise<ReportFate> {
    const known = await byId(tx, report);
    if (known !== undefined) return this.record(tx, known, report);
    const candidates = await unanswered(tx, report);
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1 && only.others === 0)
      return this.record(tx, only, report);
    return candidates.some(({ isOpen }) => isOpen) ? 'too-early' : 'unknown';
  }

  private async record(
    tx: EntityManager,
    { messageId, attemptId }: Pick<Candidate, 'messageId' | 'attemptId'>,
    report: Report,
  ): Promise<ReportFate> {
    const attempt = await lockMessageOf(tx, messageId, attemptId);
    if (attempt === undefined) return 'unknown';
    // Answered while we waited for the lock, by another text: asked again.
    if (attempt.operatorMessageId !== null && attempt.operatorMessageId !== report.operatorMessageId)
      return 'too-early';
    await recordFor(tx, attempt, report);
    return 'recorded';
  }
}

async function byId(
  tx: EntityManager,
  { operator, operatorMessageId }: Report,
): Promise<Pick<Candidate, 'messageId' | 'attemptId'> | undefined> {
  const rows: { messageId: string; attemptId: string }[] = await tx.query(
    `SELECT id AS "attemptId", message_id AS "messageId" FROM delivery_attempt
      WHERE operator = $1 AND operator_message_id = $2`,
    [operator, operatorMessageId],
  );
  return rows[0];
}

async function unanswered(tx: EntityManager, { operator, recipient }: Report): Promise<Candidate[]> {
  const recipientId = await findContact(tx, 'phone', recipient);
  if (recipientId === null) return [];
  return tx.query(
    `WITH recent AS (
       SELECT id, message_id, result, operator_message_id FROM delivery_attempt
        WHERE recipient_id = $2 AND operator = $1 AND real_started_at > now() - make_interval(hours => $3)
     )
     SELECT id AS "attemptId", message_id AS "messageId", result = 'open' AS "isOpen",
            (SELECT count(*)::int FROM recent WHERE operator_message_id IS NOT NULL) AS others
       FROM recent WHERE result IN ('open', 'uncertain') AND operator_message_id IS NULL`,
    [operator, recipientId, REPORTED_WITHIN_HOURS],
  );
}
