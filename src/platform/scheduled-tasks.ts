import { Injectable, Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import { SCHEDULE, type TaskId } from '../../config/schedule.js';
import { inScope, type Scope, STATISTICS, WORKER } from './scope.js';
import { Transaction } from './transaction.js';

/** What is left to do once the transaction of the task is committed: calls to the queue or to an operator. */
export type AfterCommit = () => Promise<void>;

/** The work of one task inside its transaction. */
export type TaskWork = (tx: EntityManager) => Promise<AfterCommit | undefined>;

/** A process that had no processor runs a missed task late: the library's own 0.25 s would skip it, each time. */
const LATE_MS = 60_000;

/**
 * Runs the tasks of `config/schedule.ts`. The advisory lock makes one worker of many do the work; it is an economy,
 * not a guarantee: every task is safe when run twice.
 */
@Injectable()
export class ScheduledTasks {
  private readonly log = new Logger(ScheduledTasks.name);
  private readonly works = new Map<TaskId, TaskWork>();
  private readonly taking = new Set<TaskId>();
  private readonly running = new Map<TaskId, Promise<void>>();
  private stopped = false;

  constructor(
    private readonly registry: SchedulerRegistry,
    private readonly transaction: Transaction,
    private readonly env: Env,
  ) {}

  /** Called by the feature that owns the work, when its module starts. */
  register(id: TaskId, work: TaskWork): void {
    this.works.set(id, work);
  }

  /** For work whose own first statement takes the turn (`TURN`): one statement less. */
  registerTaking(id: TaskId, work: TaskWork): void {
    this.register(id, work);
    this.taking.add(id);
  }

  /** @throws when a task has no work, or does not say as whom it runs: a forgotten task must stop the start */
  start(): void {
    for (const { id } of SCHEDULE) {
      if (!this.works.has(id)) throw new Error(`scheduled task ${id} has no work`);
      scopeOf(id);
    }
    for (const { id, cron, timeZone } of SCHEDULE) {
      const onTick = () => void this.tick(id);
      const job = CronJob.from({ cronTime: cron, timeZone, onTick, threshold: LATE_MS });
      this.registry.addCronJob(id, job);
      job.start();
    }
  }

  /** Starts nothing new and waits for what is running. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const job of this.registry.getCronJobs().values()) await job.stop();
    await Promise.allSettled(this.running.values());
  }

  /**
   * One run, now; for tests and for the demo. Answers when it is done, calls after the commit included. On a database
   * made for another environment nothing runs: its own workers go on there, this process is the stranger.
   */
  async run(id: TaskId): Promise<void> {
    const work = this.works.get(id);
    if (work === undefined) throw new Error(`no task ${id}`);
    const once = async (tx: EntityManager) =>
      this.taking.has(id) || (await takeTurn(tx, id, this.env.APP_ENV)) ? work(tx) : undefined;
    const after = await this.transaction.run(once, scopeOf(id));
    // Whoever hastened it may have been a request.
    await inScope(WORKER, async () => after?.());
  }

  /** One run soon, without waiting for the hour of the schedule; nothing when one is running or after the stop. */
  hasten(id: TaskId): void {
    if (!this.stopped) void this.tick(id);
  }

  /** A task still running when its hour comes again is left to finish. */
  private async tick(id: TaskId): Promise<void> {
    if (this.running.has(id)) return;
    const run = this.run(id).catch((error: unknown) => {
      this.log.error(`task ${id}: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.running.set(id, run);
    await run;
    this.running.delete(id);
  }
}

/** @throws when the schedule does not say it */
function scopeOf(id: TaskId): Scope {
  const as: string | undefined = SCHEDULE.find((task) => task.id === id)?.runsAs;
  if (as === 'statistics') return STATISTICS;
  if (as === 'worker') return WORKER;
  throw new Error(`scheduled task ${id} does not say as whom it runs`);
}

/**
 * SQL, two CTEs: `dated` has a row when the task $1 is ours until the end of the transaction, which is then dated; none
 * when another worker runs it, and on a database that was named for another environment than $2.
 */
export const TURN = `turn AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtext('task'), hashtext($1)) AS is_ours
     WHERE NOT EXISTS (SELECT FROM environment WHERE name <> $2)
  ), dated AS (
    INSERT INTO task_run (task, last_run_at) SELECT $1, app_now() FROM turn WHERE is_ours
    ON CONFLICT (task) DO UPDATE SET last_run_at = excluded.last_run_at
    RETURNING task
  )`;

/** @returns false when the task is not ours now, for one of the reasons told at `TURN` */
export async function takeTurn(tx: EntityManager, id: TaskId, environment: string): Promise<boolean> {
  const rows: unknown[] = await tx.query(`WITH ${TURN} SELECT FROM dated`, [id, environment]);
  return rows.length > 0;
}
