import type { Env } from '../../../config/env.js';
import type { Failpoints } from '../../platform/failpoints.js';
import type { Transaction } from '../../platform/transaction.js';
import type { DatabaseWitness } from '../surety/database-witness.js';
import type { HoldRestoredBackup } from '../surety/hold-restored-backup.js';
import { Dispatcher } from './dispatcher.js';
import type { PrepareSends } from './prepare-sends.js';
import type { Gateways } from '../providers/gateways.js';
import type { RecordOutcomes } from './record-outcomes.js';

/** A database and an operator that answer in turn, and what they saw. */
class Stage {
  readonly batches: number[] = [];
  readonly recorded: number[] = [];
  mostOpen = 0;
  mostUncalled = 0;
  /** Attempts that a kill would leave in doubt. */
  mostUnwritten = 0;
  mostBatches = 0;
  private open = 0;
  private committed = 0;
  private called = 0;
  private written = 0;
  private preparing = 0;

  readonly dispatcher: Dispatcher;

  constructor(concurrency: number) {
    this.dispatcher = new Dispatcher(
      { SEND_CONCURRENCY: concurrency } as Env,
      { run: (work: (tx: unknown) => unknown) => turn().then(() => work({})) } as unknown as Transaction,
      {
        execute: (_tx: unknown, jobs: { messageId: string }[]) => this.prepare(jobs),
      } as unknown as PrepareSends,
      { execute: (_tx: unknown, calls: unknown[]) => this.record(calls) } as unknown as RecordOutcomes,
      { byOperator: () => ({ send: () => this.call() }) } as unknown as Gateways,
      { pass: () => undefined } as unknown as Failpoints,
      { note: () => undefined } as unknown as DatabaseWitness,
      { settled: () => Promise.resolve() } as unknown as HoldRestoredBackup,
    );
  }

  private async prepare(jobs: readonly { messageId: string }[]): Promise<object[]> {
    this.batches.push(jobs.length);
    this.committed += jobs.length;
    this.preparing += 1;
    this.mostBatches = Math.max(this.mostBatches, this.preparing);
    this.mostUncalled = Math.max(this.mostUncalled, this.committed - this.called);
    this.mostUnwritten = Math.max(this.mostUnwritten, this.committed - this.written);
    await turn();
    this.preparing -= 1;
    return jobs.map(({ messageId }) => ({ messageId, attemptId: messageId, number: 1, operator: 'twilio' }));
  }

  private async call(): Promise<object> {
    this.called += 1;
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    await turn();
    this.open -= 1;
    return { result: 'accepted', operatorMessageId: 'SM' };
  }

  private async record(calls: readonly unknown[]): Promise<void> {
    this.recorded.push(calls.length);
    await turn();
    this.written += calls.length;
  }
}

function turn(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

const CONCURRENCY = 8;

const jobs = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ messageId: `m${index}`, epoch: 1 }));

describe('the dispatcher', () => {
  it('calls everything it was given, never more at once than allowed, and writes every result', async () => {
    const stage = new Stage(CONCURRENCY);
    const given = jobs(203);
    await Promise.all(
      Array.from({ length: 21 }, (_, of) => stage.dispatcher.dispatch(given.slice(of * 10, of * 10 + 10))),
    );
    await stage.dispatcher.idle();
    const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
    expect([sum(stage.batches), sum(stage.recorded)]).toEqual([203, 203]);
    expect(stage.mostOpen).toBe(CONCURRENCY);
    expect(stage.recorded.length).toBeLessThan(203);
  });

  it.each([
    [1, 1],
    [CONCURRENCY, 1],
    [100, 2],
  ])(
    'with %i calls open prepares %i batches side by side, and leaves no more uncalled than calls may be open, nor twice as many unwritten',
    async (concurrency, batches) => {
      const stage = new Stage(concurrency);
      await stage.dispatcher.dispatch(jobs(concurrency * 12));
      await stage.dispatcher.idle();
      expect(Math.max(...stage.batches)).toBeLessThanOrEqual(concurrency);
      expect(stage.mostUncalled).toBeLessThanOrEqual(concurrency);
      expect(stage.mostUnwritten).toBeLessThanOrEqual(2 * concurrency);
      expect(stage.mostBatches).toBe(batches);
    },
  );

  it('ends the job at the commit of its attempts, before the operator answers', async () => {
    const stage = new Stage(CONCURRENCY);
    await stage.dispatcher.dispatch(jobs(3));
    expect(stage.recorded).toEqual([]);
    await stage.dispatcher.idle();
    expect(stage.recorded).toEqual([3]);
  });

  it('is idle when nothing was given', async () => {
    await expect(new Stage(CONCURRENCY).dispatcher.idle()).resolves.toBeUndefined();
  });
});
