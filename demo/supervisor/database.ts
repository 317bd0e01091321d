import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.js';
import { migrate, roleOf } from '../../src/platform/migrate.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';
import { startEmbeddedPostgres } from '../embedded-postgres.js';
import { type DemoCredentials, seedDemo } from '../world/seed-demo.js';

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

export async function migrateDatabase(
  database: DemoDatabase,
  environment: 'demo' | 'test',
  secretKeys: readonly string[],
): Promise<void> {
  const applicationRole = roleOf(database.url);
  await migrate({ ownerUrl: database.ownerUrl, applicationRole, environment, secretKeys });
}

/** The fictional jurisdiction; adds today's work to a database that has it. */
export async function seedDatabase(
  database: DemoDatabase,
  secretKeys: readonly string[],
): Promise<DemoCredentials> {
  const dataSource = new DataSource(databaseOptions(database.url, 1, 'msj-demo-seed'));
  keepKeys(dataSource, new Sealing({ SECRET_KEYS: secretKeys }));
  await dataSource.initialize();
  try {
    return await seedDemo(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
