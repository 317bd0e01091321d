import { Injectable } from '@nestjs/common';
import { OutsideMemory } from '../../platform/outside-memory.js';

/** An attempt that was committed, and after which a text left. */
export interface Mark {
  readonly attemptId: string;
  /** Real time of PostgreSQL. */
  readonly at: Date;
}

/** What a database says of itself to a process that sends from it. */
export interface SeenDatabase {
  /** Another one after a restart, and in another database. */
  readonly server: string;
  /** Whether it holds the attempt that was asked for. */
  readonly knowsMark: boolean;
}

const NAME = 'last-sent';
const KEPT_EVERY_MS = 1_000;
const WRITTEN = /^([0-9a-f-]{36}) (\S+)$/;

/**
 * What is remembered of this database outside of it: by this process, and by Redis where the queue lives there. A
 * database that does not know it came back from a backup, whether the operators keep lists or not.
 */
@Injectable()
export class DatabaseWitness {
  /** The server answers as another one, or without our last attempt: compared again before anything leaves. */
  isDoubted = false;
  private own: Mark | null = null;
  private server: string | null = null;
  private keptAt = -Infinity;

  constructor(private readonly outside: OutsideMemory) {}

  /** The attempt a database must know to be ours; null before the first. */
  get mark(): string | null {
    return this.own?.attemptId ?? null;
  }

  /** @param mark of an attempt whose commit was answered */
  note(mark: Mark): void {
    this.own = mark;
    if (performance.now() - this.keptAt < KEPT_EVERY_MS) return;
    this.keptAt = performance.now();
    this.outside.keep(NAME, `${mark.attemptId} ${mark.at.toISOString()}`);
  }

  /** @returns false when nothing may leave before `HoldRestoredBackup` has compared again */
  recognises({ server, knowsMark }: SeenDatabase): boolean {
    this.server ??= server;
    if (server !== this.server || !knowsMark) this.isDoubted = true;
    return !this.isDoubted;
  }

  /** Everything remembered, of this process and of the others. */
  async marks(): Promise<readonly Mark[]> {
    const [, attemptId = '', at = ''] = WRITTEN.exec((await this.outside.recall(NAME)) ?? '') ?? [];
    const kept = new Date(at);
    const isReadable = attemptId !== '' && !Number.isNaN(kept.getTime());
    return [...(this.own === null ? [] : [this.own]), ...(isReadable ? [{ attemptId, at: kept }] : [])];
  }

  /**
   * Judged: sent from, or held, from now on.
   * @param known attempts that the database knows; ours is accounted for by a hold or its release if it is not there
   */
  trust(server: string, known: readonly string[]): void {
    if (this.own !== null && !known.includes(this.own.attemptId)) this.own = null;
    this.server = server;
    this.isDoubted = false;
  }
}
