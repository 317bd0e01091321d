import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { ownerDataSource } from '../../config/data-source.js';
import { hashPassword } from '../../src/agents/passwords.js';
import { databaseOptions } from '../../src/platform/database.js';
import { startEmbeddedPostgres } from '../embedded-postgres.js';
import type { DemoDatabase } from '../supervisor/open-database.js';
import { demoCredentials, type DemoCredentials } from '../world/seed-demo.js';
import { DEMO_PASSWORD, writeAgents, writeApiKeys, writeServices } from '../world/write-services.js';
import { BOOKED_AT } from './cast.js';

/**
 * A database nobody else uses: on the server of `DATABASE_URL` when the caller names one, else embedded in the folder.
 * Where the owner may not create one, the one named is used if it is empty, and emptied in the end.
 * @throws Error when it is not
 */
export async function ownDatabase(directory: string, caller: NodeJS.ProcessEnv): Promise<DemoDatabase> {
  const given = caller['DATABASE_URL'];
  if (given === undefined || given === '') {
    const postgres = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), fsync: false });
    return { url: postgres.applicationUrl, ownerUrl: postgres.ownerUrl, stop: () => postgres.stop() };
  }
  const ownerUrl = caller['DATABASE_OWNER_URL'] || given;
  const name = `msj_story_${randomBytes(6).toString('hex')}`;
  try {
    await run(ownerUrl, `CREATE DATABASE ${name} TEMPLATE template0`);
  } catch (error) {
    if ((error as { code?: string }).code !== FORBIDDEN) throw error;
    return borrowed(given, ownerUrl);
  }
  return {
    url: onDatabase(given, name),
    ownerUrl: onDatabase(ownerUrl, name),
    stop: async () => {
      await run(ownerUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

const FORBIDDEN = '42501';

async function borrowed(url: string, ownerUrl: string): Promise<DemoDatabase> {
  const used = await run(ownerUrl, `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`);
  if (used > 0)
    throw new Error(
      'DATABASE_URL: its owner may not create a database (CREATEDB), and this one is not empty',
    );
  return { url, ownerUrl, stop: () => empty(ownerUrl) };
}

/** Takes back what the migrations made. */
async function empty(ownerUrl: string): Promise<void> {
  const dataSource = ownerDataSource(ownerUrl);
  await dataSource.initialize();
  try {
    await dataSource.query('TRUNCATE organization, person, appointment_type CASCADE');
    const { length } = dataSource.migrations;
    for (let undone = 0; undone < length; undone++) await dataSource.undoLastMigration();
    await dataSource.query('DROP SCHEMA bullmq CASCADE');
    await dataSource.query('DROP TABLE migrations');
  } finally {
    await dataSource.destroy();
  }
}

function onDatabase(url: string, name: string): string {
  const moved = new URL(url);
  moved.pathname = `/${name}`;
  return moved.toString();
}

/** @returns how many rows came or were touched */
async function run(url: string, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'msj-story' });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount ?? 0;
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
