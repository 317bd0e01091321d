import { DataSource, type EntityManager } from 'typeorm';
import type { Env } from '../../config/env.js';
import { databaseOptions } from '../platform/database.js';

/** A command's own connection, closed whatever happens. */
export async function withDatabase<T>(url: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const options = databaseOptions(url, 2, 'mon-suivi-justice-cli');
  // A command may give a statement minutes; the service takes a connection that is silent for seconds as lost.
  const patient = { ...options, extra: { ...options.extra, stream: undefined } };
  const dataSource = await new DataSource(patient).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** One command, one transaction: all of it or nothing. */
export function inTransaction<T>(
  env: Pick<Env, 'DATABASE_URL'>,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  return withDatabase(env.DATABASE_URL, (dataSource) => dataSource.transaction(work));
}
