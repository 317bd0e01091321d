import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import type { Env } from '../config/env.js';

/**
 * A worker beside the web process has the same environment, PORT too: it is watched at a free port then. Any other
 * process is useless where nobody looks for it.
 * @returns the port really taken
 */
export async function listen(
  app: NestExpressApplication,
  env: Readonly<Pick<Env, 'APP_ROLE' | 'PORT'>>,
  log: Logger,
): Promise<number> {
  try {
    await app.listen(env.PORT);
    return portOf(app);
  } catch (error) {
    if (env.APP_ROLE !== 'worker' || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  }
  await app.listen(0);
  const port = portOf(app);
  log.warn(
    { taken: env.PORT, port },
    'PORT is taken: /health and /metrics of this worker are at another one',
  );
  return port;
}

function portOf(app: NestExpressApplication): number {
  return (app.getHttpServer().address() as { port: number }).port;
}
