import type { EntityManager } from 'typeorm';

/**
 * Work that may fail without taking its transaction along: what it wrote is undone, and the transaction goes on.
 * @returns the failure, or null
 * @throws when the connection itself is gone
 */
export async function inSavepoint(tx: EntityManager, work: () => Promise<unknown>): Promise<Error | null> {
  await tx.query('SAVEPOINT attempted');
  try {
    await work();
  } catch (error) {
    await tx.query('ROLLBACK TO SAVEPOINT attempted');
    return error instanceof Error ? error : new Error(String(error));
  }
  await tx.query('RELEASE SAVEPOINT attempted');
  return null;
}
