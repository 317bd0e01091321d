import type { Instant } from '../../shared/time.js';

/** After this the operator gives up, and there is still time to reach the person otherwise. */
const USUAL_SECONDS = 4 * 3600;

/**
 * How long the operator may go on trying to deliver, in whole seconds, at least 1: never beyond the hour until which
 * the message is useful. Where coverage is poor a telephone may be out of reach for most of a day: as long as that
 * hour allows. The operators' own limits are the adapters' affair.
 */
export function validitySeconds(asked: {
  readonly usefulUntil: Instant;
  readonly now: Instant;
  readonly poorCoverage: boolean;
}): number {
  const left = Math.floor((asked.usefulUntil.epochMilliseconds - asked.now.epochMilliseconds) / 1000);
  return Math.max(1, asked.poorCoverage ? left : Math.min(left, USUAL_SECONDS));
}
