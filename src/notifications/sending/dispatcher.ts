import { Injectable } from '@nestjs/common';
import { Env } from '../../../config/env.js';
import { Failpoints } from '../../platform/failpoints.js';
import type { SendJob } from '../../platform/queue.js';
import { SENDING } from '../../platform/scope.js';
import { Transaction } from '../../platform/transaction.js';
import { CALL_WITHIN_SECONDS } from '../domain/attempt-results.js';
import { PrepareSends } from './prepare-sends.js';
import type { MailRoom } from './send-batch.js';
import { Gateways } from '../providers/gateways.js';
import { DatabaseWitness } from '../surety/database-witness.js';
import { HoldRestoredBackup } from '../surety/hold-restored-backup.js';
import { MAIL_CONNECTIONS } from '../providers/mail.gateway.js';
import { OutcomeBuffer } from './outcome-buffer.js';
import { RecordOutcomes } from './record-outcomes.js';
import type { PreparedSend } from './write-attempts.js';

/** One job of the queue: done when each of its messages left the state `queued`. */
interface Bell {
  left: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Waiting {
  readonly job: SendJob;
  /** Absent for a mail that waits for a connection: its job of the queue has ended. */
  readonly bell?: Bell;
}

interface Ready {
  readonly send: PreparedSend;
  /** Monotonic milliseconds, just before the attempt was committed. */
  readonly preparedAt: number;
}

/** Calls of one channel: those that are open, and the attempts that are committed. */
interface Line {
  open: number;
  /** Committed, whose turn at an operator with a pace is a moment ahead. */
  early: number;
  readonly ready: Ready[];
}

/**
 * Mails of one process that wait for a connection, uncommitted: more than the relay takes in a second, less than would
 * fill the queue. A process that dies leaves them to the sweeper, as it does its jobs.
 */
const MAILS_WAITING = 20 * MAIL_CONNECTIONS;

/** Calls that may be open from which two batches are prepared side by side: smaller ones would cost more than they gain. */
const SIDE_BY_SIDE_FROM = 50;

/**
 * Leads messages from the queue to the operators: transactions prepare batches, at most `SEND_CONCURRENCY` calls are
 * open, one transaction records what came back. A kill turns every attempt without a written result into a doubt: as
 * many as the calls that may be open, at most, are committed and not yet called, and twice as many in all. Mails have
 * connections of their own, and none is committed without one: a relay that hangs keeps no text waiting.
 */
@Injectable()
export class Dispatcher {
  private readonly waiting: Waiting[] = [];
  private readonly texts: Line = { open: 0, early: 0, ready: [] };
  private readonly mails: Line = { open: 0, early: 0, ready: [] };
  private readonly mailsWaiting: Waiting[] = [];
  /** Connections that batches in preparation may use. */
  private mailsGranted = 0;
  private readonly outcomes: OutcomeBuffer;
  /** Messages in transactions that may commit their attempts any moment. */
  private preparing = 0;
  private batches = 0;
  private whenIdle: (() => void)[] = [];

  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly prepareSends: PrepareSends,
    recordOutcomes: RecordOutcomes,
    private readonly gateways: Gateways,
    private readonly failpoints: Failpoints,
    private readonly witness: DatabaseWitness,
    private readonly restoredBackup: HoldRestoredBackup,
  ) {
    this.outcomes = new OutcomeBuffer(env.SEND_CONCURRENCY, {
      write: (calls) => transaction.run((tx) => recordOutcomes.execute(tx, calls), SENDING),
      isQuiet: () => this.texts.open === 0 && this.texts.ready.length + this.preparing === 0,
      written: () => {
        this.failpoints.pass('after-outcome-recorded');
      },
      done: () => {
        this.prepareMore();
        this.tellIdle();
      },
    });
  }

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
      this.prepareMore();
    });
  }

  /** Resolves when no call is open and every result is written. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.whenIdle.push(resolve);
      this.tellIdle();
    });
  }

  /** How many attempts may be committed besides those that are called, ready or about to be. */
  private get room(): number {
    const limit = this.env.SEND_CONCURRENCY;
    const uncalled = this.texts.ready.length + this.texts.early + this.preparing;
    const unwritten = this.texts.open + this.outcomes.unwritten;
    return Math.min(limit - uncalled, 2 * limit - uncalled - unwritten);
  }

  /** Connections to the relay that nothing uses nor may use any moment. */
  private get freeConnections(): number {
    return Math.max(0, MAIL_CONNECTIONS - this.mails.open - this.mails.ready.length - this.mailsGranted);
  }

  /** What the next batch takes: mails for which a connection is free now, and texts. */
  private nextBatch(): readonly Waiting[] {
    const limit = this.env.SEND_CONCURRENCY;
    if (this.batches >= (limit < SIDE_BY_SIDE_FROM ? 1 : 2)) return [];
    return [...this.mailsWaiting.splice(0, this.freeConnections), ...this.nextTexts()];
  }

  /** Nothing while there is room for a part only of what would make a good one. */
  private nextTexts(): readonly Waiting[] {
    const limit = this.env.SEND_CONCURRENCY;
    const most = limit < SIDE_BY_SIDE_FROM ? limit : Math.ceil(limit / 2);
    const wanted = Math.min(most, this.waiting.length);
    const { room } = this;
    return room < Math.min(wanted, Math.ceil(limit / 2))
      ? []
      : this.waiting.splice(0, Math.min(wanted, room));
  }

  private prepareMore(): void {
    for (let batch = this.nextBatch(); batch.length > 0; batch = this.nextBatch()) void this.prepare(batch);
  }

  private async prepare(batch: readonly Waiting[]): Promise<void> {
    const connections = this.freeConnections;
    this.batches++;
    this.preparing += batch.length;
    this.mailsGranted += connections;
    try {
      await this.restoredBackup.settled();
      // Before the commit, so that a process blocked right after it counts those seconds too.
      const preparedAt = performance.now();
      const { sends, mails } = await this.commit(batch, connections);
      const last = sends.at(-1);
      if (last !== undefined) this.witness.note({ attemptId: last.attemptId, at: last.realPreparedAt });
      this.failpoints.pass('after-attempt-committed');
      for (const send of sends) this.callInTurn({ send, preparedAt });
      for (const { bell } of batch) if (bell !== undefined && --bell.left === 0) bell.done();
      for (const { job } of batch) if (mails.waiting.has(job.messageId)) this.mailsWaiting.push({ job });
    } catch (error) {
      for (const { bell } of batch) bell?.failed(error);
    }
    this.batches--;
    this.preparing -= batch.length;
    this.mailsGranted -= connections;
    this.callWhatIsReady();
    this.tellIdle();
    this.prepareMore();
  }

  private async commit(
    batch: readonly Waiting[],
    calls: number,
  ): Promise<{ readonly sends: readonly PreparedSend[]; readonly mails: MailRoom }> {
    const jobs = batch.map(({ job }) => job);
    return this.transaction.run(async (tx) => {
      const places = Math.max(0, MAILS_WAITING - this.mailsWaiting.length);
      const mails: MailRoom = { calls, places, waiting: new Set() };
      return { sends: await this.prepareSends.execute(tx, jobs, mails), mails };
    }, SENDING);
  }

  /** At once, or when its turn at an operator with a pace comes. */
  private callInTurn(next: Ready): void {
    const line = this.lineOf(next.send);
    const wait = (next.send.notBefore ?? 0) - performance.now();
    if (wait <= 0) {
      line.ready.push(next);
      return;
    }
    line.early++;
    setTimeout(() => {
      line.early--;
      line.ready.push(next);
      this.callWhatIsReady();
    }, wait);
  }

  private lineOf({ channel }: PreparedSend): Line {
    return channel === 'email' ? this.mails : this.texts;
  }

  private callWhatIsReady(): void {
    this.callFrom(this.texts, this.env.SEND_CONCURRENCY);
    this.callFrom(this.mails, MAIL_CONNECTIONS);
  }

  private callFrom(line: Line, most: number): void {
    while (line.open < most) {
      const next = line.ready.shift();
      if (next === undefined) return;
      // Too old: the sweeper may already doubt it. Left uncalled, it is looked up, found absent and planned again.
      if (performance.now() - next.preparedAt > CALL_WITHIN_SECONDS * 1000) continue;
      line.open++;
      void this.call(next.send, line);
    }
  }

  private async call(send: PreparedSend, line: Line): Promise<void> {
    const { attemptId, number, operator } = send;
    const outcome = await this.gateways.byOperator(operator).send(send);
    this.failpoints.pass('after-operator-answered');
    line.open--;
    this.outcomes.add({ attemptId, number, operator, outcome });
    this.callWhatIsReady();
    this.prepareMore();
    this.outcomes.writeSoon();
  }

  private tellIdle(): void {
    const lines = [this.texts, this.mails].map(({ open, early, ready }) => open + early + ready.length);
    if (lines.some((calls) => calls > 0)) return;
    if (this.outcomes.unwritten + this.preparing > 0) return;
    for (const resolve of this.whenIdle.splice(0)) resolve();
  }
}
