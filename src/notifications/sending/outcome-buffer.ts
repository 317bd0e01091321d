import { Logger } from '@nestjs/common';
import { sqlState } from '../../platform/transaction.js';
import type { RecordedCall } from './record-outcomes.js';

/** What the buffer needs of the dispatcher. */
interface Surroundings {
  /** In one transaction. */
  readonly write: (calls: readonly RecordedCall[]) => Promise<void>;
  /** No call is open or about to be: nothing is gained by waiting for another result. */
  readonly isQuiet: () => boolean;
  /** After each batch that is written; a failpoint may throw. */
  readonly written: () => void;
  /** After each batch, written or not. */
  readonly done: () => void;
}

/**
 * Results are kept this long for others to be written with them, unless half a concurrency of them waits; with few
 * calls open two milliseconds for each are enough, since calls made together end together.
 */
const WRITE_WITHIN_MS = 20;
/** Fewer results than this wait for their time. */
const WORTH_WRITING = 10;
const UNIQUE_VIOLATION = '23505';
/** Calls that were made together end together: their second half is written beside the first. */
const WRITES_AT_ONCE = 2;

/** What came of calls, until it is written: in batches, two at once at most. */
export class OutcomeBuffer {
  private readonly log = new Logger(OutcomeBuffer.name);
  private answered: RecordedCall[] = [];
  /** Results being written, and by how many transactions. */
  private writing = 0;
  private writes = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param calls that may be open at once */
  constructor(
    private readonly calls: number,
    private readonly around: Surroundings,
  ) {}

  /** Results that a kill would turn into doubts. */
  get unwritten(): number {
    return this.answered.length + this.writing;
  }

  add(call: RecordedCall): void {
    this.answered.push(call);
  }

  writeSoon(): void {
    if (this.writes >= WRITES_AT_ONCE || this.answered.length === 0) return;
    const isEnough = this.answered.length >= Math.max(WORTH_WRITING, this.calls / 2);
    if (isEnough || this.around.isQuiet()) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), Math.min(2 * this.calls, WRITE_WITHIN_MS));
  }

  private async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.writes >= WRITES_AT_ONCE || this.answered.length === 0) return;
    const batch = this.answered;
    this.answered = [];
    this.writes++;
    this.writing += batch.length;
    try {
      await this.write(batch);
      this.around.written();
    } catch {
      this.log.error('outcomes could not be written: they will be looked up');
    }
    this.writes--;
    this.writing -= batch.length;
    this.around.done();
    this.writeSoon();
  }

  /** An id that a look-up took while the batch was being written is seen the second time. */
  private async write(batch: readonly RecordedCall[]): Promise<void> {
    await this.around.write(batch).catch((error: unknown) => {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
      return this.around.write(batch);
    });
  }
}
