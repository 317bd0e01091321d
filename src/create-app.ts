import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import type { Env } from '../config/env.js';
import { AppModule } from './app.module.js';
import { listen } from './listen.js';
import { SendingWorker } from './notifications/sending/sending-worker.js';
import { applicationCheck } from './access/domain/application-check.js';
import { Failpoints } from './platform/failpoints.js';
import { needsWall } from './platform/row-security/application-role.js';
import { strictServer, surroundRequests } from './platform/http-pipeline.js';
import { NestLog } from './platform/log.js';
import { ScheduledTasks } from './platform/scheduled-tasks.js';

/** Calls still open after this are left `uncertain`, to be looked up by the next process. */
const CALLS_END_WITHIN_MS = 20_000;

/** A process of the service: serves HTTP, and sends messages when its role says so. */
export interface Running {
  readonly app: NestExpressApplication;
  /** `http://127.0.0.1:PORT`, the port really taken. */
  readonly baseUrl: string;
  /** No new request, no new job; what is in progress ends first. Within 25 seconds. */
  stop(): Promise<void>;
}

/** Assembles the application without listening. */
export async function createApp(env: Readonly<Env>, log: Logger): Promise<NestExpressApplication> {
  const options = { bodyParser: false, abortOnError: false, logger: new NestLog(log) };
  const module = await AppModule.forRoot(env, log);
  const app = await NestFactory.create<NestExpressApplication>(module, strictServer(), options);
  liftApplicationCheck(app, env);
  surroundRequests(app, env, log);
  if (env.APP_ROLE !== 'worker') (await import('./api/v1/api-v1.module.js')).describeApi(app);
  return app;
}

/** @throws Error where real persons may be in the database */
function liftApplicationCheck(app: NestExpressApplication, env: Readonly<Env>): void {
  const isLifted = app.get(Failpoints).isArmed('no-application-check');
  if (isLifted && needsWall(env.APP_ENV)) throw new Error('FAILPOINTS: no-application-check is for tests');
  applicationCheck.isLifted = isLifted;
}

/** Listens, and starts the worker's half for `worker` and `all`. */
export async function startApp(env: Readonly<Env>, log: Logger): Promise<Running> {
  const app = await createApp(env, log);
  const port = await listen(app, env, log);
  const works = env.APP_ROLE !== 'web';
  if (works) {
    await app.get(SendingWorker).start();
    app.get(ScheduledTasks).start();
  }
  return { app, baseUrl: `http://127.0.0.1:${port}`, stop: () => stop(app, works) };
}

async function stop(app: NestExpressApplication, works: boolean): Promise<void> {
  if (works) {
    await app.get(ScheduledTasks).stop();
    await within(app.get(SendingWorker).stop(), CALLS_END_WITHIN_MS);
  }
  await app.close();
}

async function within(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, deadline]);
  clearTimeout(timer);
}
