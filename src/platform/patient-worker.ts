import { type ConnectionOptions, type IQueueBackend, type JobProgress, Worker } from 'bullmq';

/** Between two questions to a queue that cannot be reached. */
const PATIENCE_MS = 1000;

/**
 * BullMQ's worker asks again at once after most errors (all but a refused connection): behind a proxy that accepts
 * and cuts, or after a first connection that failed, it would do nothing else. This one waits first.
 */
export class PatientWorker<B extends IQueueBackend, C = ConnectionOptions> extends Worker<
  unknown,
  void,
  string,
  B,
  JobProgress,
  C
> {
  /** Absent at first: BullMQ's constructor starts the loop before fields of ours have values. */
  private held: Set<() => void> | undefined;

  protected override async moveToActive(token: string, name?: string) {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      if (this.closing === undefined) await this.holdBack();
      throw error;
    }
  }

  /** Ends early when the worker closes. */
  private holdBack(): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        clearTimeout(timer);
        this.held?.delete(goOn);
        resolve();
      };
      const timer = setTimeout(goOn, PATIENCE_MS);
      this.held ??= new Set();
      this.held.add(goOn);
    });
  }

  override async close(force?: boolean): Promise<void> {
    const closed = super.close(force);
    for (const goOn of this.held ?? []) goOn();
    await closed;
  }
}
