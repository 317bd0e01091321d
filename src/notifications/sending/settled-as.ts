import type { Instant } from '../../shared/time.js';
import type { SendDecision } from '../domain/decide-send.js';
import type { Settled } from './write-attempts.js';

/** @param dueAt of one that is planned again */
export function settledAs(
  messageId: string,
  state: Settled['state'],
  reason: string | null = null,
  dueAt: Instant | null = null,
): Settled {
  return { messageId, state, reason, dueAt };
}

/** Where a message goes that its decision does not send. */
export function settledBy(messageId: string, decision: Exclude<SendDecision, { do: 'send' }>): Settled {
  switch (decision.do) {
    case 'withdraw':
      return settledAs(messageId, 'withdrawn', decision.reason ?? null);
    case 'suppress':
      return settledAs(messageId, 'suppressed', decision.reason);
    case 'expire':
      return settledAs(messageId, 'expired', decision.reason);
    case 'postpone':
      return settledAs(messageId, 'planned', null, decision.until);
  }
}
