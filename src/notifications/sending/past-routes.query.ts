import type { EntityManager } from 'typeorm';
import { faultOf } from '../domain/fault.js';
import { NO_ROUTE_CODES, treatmentOf } from '../domain/operator-errors.js';

/** What the earlier attempts of one text say about the operators. */
export interface PastRoutes {
  /** May have it already: a text sent once more after a doubt stays with this operator. */
  readonly held: string | null;
  /** Do not serve this number from our account. */
  readonly closed: ReadonlySet<string>;
  /** Took it last and failed to deliver it, by its own fault. */
  readonly failedLast: string | null;
}

interface Asked {
  readonly messageId: string;
  /** The number it goes to now; what was said of another number counts no more. */
  readonly phoneId?: string | null;
}

interface Row {
  readonly messageId: string;
  readonly operator: string;
  readonly result: string;
  readonly errorCode: string | null;
  readonly recipientId: string;
}

/** By message; one statement, and none for texts that were never tried. */
export async function readPastRoutes(
  tx: EntityManager,
  tried: readonly Asked[],
): Promise<ReadonlyMap<string, PastRoutes>> {
  if (tried.length === 0) return new Map();
  const rows: Row[] = await tx.query(
    `SELECT message_id AS "messageId", operator, result, error_code AS "errorCode", recipient_id AS "recipientId"
       FROM delivery_attempt
      WHERE message_id = ANY($1::uuid[]) AND channel = 'sms'
        AND (result IN ('abandoned', 'undelivered') OR (result = 'not-sent' AND error_code = ANY($2::text[])))
      ORDER BY number`,
    [tried.map(({ messageId }) => messageId), NO_ROUTE_CODES],
  );
  return new Map(
    tried.map(({ messageId, phoneId }) => [
      messageId,
      pastRoutes(
        rows.filter((row) => row.messageId === messageId),
        phoneId ?? null,
      ),
    ]),
  );
}

function pastRoutes(rows: readonly Row[], phoneId: string | null): PastRoutes {
  const undelivered = rows.filter(({ result }) => result === 'undelivered').at(-1);
  const isOperatorsFault =
    undelivered !== undefined && faultOf(undelivered.operator, undelivered.errorCode) === 'operator';
  return {
    held: rows.filter(({ result }) => result === 'abandoned').at(-1)?.operator ?? null,
    closed: new Set(rows.filter((row) => isClosed(row, phoneId)).map(({ operator }) => operator)),
    failedLast: isOperatorsFault ? undelivered.operator : null,
  };
}

function isClosed({ operator, result, errorCode, recipientId }: Row, phoneId: string | null): boolean {
  const isSameNumber = phoneId === null || phoneId === recipientId;
  return result === 'not-sent' && isSameNumber && treatmentOf(operator, errorCode) === 'no-route';
}
