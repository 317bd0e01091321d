import type { EntityManager } from 'typeorm';

/**
 * SQL expressions: until the end of the transaction PostgreSQL plans each statement marked by `prepared` once for a
 * connection, whatever its values, and compiles none. Left to choose, it plans anew what is given arrays, because they
 * look shorter than it assumes of those it does not know: more than half of its time around the calls of an operator,
 * two of the twelve milliseconds of the monthly figures. For statements that find their rows by an index anyway; the
 * others of the transaction keep their plan too.
 */
export const KEPT_PLANS = `set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true)`;

/** The same from here on, in a transaction that others opened; one opened with `plansOnce` has it from the start. */
export async function keepPlans(tx: EntityManager): Promise<void> {
  await tx.query(`SELECT ${KEPT_PLANS}`);
}

/**
 * SQL expressions for transactions that find a few rows by their keys among any number: only ways through an index that
 * leads to those rows, one by one. A kept plan may have been made while the tables were small or nearly nothing was
 * queued; reading them whole, or every entry of a partial index, would cost more with each row since. Measured around
 * the calls of an operator: half of PostgreSQL's time at four thousand rows.
 */
export const BY_KEYS = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin']
  .map((way) => `set_config('enable_${way}', 'off', true)`)
  .join(', ');
