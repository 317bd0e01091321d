import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createPostgresBackend, type Job, Queue, type RedisQueueBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { Env } from '../../config/env.js';
import { digest } from '../shared/tokens.js';
import { PatientWorker } from './patient-worker.js';

/** Name of the queue; its rows or keys are recognised by it on either backend. */
export const QUEUE_NAME = 'messages';
/** Longer than a call to an operator may last (40 s), so that a slow call is not taken for a dead worker. */
const LOCK_MS = 90_000;

/**
 * Messages in one job of the queue: the queue's own cost is paid once for all of them. Few enough for several
 * workers to share the load evenly.
 */
const MESSAGES_PER_JOB = 10;

/** A message to send, as the queue knows it: never a name, a number or a text. */
export interface SendJob {
  readonly messageId: string;
  readonly epoch: number;
}

/** 0: due for its own sake; 1: bulk, taken when no job of lane 0 waits. */
export type Lane = 0 | 1;

/** What a job of the queue holds. */
interface Chunk {
  readonly messages: readonly SendJob[];
}

/** What we ask of a queue and of a worker, whichever their backend. */
interface Bell {
  addBulk(jobs: { name: string; data: Chunk; opts: object }[]): Promise<unknown>;
  getJobCounts(...types: 'waiting'[]): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}
interface Taker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job<Chunk> | undefined, error: Error) => void): unknown;
  on(event: 'drained', listener: () => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
}

/**
 * BullMQ as an alarm clock: it wakes a worker for a row of PostgreSQL and may be lost at any time. On Redis when
 * `REDIS_URL` is set, on PostgreSQL otherwise; the code above does not know which.
 */
@Injectable()
export class JobQueue implements OnApplicationShutdown {
  private readonly log = new Logger(JobQueue.name);
  private queue: Bell | undefined;
  private worker: Taker | undefined;

  constructor(private readonly env: Env) {}

  /** @throws when the queue cannot be reached: the caller puts its rows back */
  async ring(jobs: readonly SendJob[], lane: Lane = 0): Promise<void> {
    if (jobs.length === 0) return;
    const options = {
      attempts: 1,
      removeOnComplete: true,
      removeOnFail: { count: 1000 },
      // Jobs without a priority pass before all that have one.
      ...(lane === 0 ? {} : { priority: lane }),
    };
    await this.producer().addBulk(
      chunksOf(jobs).map((messages) => ({
        name: 'send',
        data: { messages },
        opts: { ...options, jobId: `send-${messages[0]?.messageId}-${messages[0]?.epoch}` },
      })),
    );
  }

  /**
   * Starts taking jobs, so many that the messages in hand are about as many as asked. A handler that throws fails its
   * job; PostgreSQL decides what happens to the rows.
   * @param whenDry called when there is no more to take
   */
  async listen(
    messagesInHand: number,
    handle: (jobs: readonly SendJob[]) => Promise<void>,
    whenDry: () => void = () => undefined,
  ): Promise<void> {
    const process = (job: Job<unknown>) => handle(this.read(job));
    const concurrency = Math.ceil(messagesInHand / MESSAGES_PER_JOB) + 1;
    const options = { concurrency, lockDuration: LOCK_MS, stalledInterval: 30_000, maxStalledCount: 1 };
    await this.refuseEviction();
    const worker: Taker =
      this.env.REDIS_URL === undefined
        ? new PatientWorker(
            QUEUE_NAME,
            process,
            { ...options, connection: this.postgres(4) },
            createPostgresBackend,
          )
        : new PatientWorker<RedisQueueBackend>(QUEUE_NAME, process, {
            ...options,
            connection: redis(this.env.REDIS_URL, true),
            prefix: queuePrefix(this.env),
          });
    worker.on('error', (error) => this.log.warn(`queue: ${error.message}`));
    worker.on('drained', whenDry);
    worker.on('failed', (job, error) => this.log.error(`job ${job?.id ?? '?'} failed: ${error.message}`));
    this.worker = worker;
    await worker.waitUntilReady();
  }

  /** A job that nobody can carry out is acknowledged: it must not take its neighbours with it, nor come again. */
  private read(job: Job<unknown>): readonly SendJob[] {
    const messages = messagesIn(job.data);
    if (messages.length === 0) this.log.warn(`job ${job.id ?? '?'} holds no message: ignored`);
    return messages;
  }

  /** Resolves when the queue answers. */
  async ping(): Promise<void> {
    await this.producer().getJobCounts('waiting');
  }

  /** The queue itself, for pages that show it: never to ring it. */
  inspected(): Queue {
    return this.producer() as Queue;
  }

  /** Takes no new job; jobs in progress end first. */
  async stopListening(): Promise<void> {
    await this.worker?.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.worker?.close(true);
    await this.queue?.close();
  }

  private producer(): Bell {
    if (this.queue !== undefined) return this.queue;
    const queue: Bell =
      this.env.REDIS_URL === undefined
        ? new Queue(QUEUE_NAME, { connection: this.postgres(2) }, createPostgresBackend)
        : new Queue(QUEUE_NAME, {
            connection: redis(this.env.REDIS_URL, false),
            prefix: queuePrefix(this.env),
            skipWaitingForReady: true,
          });
    queue.on('error', (error) => this.log.warn(`queue: ${error.message}`));
    this.queue = queue;
    queue.waitUntilReady().catch(() => this.giveUp(queue));
    return queue;
  }

  /** BullMQ keeps the failure of a first connection for ever: the next ring begins with a new producer. */
  private async giveUp(queue: Bell): Promise<void> {
    if (this.queue === queue) this.queue = undefined;
    await queue.close().catch(() => undefined);
  }

  private postgres(max: number) {
    return { connectionString: this.env.DATABASE_URL, max, keepAlive: true };
  }

  /** An evicting Redis loses jobs silently; BullMQ is correct with `noeviction` only. */
  private async refuseEviction(): Promise<void> {
    if (this.env.REDIS_URL === undefined) return;
    const client = new Redis(this.env.REDIS_URL, { maxRetriesPerRequest: 3 });
    try {
      const [, policy] = (await client.config('GET', 'maxmemory-policy')) as string[];
      if (policy !== undefined && policy !== 'noeviction')
        throw new Error(`Redis evicts keys (maxmemory-policy ${policy}): set it to noeviction`);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('Redis evicts')) throw error;
      this.log.warn('maxmemory-policy of Redis could not be read: make sure it is noeviction');
    } finally {
      client.disconnect();
    }
  }
}

/** Two databases that share a Redis keep their keys apart. */
export function queuePrefix({ DATABASE_URL }: Env): string {
  const { host, pathname } = new URL(DATABASE_URL);
  return `msj-${digest(host + pathname)
    .toString('hex')
    .slice(0, 8)}`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Largest value of the column. */
const LAST_EPOCH = 2 ** 31 - 1;

/** What a job asks for; a job of the release before holds one message, without a list. What is neither is left out. */
export function messagesIn(data: unknown): readonly SendJob[] {
  const { messages } = Object(data) as { messages?: unknown };
  const listed: readonly unknown[] = Array.isArray(messages) ? messages : [data];
  return listed.filter(isSendJob).map(({ messageId, epoch }) => ({ messageId, epoch }));
}

function isSendJob(value: unknown): value is SendJob {
  const { messageId, epoch } = Object(value) as { messageId?: unknown; epoch?: unknown };
  if (typeof messageId !== 'string' || !UUID.test(messageId)) return false;
  return Number.isInteger(epoch) && Math.abs(Number(epoch)) <= LAST_EPOCH;
}

function chunksOf(jobs: readonly SendJob[]): SendJob[][] {
  const chunks: SendJob[][] = [];
  for (let from = 0; from < jobs.length; from += MESSAGES_PER_JOB)
    chunks.push(
      jobs.slice(from, from + MESSAGES_PER_JOB).map(({ messageId, epoch }) => ({ messageId, epoch })),
    );
  return chunks;
}

/** Workers wait for Redis to come back; producers fail at once, so that their rows go back to `planned`. */
function redis(url: string, waits: boolean) {
  const retryStrategy = (attempts: number) => Math.min(attempts * 250, 2_000);
  return waits
    ? { url, retryStrategy, maxRetriesPerRequest: null }
    : { url, retryStrategy, maxRetriesPerRequest: 1, enableOfflineQueue: true, commandTimeout: 5_000 };
}
