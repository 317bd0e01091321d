import type { EntityManager } from 'typeorm';
import { meaningOf } from '../domain/attempt-results.js';
import { idsOf, joinedIds, type PartReport, saidOfWhole } from '../domain/text-parts.js';
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

/** A text once a report of one of its parts is counted in. */
export interface Whole {
  readonly parts: number;
  /** All ids that are known now, when the report brought a new one; else null. */
  readonly ids: string | null;
}

/** The text once this part, which the answer may not have named, is counted in. */
export function wholeWith({ ids: joined, segments }: PartsRow, part: string): Whole {
  const ids = idsOf(joined);
  if (ids.includes(part)) return { parts: ids.length, ids: null };
  return { parts: Math.max(ids.length + 1, segments), ids: joinedIds([...ids, part]) };
}

/**
 * Draws the consequence of a kept report of one part.
 * @param reports kept of the same text, this one at the end
 */
export async function applyPart(
  tx: EntityManager,
  attempt: AttemptRow,
  receipt: Receipt,
  { parts, ids }: Whole,
  reports: readonly Receipt[],
): Promise<void> {
  if (meaningOf(receipt.status) === undefined) return;
  if (ids !== null) await adoptIds(tx, attempt, ids);
  const status = saidOfWhole(parts, reports.flatMap(partReport));
  if (status === 'contradicted') await keepConflict(tx, attempt, receipt);
  else await applyStatus(tx, attempt, { ...receipt, status });
}

/** Never one that another call already has. */
async function adoptIds(tx: EntityManager, { attemptId, operator }: AttemptRow, ids: string): Promise<void> {
  await tx.query(
    `UPDATE delivery_attempt SET operator_message_id = $2
      WHERE id = $1 AND NOT EXISTS (SELECT FROM delivery_attempt o
                                     WHERE o.operator = $3 AND o.operator_message_id = $2 AND o.id <> $1)`,
    [attemptId, ids, operator],
  );
}

/** In the order they came, the one just kept at the end. */
export async function reportsOf(
  tx: EntityManager,
  attemptId: string,
  last?: Receipt,
): Promise<readonly Receipt[]> {
  return tx.query(
    `SELECT operator_message_id AS "operatorMessageId", status, error_code AS "errorCode" FROM receipt
      WHERE attempt_id = $1
      ORDER BY coalesce(operator_message_id = $2::text AND status = $3::text, false), id`,
    [attemptId, last?.operatorMessageId ?? null, last?.status ?? null],
  );
}

function partReport({ operatorMessageId: part, status }: Receipt): PartReport[] {
  const meaning = meaningOf(status);
  return meaning === undefined ? [] : [{ part, meaning }];
}
