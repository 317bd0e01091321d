import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { findContact } from '../../platform/contacts.js';
import { idsOf, REPORTED_WITHIN_HOURS } from '../domain/text-parts.js';
import { drawEarlyReports } from './draw-early-reports.js';
import { applyPart, PARTS, type PartsRow, partsOf, reportsOf, wholeWith } from './record-part.js';
import { keepReceipt, lockMessageOf, type Receipt, recordFor } from './record-receipt.js';

/** A receipt of an operator that names the text by its own id and the number only, not by a token of ours. */
export interface Report extends Receipt {
  readonly operator: string;
  /** E.164. */
  readonly recipient: string;
}

/** `too-early`: one of several answers that are being written will tell whose it is, the operator must say it again. */
export type ReportFate = 'recorded' | 'too-early' | 'unknown';

interface Named {
  readonly attemptId: string;
  readonly messageId: string;
}

interface Candidate extends Named, PartsRow {
  readonly isOpen: boolean;
  /** Other texts of this operator to this number, of which one part may be what is reported. */
  readonly others: number;
}

/**
 * Keeps a report and draws its consequence, whatever the order and however often. It names one part of a text: the
 * text arrived when all its parts did, and did not when one did not (`saidOfWhole`). An id we do not know belongs to
 * the one text to that number whose answer we lost, if there is no other that it could belong to; in several parts,
 * such a text is known once as many ids were reported as it has parts. While that answer may still come, the report is
 * kept, and drawn when the call has ended (`drawEarlyReports`).
 */
@Injectable()
export class RecordReport {
  async execute(tx: EntityManager, report: Report): Promise<ReportFate> {
    const named = await bySoleId(tx, report);
    if (named !== undefined) return this.record(tx, named, report);
    const texts = await lately(tx, report);
    const known = texts.find(({ ids }) => idsOf(ids).includes(report.operatorMessageId));
    if (known !== undefined) return this.record(tx, known, report);
    const candidates = texts.filter(mayLackIds);
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1 && only.isOpen) return this.keepEarly(tx, only, report);
    if (only !== undefined && candidates.length === 1 && only.others === 0)
      return this.record(tx, only, report);
    return candidates.some(({ isOpen }) => isOpen) ? 'too-early' : 'unknown';
  }

  /**
   * Of the one text whose answer is still to come: that answer names the ids of a text in parts, and nothing tells how
   * many it will name; where an earlier text went to the number, it tells whose part this is.
   */
  private async keepEarly(tx: EntityManager, open: Candidate, report: Report): Promise<ReportFate> {
    const attempt = await lockMessageOf(tx, open.messageId, open.attemptId);
    // Answered while we waited for the lock: judged as what comes after.
    if (attempt?.result !== 'open') return this.execute(tx, report);
    if (open.segments === 1 && open.others === 0) return this.record(tx, open, report);
    await keepReceipt(tx, open.attemptId, report);
    return 'recorded';
  }

  private async record(tx: EntityManager, named: Named, report: Report): Promise<ReportFate> {
    const { messageId, attemptId } = named;
    const attempt = await lockMessageOf(tx, messageId, attemptId);
    if (attempt === undefined) return 'unknown';
    if (attempt.result === 'uncertain' && (await drawEarlyReports(tx, named)))
      return this.execute(tx, report);
    const parts = await partsOf(tx, attemptId);
    // Answered while we waited for the lock, by another text: asked again.
    if (!idsOf(parts.ids).includes(report.operatorMessageId) && !mayLackIds(parts)) return 'too-early';
    const whole = wholeWith(parts, report.operatorMessageId);
    await recordFor(tx, attempt, report, async (_tx, of, receipt) =>
      applyPart(tx, of, receipt, whole, await reportsOf(tx, attemptId, receipt)),
    );
    return 'recorded';
  }
}

/** Its answer was lost: what is known of its ids comes from reports alone, and is not all. */
function mayLackIds({ ids, segments, unreported }: PartsRow): boolean {
  return idsOf(ids).length < segments && unreported === 0;
}

/** By the index of the ids: a text of one part, whatever its age and its number. */
async function bySoleId(
  tx: EntityManager,
  { operator, operatorMessageId }: Report,
): Promise<Named | undefined> {
  const rows: Named[] = await tx.query(
    `SELECT id AS "attemptId", message_id AS "messageId" FROM delivery_attempt
      WHERE operator = $1 AND operator_message_id = $2`,
    [operator, operatorMessageId],
  );
  return rows[0];
}

/** Texts of this operator to this number, of which one part may be what is reported. */
async function lately(tx: EntityManager, { operator, recipient }: Report): Promise<readonly Candidate[]> {
  const recipientId = await findContact(tx, 'phone', recipient);
  if (recipientId === null) return [];
  return tx.query(
    `WITH recent AS (
       SELECT id, message_id, result, segments, operator_message_id FROM delivery_attempt
        WHERE recipient_id = $2 AND operator = $1 AND real_started_at > now() - make_interval(hours => $3)
     )
     SELECT a.id AS "attemptId", a.message_id AS "messageId", a.result = 'open' AS "isOpen", ${PARTS('a')},
            (SELECT count(*)::int FROM recent o WHERE o.id <> a.id AND o.operator_message_id IS NOT NULL) AS others
       FROM recent a WHERE a.operator_message_id IS NOT NULL OR a.result IN ('open', 'uncertain')`,
    [operator, recipientId, REPORTED_WITHIN_HOURS],
  );
}
