import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Transaction } from '../../platform/transaction.js';

/** Counts only: nothing here names a person, a service or a place. */
export interface Figures {
  readonly states: readonly { readonly state: string; readonly count: number }[];
  readonly sends: readonly {
    readonly channel: string;
    readonly operator: string;
    readonly result: string;
    readonly count: number;
  }[];
  readonly late: number;
  readonly oldestDueSeconds: number;
  readonly possibleDuplicates: number;
  /** Null before the first run. */
  readonly lastRelayRunSeconds: number | null;
}

interface Totals {
  readonly late: number;
  readonly oldestDueSeconds: number;
  readonly possibleDuplicates: number;
  readonly lastRelayRunSeconds: number | null;
}

const FRESH_MS = 10_000;
/** A message still waiting one minute after its hour is late. */
const TOTALS = `
  SELECT count(*) FILTER (WHERE due_at < app_now() - interval '1 minute')::integer AS late,
    coalesce(extract(epoch FROM app_now() - min(due_at) FILTER (WHERE due_at <= app_now())), 0)::float8
      AS "oldestDueSeconds",
    (SELECT count(*) FROM message WHERE possible_duplicate)::integer AS "possibleDuplicates",
    (SELECT extract(epoch FROM app_now() - last_run_at)::float8 FROM task_run WHERE task = 'relay')
      AS "lastRelayRunSeconds"
  FROM message WHERE state IN ('planned', 'queued')`;

/** The figures of `/metrics`, counted by SQL at most once in ten seconds whatever the number of readers. */
@Injectable()
export class MetricsQuery {
  private last: { readonly figures: Promise<Figures>; readonly until: number } | undefined;

  constructor(private readonly transaction: Transaction) {}

  figures(): Promise<Figures> {
    const elapsed = performance.now();
    if (this.last !== undefined && elapsed < this.last.until) return this.last.figures;
    const figures = this.transaction.run(count);
    this.last = { figures, until: elapsed + FRESH_MS };
    figures.catch(() => (this.last = undefined));
    return figures;
  }
}

async function count(tx: EntityManager): Promise<Figures> {
  const totals: Totals[] = await tx.query(TOTALS);
  const states: Figures['states'] = await tx.query(
    'SELECT state, count(*)::integer AS count FROM message GROUP BY state',
  );
  const sends: Figures['sends'] = await tx.query(
    'SELECT channel, operator, result, count(*)::integer AS count FROM delivery_attempt GROUP BY channel, operator, result',
  );
  const none = { late: 0, oldestDueSeconds: 0, possibleDuplicates: 0, lastRelayRunSeconds: null };
  return { ...(totals[0] ?? none), states, sends };
}
