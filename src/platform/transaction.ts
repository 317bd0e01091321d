import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';

const RETRIED = new Set(['40001', '40P01']);
const TRIES = 3;

/**
 * Opens the one transaction of a use case or of a page. Everything that touches the database takes the manager
 * given here; nothing else holds a connection, so a pool of one suffices.
 */
@Injectable()
export class Transaction {
  constructor(private readonly dataSource: DataSource) {}

  /** Retried whole, at most twice, when PostgreSQL reports a deadlock or a serialization failure. */
  async run<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.dataSource.transaction(work);
      } catch (error) {
        if (attempt === TRIES || !isRetriable(error)) throw error;
      }
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
