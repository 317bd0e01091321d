import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DestinationStream } from 'pino';
import type { DataSource } from 'typeorm';
import type { Env } from '../../config/env.js';
import { loadEnv } from '../../config/load-env.js';
import { type Running, startApp } from '../../src/create-app.js';
import { createLog, silentLog } from '../../src/platform/log.js';
import { createTestDatabase } from './database.js';

export interface TestApp {
  readonly baseUrl: string;
  readonly app: NestExpressApplication;
  readonly env: Readonly<Env>;
  /** Application role, a pool of its own: for builders and for looking at what was stored. */
  readonly dataSource: DataSource;
  readonly ownerUrl: string;
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** Variables as an operator would set them; they win over the test's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly role?: 'web' | 'worker' | 'all';
  /** A template to start from, `demoTemplate()` for one; default an empty migrated database. */
  readonly template?: string;
  /** Receives the log; without it nothing is logged. */
  readonly logStream?: DestinationStream;
}

/** The real application on a database of its own, listening on a free port. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = await createTestDatabase({}, options.template);
  let running: Running | undefined;
  try {
    const env = loadEnv({
      APP_ENV: 'test',
      APP_ROLE: options.role ?? 'web',
      PORT: '0',
      PUBLIC_BASE_URL: 'http://127.0.0.1:3000',
      DATABASE_URL: database.url,
      SECRET_KEYS: 'k'.repeat(32),
      // Hundreds of requests from one address; what limits them has its own tests.
      RATE_LIMITS: 'off',
      ...options.env,
    });
    running = await startApp(
      env,
      options.logStream === undefined ? silentLog() : createLog(env, options.logStream),
    );
    const { app, baseUrl, stop } = running;
    const close = async () => {
      await stop();
      await database.drop();
    };
    const { dataSource, ownerUrl } = database;
    return { app, baseUrl, env, dataSource, ownerUrl, close };
  } catch (error) {
    await running?.stop();
    await database.drop();
    throw error;
  }
}
