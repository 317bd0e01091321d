import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import { instantOf } from '../shared/time.js';

/**
 * The service's only "now": `app_now()` of PostgreSQL, the same for every process and every machine, and the
 * one that tests and the demo move.
 */
@Injectable()
export class Clock {
  async now(tx: EntityManager): Promise<Temporal.Instant> {
    const rows: { now: Date }[] = await tx.query('SELECT app_now() AS now');
    const row = rows[0];
    if (row === undefined) throw new Error('app_now() answered nothing');
    return instantOf(row.now);
  }
}
