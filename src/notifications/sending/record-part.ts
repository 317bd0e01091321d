import type { EntityManager } from 'typeorm';
import { meaningOf } from '../domain/attempt-results.js';
import { type PartReport, saidOfWhole } from '../domain/text-parts.js';
import { applyStatus, type AttemptRow, keepConflict, type Receipt } from './record-receipt.js';

/** What is known of the parts of a text at an operator that gives each an id. */
export interface PartsRow {
  /** Joined; null while none is known. */
  readonly ids: string | null;
  /** Parts by our own count. */
  readonly segments: number;
  /** Ids of which no report came. */
  readonly unreported: number;
}

/** Columns of `PartsRow`. @param a alias of the attempt */
export const PARTS = (a: string) => `
  ${a}.operator_message_id AS ids, ${a}.segments,
  (SELECT count(*)::int FROM unnest(string_to_array(${a}.operator_message_id, ',')) AS part
    WHERE NOT EXISTS (SELECT FROM receipt r WHERE r.attempt_id = ${a}.id AND r.operator_message_id = part)) AS unreported`;

/** @throws when the attempt is gone */
export async function partsOf(tx: EntityManager, attemptId: string): Promise<PartsRow> {
  const rows: PartsRow[] = await tx.query(`SELECT ${PARTS('a')} FROM delivery_attempt a WHERE a.id = $1`, [
    attemptId,
  ]);
  if (rows[0] === undefined) throw new Error('a locked attempt stays');
  return rows[0];
}

/**
 * Draws the consequence of a kept report of one part.
 * @param parts how many the text has; @param ids all that are known now, when this report brought a new one
 */
export async function applyPart(
  tx: EntityManager,
  attempt: AttemptRow,
  receipt: Receipt,
  { parts, ids }: { readonly parts: number; readonly ids: string | null },
): Promise<void> {
  if (meaningOf(receipt.status) === undefined) return;
  if (ids !== null)
    await tx.query('UPDATE delivery_attempt SET operator_message_id = $2 WHERE id = $1', [
      attempt.attemptId,
      ids,
    ]);
  const status = saidOfWhole(parts, await reportsOf(tx, attempt.attemptId, receipt));
  if (status === 'contradicted') await keepConflict(tx, attempt, receipt);
  else await applyStatus(tx, attempt, { ...receipt, status });
}

/** In the order they came, the one just kept at the end. */
async function reportsOf(
  tx: EntityManager,
  attemptId: string,
  { operatorMessageId, status: last }: Receipt,
): Promise<readonly PartReport[]> {
  const rows: { part: string; status: string }[] = await tx.query(
    `SELECT operator_message_id AS part, status FROM receipt WHERE attempt_id = $1
      ORDER BY operator_message_id = $2 AND status = $3, id`,
    [attemptId, operatorMessageId, last],
  );
  return rows.flatMap(({ part, status }) => {
    const meaning = meaningOf(status);
    return meaning === undefined ? [] : [{ part, meaning }];
  });
}
