import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ScheduledTasks } from '../../platform/scheduled-tasks.js';
import { Transaction } from '../../platform/transaction.js';
import { sumOf } from './plan-changes.js';
import { BATCH, convocationsAfter } from './replan-batch.js';
import { ReplanMessages } from './replan-messages.js';
import { advanceReplan, openReplanIds, takeReplan } from './replan.queries.js';

/** So that a worker stops in time, and the task is dated while a long one is under way. */
const MOST_BATCHES = 40;
/** Milliseconds between two looks at what was being booked, and how many. */
const LOOK_EVERY_MS = 50;
const MOST_LOOKS = 100;

/**
 * Ends what changes of plan have left to do, a batch and a transaction at a time, from where it was left. It begins
 * when whatever had read the old plan is over: from then on everything is booked by the new one, and nothing is missed.
 */
@Injectable()
export class RunReplans implements OnModuleInit {
  constructor(
    private readonly transaction: Transaction,
    private readonly tasks: ScheduledTasks,
    private readonly replan: ReplanMessages,
  ) {}

  onModuleInit(): void {
    this.tasks.register('replan-messages', () => Promise.resolve(() => this.execute()));
  }

  async execute(): Promise<void> {
    const ids = await this.transaction.run(openReplanIds);
    if (ids.length === 0 || !(await this.isSettled())) return;
    const batch = () => this.transaction.run((tx) => this.next(tx, ids));
    for (let done = 0; done < MOST_BATCHES && (await batch()); done++);
  }

  /** @returns false when nothing is left of these that nobody else works on */
  private async next(tx: EntityManager, ids: readonly string[]): Promise<boolean> {
    const replan = await takeReplan(tx, ids);
    if (replan === undefined) return false;
    const places = await convocationsAfter(tx, replan, replan.last);
    const done = [await this.replan.batch(tx, places)];
    if (places.length < BATCH) done.push(await this.replan.absences(tx, replan));
    await advanceReplan(tx, replan.id, places, sumOf(done));
    return true;
  }

  /** @returns false when something that may have read an old plan lasts: the next run looks again */
  private async isSettled(): Promise<boolean> {
    let left = await this.transaction.run((tx) => readersOfPlans(tx, null));
    for (let looks = 0; left.length > 0 && looks < MOST_LOOKS; looks++) {
      await delay(LOOK_EVERY_MS);
      const before = left;
      left = await this.transaction.run((tx) => readersOfPlans(tx, before));
    }
    return left.length === 0;
  }
}

/**
 * Transactions that have read a plan: they keep a lock on the table until they end.
 * @param among those of an earlier look; null: all
 */
async function readersOfPlans(
  tx: EntityManager,
  among: readonly string[] | null,
): Promise<readonly string[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT DISTINCT virtualtransaction AS id FROM pg_locks
      WHERE locktype = 'relation' AND relation = 'reminder_plan'::regclass AND pid <> pg_backend_pid()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND ($1::text[] IS NULL OR virtualtransaction = ANY($1))`,
    [among],
  );
  return rows.map(({ id }) => id);
}
