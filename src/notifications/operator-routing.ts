import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import type { Instant } from '../shared/time.js';
import type { CallOutcome } from './domain/attempt-results.js';

/** Whether a text may go to an operator now. */
export type Permit =
  | { readonly do: 'call'; readonly operator: string }
  | { readonly do: 'wait'; readonly until: Instant; readonly reason: 'circuit-open' | 'pace' };

export interface WantedRoute {
  readonly messageId: string;
  /** Territory of the number; null when unknown. */
  readonly territory: string | null;
}

export interface ObservedCall {
  readonly operator: string;
  readonly outcome: CallOutcome;
}

/** Which operator takes which text, and when: routes by territory, circuits and pace, shared by every worker. */
@Injectable()
export class OperatorRouting {
  constructor(private readonly env: Env) {}

  /** One permit for each text wanted. At most one statement for the whole batch. */
  async permits(_tx: EntityManager, wanted: readonly WantedRoute[]): Promise<ReadonlyMap<string, Permit>> {
    const operator = this.env.SMS_PROVIDERS[0] ?? 'twilio';
    return Promise.resolve(new Map(wanted.map(({ messageId }) => [messageId, { do: 'call', operator }])));
  }

  /** Draws from the results of calls what the circuits must know; no statement when nothing changes. */
  async observe(_tx: EntityManager, _calls: readonly ObservedCall[]): Promise<void> {
    return Promise.resolve();
  }
}
