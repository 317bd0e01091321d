import { Injectable, Logger } from '@nestjs/common';
import { Env } from '../../config/env.js';
import { Failpoints } from '../platform/failpoints.js';
import type { SendJob } from '../platform/queue.js';
import { Transaction } from '../platform/transaction.js';
import { CALL_WITHIN_SECONDS } from './domain/attempt-results.js';
import { PrepareSends } from './prepare-sends.js';
import { Gateways } from './providers/gateways.js';
import { RecordOutcomes, type RecordedCall } from './record-outcomes.js';
import type { PreparedSend } from './write-attempts.js';

interface Waiting {
  readonly job: SendJob;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Ready {
  readonly send: PreparedSend;
  /** Monotonic milliseconds: how long ago the attempt was committed. */
  readonly preparedAt: number;
  readonly waiting: Waiting;
}

/**
 * Leads messages from the queue to the operator: one transaction prepares a batch, at most `SEND_CONCURRENCY`
 * calls are open, one statement records what came back. Batches follow the load by themselves: whatever arrived
 * while the last batch was being written makes the next one. At most half a concurrency of attempts is committed
 * and not yet called, since a kill turns each of them into a doubt.
 */
@Injectable()
export class Dispatcher {
  private readonly log = new Logger(Dispatcher.name);
  private readonly waiting: Waiting[] = [];
  private readonly ready: Ready[] = [];
  private readonly answered: { readonly call: RecordedCall; readonly waiting: Waiting }[] = [];
  private open = 0;
  private preparing = false;
  private recording = false;

  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly prepareSends: PrepareSends,
    private readonly recordOutcomes: RecordOutcomes,
    private readonly gateways: Gateways,
    private readonly failpoints: Failpoints,
  ) {}

  /** Jobs to take at once from the queue so that the calls never lack work. */
  get appetite(): number {
    return this.env.SEND_CONCURRENCY * 3;
  }

  /** Answers when the outcome of this job is written. @throws when the database refused */
  dispatch(job: SendJob): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ job, done, failed });
      void this.prepare();
    });
  }

  private get room(): number {
    const ahead = Math.ceil(this.env.SEND_CONCURRENCY / 2);
    return this.env.SEND_CONCURRENCY + ahead - this.open - this.ready.length;
  }

  private async prepare(): Promise<void> {
    if (this.preparing || this.waiting.length === 0 || this.room <= 0) return;
    this.preparing = true;
    const batch = this.waiting.splice(0, this.room);
    try {
      await this.prepareBatch(batch);
    } catch (error) {
      for (const waiting of batch) waiting.failed(error);
    }
    this.preparing = false;
    this.callWhatIsReady();
    void this.prepare();
  }

  private async prepareBatch(batch: readonly Waiting[]): Promise<void> {
    const jobs = batch.map((waiting) => waiting.job);
    const sends = await this.transaction.run((tx) => this.prepareSends.execute(tx, jobs));
    this.failpoints.pass('after-attempt-committed');
    const byMessage = new Map(sends.map((send) => [send.messageId, send]));
    for (const waiting of batch) {
      const send = byMessage.get(waiting.job.messageId);
      // A job handed out twice (its lock was lost) calls once.
      byMessage.delete(waiting.job.messageId);
      if (send === undefined) waiting.done();
      else this.ready.push({ send, preparedAt: performance.now(), waiting });
    }
  }

  private callWhatIsReady(): void {
    while (this.open < this.env.SEND_CONCURRENCY) {
      const next = this.ready.shift();
      if (next === undefined) return;
      this.open++;
      void this.call(next);
    }
  }

  private async call({ send, preparedAt, waiting }: Ready): Promise<void> {
    // Too old: the sweeper may already doubt it. Left uncalled, it is looked up, found absent and planned again.
    if (performance.now() - preparedAt > CALL_WITHIN_SECONDS * 1000) {
      this.open--;
      waiting.done();
      return;
    }
    const outcome = await this.gateways.of(send.channel).send(send);
    this.failpoints.pass('after-operator-answered');
    this.open--;
    this.answered.push({ call: { attemptId: send.attemptId, number: send.number, outcome }, waiting });
    this.callWhatIsReady();
    void this.prepare();
    void this.record();
  }

  private async record(): Promise<void> {
    if (this.recording || this.answered.length === 0) return;
    this.recording = true;
    const batch = this.answered.splice(0);
    try {
      await this.transaction.run((tx) =>
        this.recordOutcomes.execute(
          tx,
          batch.map(({ call }) => call),
        ),
      );
      this.failpoints.pass('after-outcome-recorded');
      for (const { waiting } of batch) waiting.done();
    } catch (error) {
      this.log.error('outcomes could not be written: they will be looked up');
      for (const { waiting } of batch) waiting.failed(error);
    }
    this.recording = false;
    void this.record();
  }
}
