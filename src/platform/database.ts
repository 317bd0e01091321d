import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { PreparingClient } from './prepared.js';
import { SnakeNaming } from './snake-naming.js';

const DATE = 1082;
const TIME = 1083;

// Dates and wall clocks stay text ('2026-04-14', '09:30'): a JavaScript Date would give them a zone they lack.
pg.types.setTypeParser(DATE, (text) => text);
pg.types.setTypeParser(TIME, (text) => text.slice(0, 5));

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
      statement_timeout: 15_000,
      lock_timeout: 10_000,
      idle_in_transaction_session_timeout: 30_000,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    },
  };
}
