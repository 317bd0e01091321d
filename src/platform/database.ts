import { Socket } from 'node:net';
import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { PreparingClient } from './prepared.js';
import { SnakeNaming } from './snake-naming.js';

const DATE = 1082;
const TIME = 1083;

// Dates and wall clocks stay text ('2026-04-14', '09:30'): a JavaScript Date would give them a zone they lack.
pg.types.setTypeParser(DATE, (text) => text);
pg.types.setTypeParser(TIME, (text) => text.slice(0, 5));

/** Just above `statement_timeout`: by then PostgreSQL has answered, if only by a refusal. */
const SILENCE_MS = 16_000;

/**
 * A network that swallows everything refuses nothing, and a query waits as long as TCP repeats itself (15 minutes).
 * A silent connection is ended: its query fails at once and the pool opens another.
 */
function boundedSocket(): Socket {
  const socket = new Socket();
  return socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error('PostgreSQL is silent')));
}

/** How every process of ours talks to PostgreSQL. */
export function databaseOptions(url: string, poolSize: number, applicationName: string): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    synchronize: false,
    namingStrategy: new SnakeNaming(),
    poolSize,
    applicationName,
    extra: {
      Client: PreparingClient,
      // What is asked at once on one connection is sent at once and answered in order.
      pipeline: true,
      statement_timeout: 15_000,
      lock_timeout: 10_000,
      idle_in_transaction_session_timeout: 30_000,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
      stream: boundedSocket,
    },
  };
}

const GONE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '08006',
  '57P01',
  '57P02',
  '57P03',
]);
const GONE =
  /^(timeout exceeded when trying to connect|Connection terminated|PostgreSQL is silent|Client has encountered)/;

/** PostgreSQL is not there, went away meanwhile, or no connection to it came free in time: worth asking again. */
export function isDatabaseGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && GONE_CODES.has(code)) return true;
  return GONE.test(error.message) || isDatabaseGone(driverError);
}
