import 'reflect-metadata';
import type { Logger } from 'pino';
import { type Env, isHostAllowed } from '../config/env.js';
import { readEnv } from '../config/process-env.js';
import { type Running, startApp } from './create-app.js';
import { createLog } from './platform/log.js';

/** Under the 25 s that those who stop a process wait before they kill it. */
const STOPPED_WITHIN_MS = 24_000;

async function main(): Promise<void> {
  const env = readEnv();
  const log = createLog(env);
  tellWhatIsOff(env, log);
  tellWhoIsNotReached(env, log);
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

/** A listed number or address may still be reached; the others end as `suppressed`. */
function tellWhoIsNotReached(env: Readonly<Env>, log: Logger): void {
  if (env.APP_ENV === 'production') return;
  const hosts: Record<string, string | undefined> = { SMTP_URL: env.SMTP_URL };
  if (env.SMS_PROVIDERS.includes('twilio'))
    hosts['TWILIO_API_BASE_URL'] = env.TWILIO_API_BASE_URL ?? 'https://api.twilio.com';
  if (env.SMS_PROVIDERS.includes('link-mobility'))
    hosts['LINK_MOBILITY_API_BASE_URL'] = env.LINK_MOBILITY_API_BASE_URL;
  for (const [name, url] of Object.entries(hosts))
    if (url !== undefined && !isHostAllowed(env, url))
      log.warn(`${name} is not on the loopback: only what SEND_ALLOW_LIST lists is reached`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'the start failed'}\n`);
  process.exit(1);
});
