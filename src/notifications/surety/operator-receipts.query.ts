import type { EntityManager } from 'typeorm';

/** What an operator of texts confirms lately. */
export interface OperatorReceipts {
  readonly operator: string;
  /** Of the last 24 hours; null when there was none. */
  readonly lastReceipt: Date | null;
  /** Texts it took in the last hour and owes a receipt that did not come. None for one that is asked for no receipt. */
  readonly unconfirmed: number;
}

/**
 * By operator, for the receipts of one hide that those of the other stopped. By the index of the hour of receipts and
 * the one of real hours of calls: the cost follows a day of receipts and an hour of calls.
 */
export async function operatorReceipts(tx: EntityManager): Promise<readonly OperatorReceipts[]> {
  return tx.query(
    `WITH received AS (
       SELECT a.operator, max(r.received_at) AS last FROM receipt r JOIN delivery_attempt a ON a.id = r.attempt_id
        WHERE r.received_at > (SELECT app_now()) - interval '24 hours' GROUP BY a.operator
     ), owed AS (
       SELECT operator, count(*)::int AS n FROM delivery_attempt
        WHERE real_started_at > now() - interval '1 hour' AND channel = 'sms' AND awaits_receipt
          AND result = 'accepted' GROUP BY operator
     )
     SELECT coalesce(received.operator, owed.operator) AS operator, received.last AS "lastReceipt",
            coalesce(owed.n, 0) AS unconfirmed
       FROM received FULL JOIN owed ON owed.operator = received.operator ORDER BY 1`,
  );
}
