import { EventEmitter } from 'node:events';
import type { IQueueBackend } from 'bullmq';
import { PatientWorker } from './patient-worker.js';

/** More is a busy loop: from there on the backend falls silent, so that the test ends instead of hanging. */
const TOO_MANY = 1000;

/** A backend whose connections are cut as soon as they are taken. */
class CutBackend extends EventEmitter {
  asked = 0;
  readonly minimumBlockTimeout = 0.001;
  readonly maximumBlockTimeout = 10;
  readonly waitUntilReady = async () => undefined;
  readonly moveStalledJobsToWait = async () => [];
  readonly disconnectBlocking = async () => undefined;
  readonly close = async () => undefined;

  moveToActive(): Promise<never> {
    this.asked++;
    if (this.asked > TOO_MANY) return new Promise(() => undefined);
    return Promise.reject(new Error('Connection terminated unexpectedly'));
  }
}

describe('a worker whose queue cannot be reached', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function start() {
    const backend = new CutBackend();
    const options = { connection: {}, concurrency: 5, drainDelay: 5 };
    const worker = new PatientWorker(
      'messages',
      async () => undefined,
      options,
      () => backend as unknown as IQueueBackend,
    );
    let errors = 0;
    worker.on('error', () => errors++);
    return { backend, worker, errors: () => errors };
  }

  it('asks about once a second, and says so each time', async () => {
    const { backend, worker, errors } = start();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(backend.asked).toBeGreaterThanOrEqual(50);
    expect(backend.asked).toBeLessThanOrEqual(61);
    expect(errors()).toBeGreaterThanOrEqual(50);
    await worker.close();
  });

  it('stops without waiting for its next question', async () => {
    const { backend, worker } = start();
    await jest.advanceTimersByTimeAsync(1_500);
    const asked = backend.asked;
    // Not a timer moves while it closes.
    await worker.close();
    expect(worker.isRunning()).toBe(false);
    expect(backend.asked).toBe(asked);
  });
});
