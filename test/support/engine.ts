import { ConsoleLogger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Env } from '../../config/env.js';
import { loadEnv } from '../../config/load-env.js';
import type { TaskId } from '../../config/schedule.js';
import { JournalModule } from '../../src/access/journal/journal.module.js';
import { NotificationsModule } from '../../src/notifications/notifications.module.js';
import { SendingWorker } from '../../src/notifications/sending/sending-worker.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { JobQueue } from '../../src/platform/queue.js';
import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import type { TestDatabase } from './database.js';

export const PUBLIC_BASE_URL = 'http://127.0.0.1:9';

export interface Engine {
  readonly module: TestingModule;
  /** Runs one task of the schedule to its end. */
  run(task: TaskId): Promise<void>;
  /** Relays, then waits until no message is due, queued or in flight. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** The sending half of a worker, in this process, on a real database and a real queue; only its clock is moved. */
export async function startEngine(
  database: TestDatabase,
  operator: { readonly url: string; readonly authToken: string },
  more: Record<string, string | undefined> = {},
): Promise<Engine> {
  const env: Readonly<Env> = loadEnv({
    APP_ENV: 'test',
    PUBLIC_BASE_URL,
    DATABASE_URL: database.url,
    SECRET_KEYS: 'k'.repeat(32),
    SMS_PROVIDERS: 'twilio',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: operator.authToken,
    TWILIO_SENDER: 'MonSuiviJus',
    TWILIO_API_BASE_URL: operator.url,
    LOG_LEVEL: 'silent',
    ...more,
  });
  const module = await Test.createTestingModule({
    imports: [PlatformModule.forRoot(env, { entities: [] }), JournalModule, NotificationsModule],
  })
    .setLogger(new ConsoleLogger({ logLevels: ['fatal'] }))
    .compile();
  await module.init();
  const tasks = module.get(ScheduledTasks);
  const worker = module.get(SendingWorker);
  await worker.start();
  const run = (task: TaskId) => tasks.run(task);
  return {
    module,
    run,
    drain: () => drain(database, run),
    stop: async () => {
      await worker.stop();
      await module.get(JobQueue).stopListening();
      await module.close();
    },
  };
}

async function drain(database: TestDatabase, run: (task: TaskId) => Promise<void>): Promise<void> {
  await run('relay');
  await eventually(async () => {
    const rows: { open: boolean; due: boolean }[] = await database.dataSource.query(
      `SELECT EXISTS (SELECT FROM message WHERE state IN ('queued', 'sending')) AS open,
              EXISTS (SELECT FROM message WHERE state = 'planned' AND due_at <= app_now()
                        AND useful_until > app_now()) AS due`,
    );
    const { open, due } = rows[0] ?? { open: true, due: false };
    if (due && !open) await run('relay');
    return !open && !due;
  });
}

/** Polls until the condition holds. @throws after `patienceMs` */
export async function eventually(condition: () => Promise<boolean>, patienceMs = 90_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('the condition never came true');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
