import type { Instant } from '../../shared/time.js';

/** Messages of lane 1 (bulk) wait behind those of lane 0. */
export type Lane = 0 | 1;

/** Tokens of one operator, shared by every worker. Real time: the operator counts in it. */
export interface Bucket {
  /** Texts that may leave now; at most one second's worth. */
  readonly tokens: number;
  readonly refilledAt: Instant;
  /** Until when the turns of waiting texts are given out, by lane. */
  readonly turns: readonly [Instant, Instant];
}

/** Either it leaves now, or its turn comes at this instant. */
export interface Turn {
  readonly bucket: Bucket;
  readonly waitsUntil: Instant | null;
}

/** @param perSecond texts a second; below 1, one text every 1 ÷ perSecond seconds */
export function refilled(bucket: Bucket, perSecond: number, now: Instant): Bucket {
  const elapsed = Math.max(0, (now.epochMilliseconds - bucket.refilledAt.epochMilliseconds) / 1000);
  return {
    ...bucket,
    tokens: Math.min(burst(perSecond), bucket.tokens + elapsed * perSecond),
    refilledAt: now,
  };
}

/** Milliseconds within which a due text comes back for its turn: the relay looks once a second. */
const BACK_WITHIN_MS = 2_000;
/** Ten tenths of a token are a little less than one: no text loses its turn to that. */
const ROUNDING = 1e-9;

/**
 * Takes a token, or gives out the next turn: turns follow each other at the pace, so that order is kept. Bulk takes
 * none of the tokens that due texts may still come back for.
 */
export function takeTurn(bucket: Bucket, lane: Lane, perSecond: number): Turn {
  const kept = lane === 0 ? 0 : keptForDue(bucket, perSecond);
  if (bucket.tokens + ROUNDING >= 1 + kept)
    return { bucket: { ...bucket, tokens: bucket.tokens - 1 }, waitsUntil: null };
  const [due, bulk] = bucket.turns;
  const behind = lane === 0 ? [due] : [due.add({ milliseconds: BACK_WITHIN_MS }), bulk];
  const waitsUntil = latest(bucket.refilledAt, ...behind).add({
    milliseconds: Math.ceil(1000 / perSecond),
  });
  const turns: Bucket['turns'] = lane === 0 ? [waitsUntil, bulk] : [due, waitsUntil];
  return { bucket: { ...bucket, turns }, waitsUntil };
}

/** One token for each turn of a due text that was given out and may not have been taken yet. */
function keptForDue({ refilledAt, turns: [due] }: Bucket, perSecond: number): number {
  const left = due.epochMilliseconds + BACK_WITHIN_MS - refilledAt.epochMilliseconds;
  return Math.max(0, left / 1000) * perSecond;
}

/** Texts that may leave at once after a silence: one second's worth, and at least one. */
function burst(perSecond: number): number {
  return Math.max(1, perSecond);
}

function latest(first: Instant, ...others: readonly Instant[]): Instant {
  return others.reduce(
    (last, other) => (other.epochMilliseconds > last.epochMilliseconds ? other : last),
    first,
  );
}
