import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { hashPassword } from '../../src/agents/passwords.js';
import { databaseOptions } from '../../src/platform/database.js';
import { startEmbeddedPostgres } from '../embedded-postgres.js';
import type { DemoDatabase } from '../supervisor/database.js';
import { demoCredentials, type DemoCredentials } from '../world/seed-demo.js';
import { DEMO_PASSWORD, writeAgents, writeApiKeys, writeServices } from '../world/write-services.js';
import { BOOKED_AT } from './cast.js';

/**
 * A database nobody else uses: on the server of `DATABASE_URL` when the caller names one, else embedded in the folder.
 * @throws Error when that server's owner may not create one
 */
export async function ownDatabase(directory: string, caller: NodeJS.ProcessEnv): Promise<DemoDatabase> {
  const given = caller['DATABASE_URL'];
  if (given === undefined || given === '') {
    const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), fsync: false });
    return { url: postgres.applicationUrl, ownerUrl: postgres.ownerUrl, stop: () => postgres.stop() };
  }
  const ownerUrl = caller['DATABASE_OWNER_URL'] || given;
  const name = `msj_story_${randomBytes(6).toString('hex')}`;
  await run(ownerUrl, `CREATE DATABASE ${name} TEMPLATE template0`);
  return {
    url: onDatabase(given, name),
    ownerUrl: onDatabase(ownerUrl, name),
    stop: () => run(ownerUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

function onDatabase(url: string, name: string): string {
  const moved = new URL(url);
  moved.pathname = `/${name}`;
  return moved.toString();
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'msj-story' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The services and agents of the demo, nobody else and nothing planned; the clock stands at the first scene. */
export async function seedSmallWorld(database: DemoDatabase): Promise<DemoCredentials> {
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  const dataSource = new DataSource(databaseOptions(database.url, 1, 'msj-story-seed'));
  await dataSource.initialize();
  try {
    await dataSource.transaction(async (tx) => {
      await tx.query('INSERT INTO clock_offset (shift) VALUES ($1::timestamptz - now())', [BOOKED_AT]);
      await writeServices(tx, new Map());
      await writeAgents(tx, passwordHash);
      await writeApiKeys(tx);
    });
  } finally {
    await dataSource.destroy();
  }
  return demoCredentials();
}
