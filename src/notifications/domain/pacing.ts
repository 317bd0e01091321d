import type { Instant } from '../../shared/time.js';

/** Messages of lane 1 (bulk) wait behind those of lane 0. */
export type Lane = 0 | 1;

/** Tokens of one operator, shared by every worker. Real time: the operator counts in it. */
export interface Bucket {
  /** Texts that may leave now; below 0 when turns ahead are taken already. */
  readonly tokens: number;
  readonly refilledAt: Instant;
  /** Until when the turns of waiting texts are given out, by lane. */
  readonly turns: readonly [Instant, Instant];
}

/** Either it leaves at its turn, so many milliseconds from now, or it comes back at an instant to ask again. */
export type Turn = { readonly bucket: Bucket } & (
  { readonly waitsUntil: null; readonly leavesInMs: number } | { readonly waitsUntil: Instant }
);

/** @param perSecond texts a second; below 1, one text every 1 ÷ perSecond seconds */
export function refilled(bucket: Bucket, perSecond: number, now: Instant): Bucket {
  const elapsed = Math.max(0, (now.epochMilliseconds - bucket.refilledAt.epochMilliseconds) / 1000);
  return {
    ...bucket,
    tokens: Math.min(burst(perSecond), bucket.tokens + elapsed * perSecond),
    refilledAt: now,
  };
}

/**
 * Turns this near are taken at once, and the worker waits for them, by lane: longer than the second after which the
 * relay looks again, or turns would pass unused. Bulk takes fewer: what falls due meanwhile leaves behind it.
 */
const TAKEN_AHEAD_MS = [3_000, 2_000] as const;
/** What waits for a later turn comes back so long before it, by lane. */
const BACK_BEFORE_MS = [2_250, 1_250] as const;
/** Milliseconds within which a due text comes back for its turn. */
const BACK_WITHIN_MS = 2_000;
/** Ten tenths of a token are a little less than one: no text loses its turn to that. */
const ROUNDING = 1e-9;

/**
 * Takes a token, or gives out the next turn: turns follow each other at the pace, so that order is kept. Bulk takes
 * none of the tokens that due texts may still come back for.
 */
export function takeTurn(bucket: Bucket, lane: Lane, perSecond: number): Turn {
  const { tokens, refilledAt, turns } = bucket;
  const [due, bulk] = turns;
  const leavesInMs = Math.max(0, ((1 - tokens - ROUNDING) / perSecond) * 1000);
  const dueAreBack = due.add({ milliseconds: BACK_WITHIN_MS });
  const isBehindDue = lane === 1 && dueAreBack.epochMilliseconds > refilledAt.epochMilliseconds;
  if (!isBehindDue && leavesInMs <= TAKEN_AHEAD_MS[lane])
    return { bucket: { ...bucket, tokens: tokens - 1 }, waitsUntil: null, leavesInMs };
  const gap = { microseconds: Math.round(1_000_000 / perSecond) };
  const free = refilledAt.add({ milliseconds: Math.ceil(leavesInMs) });
  const turn = lane === 0 ? latest(free, due.add(gap)) : latest(free, dueAreBack.add(gap), bulk.add(gap));
  const back = turn.subtract({ milliseconds: BACK_BEFORE_MS[lane] });
  return {
    bucket: { ...bucket, turns: lane === 0 ? [turn, bulk] : [due, turn] },
    waitsUntil: latest(back, refilledAt.add(gap), ...(isBehindDue ? [dueAreBack.add(gap)] : [])),
  };
}

/**
 * Texts that may leave at once after a silence: a tenth of a second's worth, and at least one. An operator counts by
 * the second: none then sees more than a tenth over its pace, and one text.
 */
function burst(perSecond: number): number {
  return Math.max(1, perSecond / 10);
}

function latest(first: Instant, ...others: readonly Instant[]): Instant {
  return others.reduce(
    (last, other) => (other.epochNanoseconds > last.epochNanoseconds ? other : last),
    first,
  );
}
