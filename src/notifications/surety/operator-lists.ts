import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Gateways } from '../providers/gateways.js';
import type { RecentMessage } from '../providers/message-gateway.port.js';
import type { Outcome } from './restored-evidence.query.js';

export interface Listed {
  readonly operator: string;
  /** Null: it keeps no list, or did not answer. */
  readonly messages: readonly RecentMessage[] | null;
  readonly outcome: Outcome;
}

const ANSWERS_WITHIN_MS = 5_000;

/** The newest texts that the operators took from us, as they tell them. */
@Injectable()
export class OperatorLists {
  constructor(private readonly gateways: Gateways) {}

  async ask(operator: string): Promise<Listed> {
    try {
      const messages = await this.recent(operator);
      return { operator, messages, outcome: messages === null ? 'no-list' : 'explained' };
    } catch {
      return { operator, messages: null, outcome: 'no-answer' };
    }
  }

  private async recent(operator: string): Promise<readonly RecentMessage[] | null> {
    const silence = new AbortController();
    const late = delay(ANSWERS_WITHIN_MS, undefined, { signal: silence.signal }).then(() => {
      throw new Error('the operator does not answer');
    });
    const asked = this.gateways.byOperator(operator).recent?.() ?? Promise.resolve(null);
    try {
      return await Promise.race([asked, late]);
    } finally {
      silence.abort();
      late.catch(() => undefined);
      asked.catch(() => undefined);
    }
  }
}
