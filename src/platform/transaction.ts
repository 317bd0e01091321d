import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { currentScope, inScope, type Scope } from './scope.js';

const RETRIED = new Set(['40001', '40P01']);
const TRIES = 3;

/** What is done last in every transaction. */
export type Ending = (tx: EntityManager) => Promise<void>;

/** Statements of a running transaction whose answers are read with that of its commit. */
const LAST = new WeakMap<EntityManager, Promise<unknown>[]>();

/**
 * For a statement that nothing later in its transaction reads: it leaves in one write with what follows, the commit
 * among it, and its failure is that of the transaction. Outside of `Transaction.run` it is waited for here.
 * @param statement already asked for on `tx`
 */
export async function withCommit(tx: EntityManager, statement: Promise<unknown>): Promise<void> {
  const last = LAST.get(tx);
  if (last === undefined) {
    await statement;
    return;
  }
  statement.catch(() => undefined);
  last.push(statement);
}

/**
 * Opens the one transaction of a use case or of a page. Everything that touches the database takes the manager
 * given here; nothing else holds a connection, so a pool of one suffices.
 */
@Injectable()
export class Transaction {
  private readonly endings: Ending[] = [];

  constructor(private readonly dataSource: DataSource) {}

  /** From now on every transaction ends with this, inside itself: should it fail, nothing has happened. */
  endWith(ending: Ending): void {
    this.endings.push(ending);
  }

  /**
   * Retried whole, at most twice, when PostgreSQL reports a deadlock or a serialization failure. The connection takes
   * the role and the services of `scope` with the first statement and loses them at the end (`prepared.ts`).
   */
  async run<T>(work: (tx: EntityManager) => Promise<T>, scope: Scope = currentScope()): Promise<T> {
    for (let attempt = 1; ; attempt++)
      try {
        return await inScope(scope, () => this.once(work));
      } catch (error) {
        if (attempt === TRIES || !isRetriable(error)) throw error;
      }
  }

  /** A statement that failed makes a rollback of the commit, which PostgreSQL does not call an error: its own is told. */
  private once<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const last: Promise<unknown>[] = [];
    const run = (tx: EntityManager) => {
      LAST.set(tx, last);
      return this.whole(tx, work);
    };
    return this.dataSource.transaction(run).finally(() => Promise.all(last));
  }

  private async whole<T>(tx: EntityManager, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const result = await work(tx);
    for (const ending of this.endings) await ending(tx);
    return result;
  }
}

function isRetriable(error: unknown): boolean {
  return error instanceof QueryFailedError && RETRIED.has(sqlState(error) ?? '');
}

/** SQLSTATE of a failed query, or undefined. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const driver: { code?: unknown } = error.driverError;
  return typeof driver.code === 'string' ? driver.code : undefined;
}

/** Name of the violated constraint or unique index, or undefined. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const driver: { constraint?: unknown } = error.driverError;
  return typeof driver.constraint === 'string' ? driver.constraint : undefined;
}
