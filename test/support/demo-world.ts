import pg from 'pg';
import type { Page } from 'playwright-core';
import { type DemoCredentials, demoCredentials, seedDemo } from '../../demo/world/seed-demo.js';
import { openSession } from '../../src/agents/sessions.js';
import type { TestApp } from './app.js';
import { createTestDatabase, moveClock } from './database.js';

/** A Thursday: offices are open in every territory. The clock of a clone runs on from there. */
export const DEMO_DAY = '2026-06-11T10:00:00Z';
const NAME = 'msj_demo';
/** Any number that nothing else locks in the database of the cluster's administrator. */
const LOCK = 7_637_100;

/**
 * Name of a template that holds the demo world: written once a run, by whoever needs it first; cloned in tenths of a
 * second instead of written again in seconds.
 */
export async function demoTemplate(): Promise<string> {
  const admin = new pg.Client({ connectionString: process.env['TEST_ADMIN_URL'] });
  await admin.connect();
  try {
    await admin.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [NAME]);
    if (rowCount === 0) await write(admin);
  } finally {
    await admin.end();
  }
  return NAME;
}

/** Its sign-ins and keys. */
export function demoSignIns(): DemoCredentials {
  return demoCredentials();
}

/** This page belongs to this agent from now on; an administrator's second factor was shown. */
export async function enterAs(page: Page, test: TestApp, email: string): Promise<void> {
  const [agent]: { id: string }[] = await test.dataSource.query('SELECT id FROM agent WHERE email = $1', [
    email,
  ]);
  const value = await openSession(test.dataSource.manager, agent?.id ?? '', { showedSecondFactor: true });
  await page.context().addCookies([{ name: 'sid', value, url: test.baseUrl }]);
  await page.goto('/');
}

/** A name that only a finished world has: a run that dies meanwhile leaves nothing half written behind. */
async function write(admin: pg.Client): Promise<void> {
  const database = await createTestDatabase({ poolSize: 1 });
  await moveClock(database.dataSource, DEMO_DAY);
  await seedDemo(database.dataSource);
  const written = new URL(database.url).pathname.slice(1);
  await database.dataSource.destroy();
  await admin.query(`ALTER DATABASE ${written} RENAME TO ${NAME}`);
}
