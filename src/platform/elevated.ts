import type { EntityManager } from 'typeorm';
import { currentScope, inScope, type Scope, WORKER } from './scope.js';
import { roleOf, scopeRoleSql } from './scope-settings.js';

/**
 * Does one step of a request with the eyes of a worker, or of statistics: what follows from an act already allowed and
 * concerns other services too (the messages of a booked person, figures of the whole country). Never with an id that
 * the caller gave and no scope has let through.
 */
export async function elevated<T>(tx: EntityManager, work: () => Promise<T>, to: Scope = WORKER): Promise<T> {
  const from = currentScope();
  if (from.kind === to.kind || from.kind === 'worker') return work();
  await tx.query(`SELECT ${scopeRoleSql(roleOf(to))}`);
  try {
    const done = await inScope(to, work);
    await tx.query(`SELECT ${scopeRoleSql(roleOf(from))}`);
    return done;
  } catch (error) {
    // A statement that failed has ended the transaction, and its role with it.
    await tx.query(`SELECT ${scopeRoleSql(roleOf(from))}`).catch(() => undefined);
    throw error;
  }
}
