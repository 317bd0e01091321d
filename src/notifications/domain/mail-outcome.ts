import type { CallOutcome } from './attempt-results.js';

/** How a mail relay, or the way to it, failed. */
export interface MailFailure {
  /** First reply code of the relay (RFC 5321); null: it did not answer. */
  readonly replyCode: number | null;
  /** The whole reply; null: none. */
  readonly reply: string | null;
  /** What was being said to it: `MAIL FROM`, `RCPT TO`, `DATA`; `CONN` for the connection itself. */
  readonly step: string | null;
  /** Name of the error, when there is no reply. */
  readonly code: string | null;
  /** At least one byte of the text was handed over. */
  readonly textBegan: boolean;
}

/** About the recipient or the text; a refusal at any earlier step is about our own account. */
const ABOUT_THE_MAIL: readonly string[] = ['RCPT TO', 'DATA'];

/**
 * What a failed mail means: a relay that refuses for good (5xx) is believed, one that asks for patience (4xx) is asked
 * again. Without an answer, a text of which no byte left was surely not sent; any other is a doubt.
 */
export function mailOutcome(failure: MailFailure): CallOutcome {
  const { replyCode, step, textBegan } = failure;
  const errorCode = errorCodeOf(failure);
  if (replyCode === null)
    return textBegan ? { result: 'uncertain', errorCode } : { result: 'not-sent', errorCode };
  const isForGood = replyCode >= 500 && (textBegan || (step !== null && ABOUT_THE_MAIL.includes(step)));
  return isForGood ? { result: 'refused', errorCode, optedOut: false } : { result: 'not-sent', errorCode };
}

/**
 * What a mail that was surely not sent says about the relay: one that answers serves the others, unless it speaks of
 * itself (421, status x.3.x) or of our account (5xx: a recipient refused for good is not « not sent »).
 */
export function relaySignal(errorCode: string): 'good' | 'failed' | 'unreachable' {
  if (!/^[45]/.test(errorCode)) return 'unreachable';
  return /^(421|5|4\.3\.)/.test(errorCode) ? 'failed' : 'good';
}

/** The enhanced status of the reply (RFC 3463) when it has one: it says more than the reply code. */
function errorCodeOf({ replyCode, reply, code }: MailFailure): string {
  const status = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?!\S)/.exec(reply ?? '')?.[1];
  return status ?? (replyCode === null ? (code ?? 'smtp') : String(replyCode));
}
