import 'reflect-metadata';
import type { Logger } from 'pino';
import type { Env } from '../config/env.js';
import { readEnv } from '../config/process-env.js';
import { type Running, startApp } from './create-app.js';
import { createLog } from './platform/log.js';

/** Under the 25 s that those who stop a process wait before they kill it. */
const STOPPED_WITHIN_MS = 24_000;

async function main(): Promise<void> {
  const env = readEnv();
  const log = createLog(env);
  tellWhatIsOff(env, log);
  const running = await startApp(env, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(running, log));
  log.info({ port: Number(new URL(running.baseUrl).port) }, 'started');
}

async function stop(running: Running, log: Logger): Promise<void> {
  log.info('stopping');
  setTimeout(() => process.exit(1), STOPPED_WITHIN_MS).unref();
  await running.stop();
  log.info('stopped');
  process.exit(0);
}

function tellWhatIsOff(env: Readonly<Env>, log: Logger): void {
  if (env.SMS_PROVIDERS.length === 0) log.warn('SMS_PROVIDERS is absent: no text message leaves, they wait');
  if (env.SMTP_URL === undefined) log.warn('SMTP_URL is absent: the e-mail channel is off');
  if (env.REDIS_URL === undefined) log.info('REDIS_URL is absent: the queue lives in PostgreSQL');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'the start failed'}\n`);
  process.exit(1);
});
