import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Env } from '../../config/env.js';
import { queuePrefix } from './queue.js';

/**
 * A few words kept outside of PostgreSQL, in the Redis of the queue where there is one: they outlive a database that
 * is restored, and may be lost at any time. Never personal data.
 */
@Injectable()
export class OutsideMemory implements OnApplicationShutdown {
  private readonly log = new Logger(OutsideMemory.name);
  private client: Redis | undefined;

  constructor(private readonly env: Env) {}

  /** Not waited for by whoever has something to do: what cannot be written is forgotten. */
  keep(name: string, words: string): void {
    void this.redis()
      ?.set(this.keyOf(name), words)
      .catch(() => undefined);
  }

  /** @returns null when nothing is kept, and without a Redis that answers */
  async recall(name: string): Promise<string | null> {
    try {
      return (await this.redis()?.get(this.keyOf(name))) ?? null;
    } catch (error) {
      this.log.warn(`Redis could not be asked: ${error instanceof Error ? error.message : 'unknown'}`);
      return null;
    }
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }

  private keyOf(name: string): string {
    return `${queuePrefix(this.env)}:${name}`;
  }

  private redis(): Redis | undefined {
    if (this.env.REDIS_URL === undefined) return undefined;
    if (this.client === undefined) {
      this.client = new Redis(this.env.REDIS_URL, { maxRetriesPerRequest: 1, commandTimeout: 2_000 });
      this.client.on('error', () => undefined);
    }
    return this.client;
  }
}
