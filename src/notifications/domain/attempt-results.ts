import type { MessageState } from './notification.states.js';

/** What came of one call to an operator. */
export type CallOutcome =
  /** The operator took it; several ids, joined (`text-parts.ts`), where it gives one to each part. */
  | { readonly result: 'accepted'; readonly operatorMessageId: string }
  /** Surely not sent, worth trying again: refused connection, 429, bad credentials. */
  | { readonly result: 'not-sent'; readonly errorCode: string }
  /** The operator refuses this number or this text; trying again changes nothing. */
  | { readonly result: 'refused'; readonly errorCode: string; readonly optedOut: boolean }
  /** Nobody knows: no answer, a connection cut after the request, a 5xx. Looked up, never retried blindly. */
  | { readonly result: 'uncertain'; readonly errorCode: string };

/**
 * Twilio's statuses by rank; receipts arrive in any order and several times, so a lower rank never replaces a
 * higher one. Source: twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks (2026-08).
 */
const RANK: Readonly<Record<string, number>> = {
  accepted: 1,
  scheduled: 1,
  queued: 1,
  sending: 2,
  sent: 3,
  delivered: 4,
  undelivered: 4,
  failed: 4,
  canceled: 4,
};

export type ReceiptMeaning = 'accepted' | 'delivered' | 'undelivered';

/** @returns undefined for a status we do not know: it is kept in the inbox and changes nothing */
export function meaningOf(status: string): ReceiptMeaning | undefined {
  const rank = RANK[status];
  if (rank === undefined) return undefined;
  if (rank < 4) return 'accepted';
  return status === 'delivered' ? 'delivered' : 'undelivered';
}

/** What a receipt does to the message of its attempt, given where the message stands. */
export function messageAfterReceipt(state: MessageState, meaning: ReceiptMeaning): MessageState {
  const reached: Partial<Record<MessageState, true>> = { delivered: true, undelivered: true };
  if (reached[state] === true) return state;
  const settled: Partial<Record<MessageState, true>> = {
    withdrawn: true,
    suppressed: true,
    failed: true,
    expired: true,
  };
  if (settled[state] === true) return state;
  if (meaning === 'accepted') return 'accepted';
  return meaning;
}

/**
 * Seconds before a message that was surely not sent is tried again: 15, 30, 60 … at most 300. For what an operator
 * put off for itself: where nothing reached it, its circuit paces, and another may take the text at once.
 */
export function retryDelaySeconds(attempts: number): number {
  return Math.min(300, 15 * 2 ** Math.max(0, attempts - 1));
}

/** Look-ups at the operator, in seconds after the attempt; the last one decides. */
export const LOOKUP_SECONDS = [30, 120, 300] as const;
/** Seconds during which a look-up belongs to the worker that took it. */
export const LEASE_SECONDS = 60;
/** A call without a result after this many seconds is in doubt. */
export const DOUBT_AFTER_SECONDS = 60;
/** A claimed message without an attempt after this many minutes goes back to `planned`. */
export const SWEEP_AFTER_MINUTES = 5;
/** An attempt older than this is not called any more: the sweeper may take it at 60 s. */
export const CALL_WITHIN_SECONDS = 20;
/** Longer than the 26 s for which the operator's server may still finish a request its client gave up. */
export const CALL_TIMEOUT_SECONDS = 40;
