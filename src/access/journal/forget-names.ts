import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

const BATCH = 5_000;
const BATCHES = 20;

/**
 * Takes ids and details out of the entries that are older than a year; digests and chain stay. Bounded: what a night
 * leaves, the next one takes.
 */
@Injectable()
export class ForgetNames {
  /** @returns how many entries were pseudonymised */
  async execute(tx: EntityManager): Promise<number> {
    let forgotten = 0;
    for (let batch = 0; batch < BATCHES; batch++) {
      const rows: { count: number }[] = await tx.query('SELECT pseudonymise_journal($1) AS count', [BATCH]);
      const count = rows[0]?.count ?? 0;
      forgotten += count;
      if (count < BATCH) break;
    }
    return forgotten;
  }
}
