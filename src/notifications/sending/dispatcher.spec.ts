import type { Env } from '../../../config/env.js';
import type { Failpoints } from '../../platform/failpoints.js';
import type { Transaction } from '../../platform/transaction.js';
import { Dispatcher } from './dispatcher.js';
import type { PrepareSends } from './prepare-sends.js';
import type { Gateways } from '../providers/gateways.js';
import type { RecordOutcomes } from './record-outcomes.js';

const CONCURRENCY = 8;

/** A database and an operator that answer in turn, and what they saw. */
class Stage {
  readonly batches: number[] = [];
  readonly recorded: number[] = [];
  mostOpen = 0;
  mostUncalled = 0;
  private open = 0;
  private committed = 0;
  private called = 0;

  readonly dispatcher = new Dispatcher(
    { SEND_CONCURRENCY: CONCURRENCY } as Env,
    { run: (work: (tx: unknown) => unknown) => turn().then(() => work({})) } as unknown as Transaction,
    {
      execute: (_tx: unknown, jobs: { messageId: string }[]) => this.prepare(jobs),
    } as unknown as PrepareSends,
    { execute: (_tx: unknown, calls: unknown[]) => this.record(calls) } as unknown as RecordOutcomes,
    { byOperator: () => ({ send: () => this.call() }) } as unknown as Gateways,
    { pass: () => undefined } as unknown as Failpoints,
  );

  private async prepare(jobs: readonly { messageId: string }[]): Promise<object[]> {
    this.batches.push(jobs.length);
    this.committed += jobs.length;
    this.mostUncalled = Math.max(this.mostUncalled, this.committed - this.called);
    await turn();
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
  }
}

function turn(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

const jobs = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ messageId: `m${index}`, epoch: 1 }));

describe('the dispatcher', () => {
  it('calls everything it was given, never more at once than allowed, and writes every result', async () => {
    const stage = new Stage();
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

  it('commits no more attempts at once than calls may be open, nor more that wait to be called', async () => {
    const stage = new Stage();
    await stage.dispatcher.dispatch(jobs(100));
    await stage.dispatcher.idle();
    expect(Math.max(...stage.batches)).toBeLessThanOrEqual(CONCURRENCY);
    expect(stage.mostUncalled).toBeLessThanOrEqual(CONCURRENCY);
  });

  it('ends the job at the commit of its attempts, before the operator answers', async () => {
    const stage = new Stage();
    await stage.dispatcher.dispatch(jobs(3));
    expect(stage.recorded).toEqual([]);
    await stage.dispatcher.idle();
    expect(stage.recorded).toEqual([3]);
  });

  it('is idle when nothing was given', async () => {
    await expect(new Stage().dispatcher.idle()).resolves.toBeUndefined();
  });
});
