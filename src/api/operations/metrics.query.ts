import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { manyReaders } from '../../access/journal/journal.queries.js';
import {
  type OperatorReceipts,
  operatorReceipts,
} from '../../notifications/surety/operator-receipts.query.js';
import { type Hold, holdOf } from '../../notifications/surety/sending-hold.js';
import {
  type OperatorNow,
  operatorsNow,
  type Pulse,
  pulse,
} from '../../notifications/surety/surety-now.query.js';
import { readTally, type Tally } from '../../notifications/surety/surety-tally.js';
import {
  everyOperator,
  everyService,
  type OperatorSurety,
  type ServiceSurety,
  type SuretyFigures,
  sumOf,
} from '../../notifications/surety/surety.query.js';
import { Transaction } from '../../platform/transaction.js';

/** Counts only: nothing here names a person or a place; a service is told by its id. */
export interface Figures {
  readonly tally: Tally;
  readonly pulse: Pulse;
  readonly possibleDuplicates: number;
  readonly operators: readonly OperatorNow[];
  readonly hold: Hold | null;
  /** Messages whose hour came in the last 24 hours: what « Sûreté des envois » shows for all services. */
  readonly lastDay: SuretyFigures;
  /** The same, by service and by operator. */
  readonly services: readonly ServiceSurety[];
  readonly calls: readonly OperatorSurety[];
  readonly receipts: readonly OperatorReceipts[];
  /** Agents who opened unusually many files in the last 24 hours. */
  readonly manyReaders: number;
}

type LastDay = Pick<Figures, 'lastDay' | 'services' | 'calls' | 'receipts' | 'manyReaders'>;
type Moment = Omit<Figures, keyof LastDay>;

const MOMENT_FRESH_MS = 10_000;
const DAY_FRESH_MS = 60_000;

/**
 * The figures of `/metrics`, whatever the number of readers. Nothing is counted over the whole of a table that
 * grows: states and results come from tallies kept by triggers (`readTally`), what waits and what is in doubt from
 * partial indexes that hold nothing else, at most once in ten seconds. The last day is counted by the index of its
 * hours, at most once a minute: its cost follows a day's messages.
 */
@Injectable()
export class MetricsQuery {
  private readonly moment: () => Promise<Moment>;
  private readonly lastDay: () => Promise<LastDay>;

  constructor(env: Env, transaction: Transaction) {
    this.moment = kept(MOMENT_FRESH_MS, () => transaction.run((tx) => momentOf(tx, env.APP_ENV)));
    this.lastDay = kept(DAY_FRESH_MS, () => transaction.run(lastDayOf));
  }

  async figures(): Promise<Figures> {
    return { ...(await this.moment()), ...(await this.lastDay()) };
  }
}

/** One answer for everybody who asks within some time; a failure is not kept. */
function kept<T>(freshMs: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly until: number } | undefined;
  return () => {
    const elapsed = performance.now();
    if (last !== undefined && elapsed < last.until) return last.answer;
    const answer = ask();
    last = { answer, until: elapsed + freshMs };
    answer.catch(() => (last = undefined));
    return answer;
  };
}

async function lastDayOf(tx: EntityManager): Promise<LastDay> {
  const services = await everyService(tx, { hours: 24 });
  return {
    lastDay: sumOf(services),
    services,
    calls: await everyOperator(tx, { hours: 24 }),
    receipts: await operatorReceipts(tx),
    manyReaders: (await manyReaders(tx)).length,
  };
}

async function momentOf(tx: EntityManager, environment: string): Promise<Moment> {
  const duplicates: { n: number }[] = await tx.query(
    'SELECT count(*)::int AS n FROM message WHERE possible_duplicate',
  );
  return {
    tally: await readTally(tx),
    pulse: await pulse(tx),
    possibleDuplicates: duplicates[0]?.n ?? 0,
    operators: await operatorsNow(tx),
    hold: await holdOf(tx, environment),
  };
}
