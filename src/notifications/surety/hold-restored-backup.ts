import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { Transaction } from '../../platform/transaction.js';
import { DatabaseWitness, type Mark } from './database-witness.js';
import { HoldSending } from './hold-sending.js';
import { type Listed, OperatorLists } from './operator-lists.js';
import {
  clusterNow,
  comparedAt,
  countUnexplained,
  findMarks,
  rememberComparison,
  serverNow,
} from './restored-evidence.query.js';
import { isMadeFor } from './sending-hold.js';

/** What is known when a database is judged. */
interface Evidence {
  readonly lists: readonly Listed[];
  readonly marks: readonly Mark[];
  readonly cluster: string | null;
  /** An operator that did not answer will not be waited for: what it keeps counts as unknown. */
  readonly isLast: boolean;
}

/**
 * Before a worker takes its first job, and whenever PostgreSQL answers as another server: does this database know what
 * left last? Yesterday's backup does not, and would send yesterday's messages again. Three witnesses: the lists of the
 * operators; what this process and Redis remember of the last attempt; and whether the database still lives where it
 * was compared last: elsewhere, a text to anybody counts, known here or not, and an operator that keeps no list is
 * doubted, if nobody remembers an attempt that the database knows. A worker that was killed left its attempts behind,
 * and a new database is younger than an old account, so neither is held.
 */
@Injectable()
export class HoldRestoredBackup implements OnApplicationShutdown {
  /** An operator that is silent is asked so often at once, then again and again, and nothing leaves until it answers. */
  readonly pace = { tries: 3, pauseMs: 1_000, patienceMs: 30_000, laterMs: 10_000 };
  private readonly log = new Logger(HoldRestoredBackup.name);
  private readonly stopped = new AbortController();
  private comparing: Promise<void> | undefined;
  private waiting: Promise<void> | undefined;
  private gaveUp = false;

  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly lists: OperatorLists,
    private readonly witness: DatabaseWitness,
    private readonly holdSending: HoldSending,
  ) {}

  /** @returns false when this database belongs to another environment: nothing of it may be touched */
  async run(): Promise<boolean> {
    if (!(await this.transaction.run((tx) => isMadeFor(tx, this.env.APP_ENV)))) {
      this.log.error('this database was made for another environment: nothing is sent, no job is taken');
      return false;
    }
    await this.compare();
    return true;
  }

  /**
   * Resolves when nothing speaks against sending but a hold; at once, while all is well.
   * @throws when the process stops before it knows
   */
  async settled(): Promise<void> {
    if (this.witness.isDoubted)
      try {
        this.comparing ??= this.compare().finally(() => (this.comparing = undefined));
        await this.comparing;
      } catch (error) {
        this.log.warn(`not compared: ${error instanceof Error ? error.name : 'unknown'}`);
      }
    await this.waiting;
    if (this.gaveUp) throw new Error('stopped before the operator answered');
  }

  /** Nobody is waited for any more. */
  stop(): void {
    this.stopped.abort();
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  private async compare(): Promise<void> {
    const lists = await Promise.all(this.env.SMS_PROVIDERS.map((operator) => this.askAtOnce(operator)));
    await this.judge(lists, false);
    const silent = lists.filter(({ outcome }) => outcome === 'no-answer').map(({ operator }) => operator);
    if (silent.length > 0) this.waiting = this.waitFor(silent);
  }

  private async askAtOnce(operator: string): Promise<Listed> {
    for (let tried = 1; ; tried++) {
      const listed = await this.lists.ask(operator);
      if (listed.outcome !== 'no-answer' || tried === this.pace.tries) return listed;
      await this.pause(this.pace.pauseMs);
    }
  }

  /** Bounded: an operator whose list alone is broken must not keep messages from leaving. */
  private async waitFor(operators: readonly string[]): Promise<void> {
    const began = performance.now();
    for (let left = operators; left.length > 0;) {
      this.gaveUp = this.stopped.signal.aborted;
      if (this.gaveUp) return;
      const isLast = performance.now() - began >= this.pace.patienceMs;
      left = await this.askAgain(left, isLast).catch(() => left);
      if (isLast) {
        void this.goOnAsking(left);
        return;
      }
      if (left.length > 0) await this.pause(this.pace.pauseMs);
    }
  }

  /** Texts leave meanwhile: a backup that is found so late is held all the same. */
  private async goOnAsking(operators: readonly string[]): Promise<void> {
    for (let left = operators; left.length > 0 && !this.stopped.signal.aborted;) {
      await this.pause(this.pace.laterMs);
      left = await this.askAgain(left, true).catch(() => left);
    }
  }

  /** @returns those that are still silent */
  private async askAgain(operators: readonly string[], isLast: boolean): Promise<readonly string[]> {
    const lists = await Promise.all(operators.map((operator) => this.lists.ask(operator)));
    const told = isLast ? lists : lists.filter(({ outcome }) => outcome !== 'no-answer');
    if (told.length > 0) await this.judge(told, isLast);
    return lists.filter(({ outcome }) => outcome === 'no-answer').map(({ operator }) => operator);
  }

  private async pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.stopped.signal, ref: false }).catch(() => undefined);
  }

  private async judge(lists: readonly Listed[], isLast: boolean): Promise<void> {
    const marks = await this.witness.marks();
    const cluster = await this.transaction.run(clusterNow).catch(() => null);
    const { reasons, server, known } = await this.transaction.run((tx) =>
      this.conclude(tx, { lists, marks, cluster, isLast }),
    );
    this.witness.trust(server, known);
    for (const detail of reasons) this.log.error(`${detail}: it may be a restored backup, sending is held`);
  }

  private async conclude(
    tx: EntityManager,
    evidence: Evidence,
  ): Promise<{ reasons: readonly string[]; server: string; known: readonly string[] }> {
    const { known, missing } = await findMarks(tx, evidence.marks);
    const reasons = missing > 0 ? ['a text left of which this database knows nothing'] : [];
    for (const listed of evidence.lists) {
      const detail = await this.judgeList(tx, listed, evidence, known.length === 0);
      if (detail !== null) reasons.push(detail);
    }
    for (const detail of reasons)
      await this.holdSending.execute(tx, { reason: 'restored-backup', detail }, 'worker');
    return { reasons, server: await serverNow(tx), known };
  }

  /** @param isUnknown nobody remembers an attempt that this database knows */
  private async judgeList(
    tx: EntityManager,
    { operator, messages, outcome }: Listed,
    { cluster, isLast }: Evidence,
    isUnknown: boolean,
  ): Promise<string | null> {
    const isOpen = outcome === 'no-answer' && !isLast;
    const now = isOpen ? null : cluster;
    const before = await comparedAt(tx, operator);
    const hasMoved = now !== null && before !== null && before !== now;
    const whose = hasMoved ? 'anybody' : 'known-here';
    const unknown = messages === null ? 0 : await countUnexplained(tx, operator, messages, whose);
    await rememberComparison(tx, operator, unknown > 0 ? 'unexplained' : outcome, now);
    if (messages !== null)
      return unknown > 0 ? `${operator} took ${unknown} messages that this database does not know` : null;
    this.log.warn(`${operator}: ${outcome}, this database could not be compared with what was sent`);
    return hasMoved && isUnknown
      ? `this database came back elsewhere or from its archive, and ${operator} gave no list`
      : null;
  }
}
