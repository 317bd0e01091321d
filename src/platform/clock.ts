import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import { instantOf } from '../shared/time.js';
import { PreparingClient } from './prepared.js';

/**
 * The service's only "now": `app_now()` of PostgreSQL, the same for every process and every machine, and the
 * one that tests and the demo move.
 */
@Injectable()
export class Clock {
  /** Told at the beginning of the transaction, whose statements all have the same hour: asks nothing. */
  async now(tx: EntityManager): Promise<Temporal.Instant> {
    const connection: unknown = await tx.queryRunner?.connect();
    const told = connection instanceof PreparingClient ? await connection.transactionNow() : undefined;
    return instantOf(told ?? (await askedNow(tx)));
  }
}

/** Outside of a transaction of ours. */
async function askedNow(tx: EntityManager): Promise<Date> {
  const rows: { now: Date }[] = await tx.query('SELECT app_now() AS now');
  const row = rows[0];
  if (row === undefined) throw new Error('app_now() answered nothing');
  return row.now;
}
