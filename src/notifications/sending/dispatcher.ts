import { Injectable, Logger } from '@nestjs/common';
import { Env } from '../../../config/env.js';
import { Failpoints } from '../../platform/failpoints.js';
import type { SendJob } from '../../platform/queue.js';
import { Transaction } from '../../platform/transaction.js';
import { CALL_WITHIN_SECONDS } from '../domain/attempt-results.js';
import { PrepareSends } from './prepare-sends.js';
import { Gateways } from '../providers/gateways.js';
import { RecordOutcomes, type RecordedCall } from './record-outcomes.js';
import type { PreparedSend } from './write-attempts.js';

/** One job of the queue: done when each of its messages left the state `queued`. */
interface Bell {
  left: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Waiting {
  readonly job: SendJob;
  readonly bell: Bell;
}

interface Ready {
  readonly send: PreparedSend;
  /** Monotonic milliseconds, just before the attempt was committed. */
  readonly preparedAt: number;
}

/** Results are kept this long for others to be written with them, unless half a concurrency of them waits. */
const RECORD_WITHIN_MS = 20;

/**
 * Leads messages from the queue to the operators: one transaction prepares a batch, at most `SEND_CONCURRENCY` calls
 * are open, one transaction records what came back. A batch is never larger than the calls that may be open, and as
 * many attempts at most are committed and not yet called, since a kill turns each of them into a doubt.
 */
@Injectable()
export class Dispatcher {
  private readonly log = new Logger(Dispatcher.name);
  private readonly waiting: Waiting[] = [];
  private readonly ready: Ready[] = [];
  private answered: RecordedCall[] = [];
  private open = 0;
  private preparing = false;
  private recording = false;
  private lastRecord: NodeJS.Timeout | undefined;
  private whenIdle: (() => void)[] = [];

  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly prepareSends: PrepareSends,
    private readonly recordOutcomes: RecordOutcomes,
    private readonly gateways: Gateways,
    private readonly failpoints: Failpoints,
  ) {}

  /** Messages to hold at once from the queue so that the calls never lack work. */
  get appetite(): number {
    return this.env.SEND_CONCURRENCY * 2;
  }

  /** Answers when each attempt is committed, or the message is not to leave now. @throws when the database refused */
  dispatch(jobs: readonly SendJob[]): Promise<void> {
    if (jobs.length === 0) return Promise.resolve();
    return new Promise((done, failed) => {
      const bell = { left: jobs.length, done, failed };
      for (const job of jobs) this.waiting.push({ job, bell });
      void this.prepare();
    });
  }

  /** Resolves when no call is open and every result is written. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.whenIdle.push(resolve);
      this.tellIdle();
    });
  }

  /** How many attempts may be committed now: none while enough of them wait to be called. */
  private get room(): number {
    const limit = this.env.SEND_CONCURRENCY;
    const ahead = this.open + this.ready.length - limit;
    return ahead > limit / 2 ? 0 : Math.min(limit, limit - ahead);
  }

  private async prepare(): Promise<void> {
    if (this.preparing || this.waiting.length === 0 || this.room <= 0) return;
    this.preparing = true;
    const batch = this.waiting.splice(0, this.room);
    try {
      const jobs = batch.map(({ job }) => job);
      // Before the commit, so that a process blocked right after it counts those seconds too.
      const preparedAt = performance.now();
      const sends = await this.transaction.run((tx) => this.prepareSends.execute(tx, jobs));
      this.failpoints.pass('after-attempt-committed');
      for (const send of sends) this.ready.push({ send, preparedAt });
      for (const { bell } of batch) if (--bell.left === 0) bell.done();
    } catch (error) {
      for (const { bell } of batch) bell.failed(error);
    }
    this.preparing = false;
    this.callWhatIsReady();
    this.tellIdle();
    void this.prepare();
  }

  private callWhatIsReady(): void {
    while (this.open < this.env.SEND_CONCURRENCY) {
      const next = this.ready.shift();
      if (next === undefined) return;
      // Too old: the sweeper may already doubt it. Left uncalled, it is looked up, found absent and planned again.
      if (performance.now() - next.preparedAt > CALL_WITHIN_SECONDS * 1000) continue;
      this.open++;
      void this.call(next.send);
    }
  }

  private async call(send: PreparedSend): Promise<void> {
    const { attemptId, number, operator } = send;
    const outcome = await this.gateways.byOperator(operator).send(send);
    this.failpoints.pass('after-operator-answered');
    this.open--;
    this.answered.push({ attemptId, number, operator, outcome });
    this.callWhatIsReady();
    void this.prepare();
    this.recordSoon();
  }

  private recordSoon(): void {
    if (this.recording || this.answered.length === 0) return;
    if (this.open === 0 || this.answered.length >= this.env.SEND_CONCURRENCY / 2) void this.record();
    else this.lastRecord ??= setTimeout(() => void this.record(), RECORD_WITHIN_MS);
  }

  private async record(): Promise<void> {
    clearTimeout(this.lastRecord);
    this.lastRecord = undefined;
    if (this.recording || this.answered.length === 0) return;
    this.recording = true;
    const batch = this.answered;
    this.answered = [];
    try {
      await this.transaction.run((tx) => this.recordOutcomes.execute(tx, batch));
      this.failpoints.pass('after-outcome-recorded');
    } catch {
      this.log.error('outcomes could not be written: they will be looked up');
    }
    this.recording = false;
    this.tellIdle();
    this.recordSoon();
  }

  private tellIdle(): void {
    if (this.open + this.ready.length + this.answered.length > 0 || this.preparing || this.recording) return;
    for (const resolve of this.whenIdle.splice(0)) resolve();
  }
}
