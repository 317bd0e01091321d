import { join } from 'node:path';
import { startEmbeddedPostgres } from '../embedded-postgres.js';

export interface DemoDatabase {
  readonly url: string;
  readonly ownerUrl: string;
  stop(): Promise<void>;
}

/** The caller's PostgreSQL when `DATABASE_URL` names one, else the embedded one. */
export async function openDatabase(directory: string, caller: NodeJS.ProcessEnv): Promise<DemoDatabase> {
  const given = caller['DATABASE_URL'];
  if (given !== undefined && given !== '')
    return { url: given, ownerUrl: caller['DATABASE_OWNER_URL'] || given, stop: () => Promise.resolve() };
  const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres') });
  return { url: postgres.applicationUrl, ownerUrl: postgres.ownerUrl, stop: () => postgres.stop() };
}
