import { DataSource, type EntityManager } from 'typeorm';
import type { Env } from '../../config/env.js';
import { databaseOptions } from '../platform/database.js';
import { keepKeys, Sealing } from '../platform/sealing.js';

/** A command's own connection, with the keys of what is sealed; closed whatever happens. */
export async function withDatabase<T>(
  env: Pick<Env, 'DATABASE_URL' | 'SECRET_KEYS'>,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const options = databaseOptions(env.DATABASE_URL, 2, 'mon-suivi-justice-cli');
  // A command may give a statement minutes; the service takes a connection that is silent for seconds as lost.
  const patient = { ...options, extra: { ...options.extra, stream: undefined } };
  const dataSource = await keepKeys(new DataSource(patient), new Sealing(env)).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** One command, one transaction: all of it or nothing. */
export function inTransaction<T>(
  env: Pick<Env, 'DATABASE_URL' | 'SECRET_KEYS'>,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  return withDatabase(env, (dataSource) => dataSource.transaction(work));
}
