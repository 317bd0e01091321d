import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.js';
import { migrate, roleOf } from '../../src/platform/migrate.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';
import { type DemoCredentials, seedDemo } from '../world/seed-demo.js';
import type { DemoDatabase } from './open-database.js';

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
