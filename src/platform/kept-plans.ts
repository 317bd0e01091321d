import type { EntityManager } from 'typeorm';

/**
 * What `prepared` marked is planned once for a connection, whatever the values, and never compiled, until the end of
 * the transaction: for statements that find their rows by an index anyway, and whose planning costs more than their
 * work.
 */
export async function keepPlans(tx: EntityManager): Promise<void> {
  await tx.query('SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL jit = off');
}
