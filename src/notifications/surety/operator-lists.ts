import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Gateways } from '../providers/gateways.js';
import type { EntityManager } from 'typeorm';
import { type Instant, instantOf } from '../../shared/time.js';
import type { RecentMessage } from '../providers/message-gateway.port.js';
import type { Outcome } from './restored-evidence.query.js';
import { gapsOf, type ListedSince } from './served-since.query.js';

export interface Listed {
  readonly operator: string;
  /** Null: it keeps no list, or did not answer. */
  readonly messages: readonly RecentMessage[] | null;
  readonly outcome: Outcome;
}

/** Opens a transaction of its own. */
type Run = <T>(work: (tx: EntityManager) => Promise<T>) => Promise<T>;

const ANSWERS_WITHIN_MS = 5_000;

/** The newest texts that the operators took from us, as they tell them. */
@Injectable()
export class OperatorLists {
  /** A day of the largest sender; what goes beyond is told as cut short. */
  readonly bounds = { pages: 50, pageSize: 1_000, patienceMs: 20_000 };

  constructor(private readonly gateways: Gateways) {}

  async ask(operator: string): Promise<Listed> {
    try {
      const messages = await this.recent(operator);
      return { operator, messages, outcome: messages === null ? 'no-list' : 'explained' };
    } catch {
      return { operator, messages: null, outcome: 'no-answer' };
    }
  }

  /**
   * What each took since this database last knew of it; none while nothing is held. Operators are asked outside of
   * transactions.
   */
  async takenInGap(run: Run): Promise<readonly ListedSince[]> {
    const gaps = await run((tx) => gapsOf(tx, this.gateways.operators));
    return Promise.all(gaps.map(({ operator, since }) => this.takenSince(operator, instantOf(since))));
  }

  private async takenSince(operator: string, since: Instant): Promise<ListedSince> {
    const told = { operator, since, messages: [] };
    try {
      const asked = this.gateways.byOperator(operator).takenSince?.(since, this.bounds);
      const taken = await within(this.bounds.patienceMs + ANSWERS_WITHIN_MS, asked ?? Promise.resolve(null));
      if (taken === null) return { ...told, outcome: 'no-list' };
      return { ...told, messages: taken.messages, outcome: taken.isWhole ? 'whole' : 'cut' };
    } catch {
      return { ...told, outcome: 'no-answer' };
    }
  }

  private recent(operator: string): Promise<readonly RecentMessage[] | null> {
    return within(ANSWERS_WITHIN_MS, this.gateways.byOperator(operator).recent?.() ?? Promise.resolve(null));
  }
}

/** @throws when the operator is silent for longer */
async function within<T>(milliseconds: number, asked: Promise<T>): Promise<T> {
  const silence = new AbortController();
  const late = delay(milliseconds, undefined, { signal: silence.signal }).then(() => {
    throw new Error('the operator does not answer');
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    silence.abort();
    late.catch(() => undefined);
    asked.catch(() => undefined);
  }
}
