import { createHmac } from 'node:crypto';

/** What a service may ask to be told. */
export const WEBHOOK_EVENTS = ['booked', 'changed', 'attended', 'missed', 'delivery-failed'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export function isWebhookEvent(text: string): text is WebhookEvent {
  const known: readonly string[] = WEBHOOK_EVENTS;
  return known.includes(text);
}

/** One thing that happened: ids and states, never a name, a number or a text. Who wants more asks the API. */
export interface WebhookPayload {
  /** The same for every call about the same thing: what was read once may be left out. */
  readonly id: string;
  readonly event: WebhookEvent | 'test';
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
  /** Null in a test call. */
  readonly convocationId: string | null;
  /** Service of the place. */
  readonly organizationId: string;
  /** Of the convocation; of the message when a delivery failed. */
  readonly state: string;
}

/**
 * Value of `Msj-Signature`: when it was made, and one HMAC-SHA256 of « time.body » for each secret in force.
 * @param unixSeconds now
 */
export function signature(secrets: readonly string[], unixSeconds: number, body: string): string {
  const parts = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${unixSeconds}.${body}`, 'utf8').digest('hex')}`,
  );
  return [`t=${unixSeconds}`, ...parts].join(',');
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Seconds before the second, the third… try: 1 min, 5 min, 30 min, 2 h, 6 h, 12 h, 24 h. */
const DELAYS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];
export const MOST_TRIES = DELAYS.length + 1;

/** @param tries made so far, at least 1 @returns null when that was the last one */
export function retryDelaySeconds(tries: number): number | null {
  return DELAYS[tries - 1] ?? null;
}

/** Days of failures without one success after which an endpoint is disabled. */
export const FAILING_DAYS = 7;
/** Days for which the secret that was replaced still signs beside the new one. */
export const OLD_SECRET_DAYS = 7;

/** Why a call brought no answer; a closed list: what the receiver says is never kept. */
export const CALL_ERRORS = [
  'refused-address',
  'unknown-host',
  'refused',
  'timed-out',
  'certificate',
  'broken',
  'lost',
  'secret',
] as const;
export type CallError = (typeof CALL_ERRORS)[number];

/** What came of one call. */
export type CallResult =
  | { readonly status: number; readonly error: null; readonly latencyMs: number }
  | { readonly status: null; readonly error: CallError; readonly latencyMs: number };

/** Any 2xx; a redirect is not followed and is a failure. */
export function isTaken({ status }: CallResult): boolean {
  return status !== null && status >= 200 && status < 300;
}
