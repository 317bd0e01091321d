import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** How many messages are in each state, and attempts by channel, operator and result. */
export interface Tally {
  readonly states: readonly { readonly state: string; readonly count: number }[];
  readonly sends: readonly {
    readonly channel: string;
    readonly operator: string;
    readonly result: string;
    readonly count: number;
  }[];
}

interface Row {
  readonly subject: 'message' | 'attempt';
  readonly channel: string;
  readonly operator: string;
  readonly label: string;
  readonly count: number;
}

/**
 * Exact counts without counting: triggers append what each statement changes, and this adds the differences up.
 * Its cost follows the statements since the last folding, not the size of the tables.
 */
export async function readTally(tx: EntityManager): Promise<Tally> {
  const rows: Row[] = await tx.query(
    `SELECT subject, channel, operator, label, sum(n)::float8 AS count FROM engine_tally
      GROUP BY subject, channel, operator, label HAVING sum(n) <> 0`,
  );
  return {
    states: rows
      .filter(({ subject }) => subject === 'message')
      .map(({ label, count }) => ({ state: label, count })),
    sends: rows
      .filter(({ subject }) => subject === 'attempt')
      .map(({ channel, operator, label, count }) => ({ channel, operator, result: label, count })),
  };
}

/** Replaces the differences by their sums; what is appended meanwhile stays for the next run. */
@Injectable()
export class FoldTally {
  async execute(tx: EntityManager): Promise<undefined> {
    await tx.query(
      `WITH taken AS (DELETE FROM engine_tally RETURNING *)
       INSERT INTO engine_tally (subject, channel, operator, label, n)
       SELECT subject, channel, operator, label, sum(n) FROM taken
        GROUP BY subject, channel, operator, label HAVING sum(n) <> 0`,
    );
    return undefined;
  }
}
