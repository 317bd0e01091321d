import { wilsonInterval } from './effects/cluster-interval.js';

/** n of N. */
export interface Share {
  readonly missed: number;
  readonly known: number;
}

export interface RateBounds {
  readonly rate: number;
  /** Bounds of the 95 % interval, between 0 and 1. */
  readonly low: number;
  readonly high: number;
}

export interface Difference {
  /** After minus before, between -1 and 1. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A rate with its 95 % interval.
 * @param designEffect at least 1, because the same persons return; 1 takes every outcome as independent
 * @returns null without a denominator
 */
export function rateInterval({ missed, known }: Share, designEffect = 1): RateBounds | null {
  if (known === 0) return null;
  const { value, low, high } = wilsonInterval(missed, known, Math.max(1, designEffect));
  return { rate: value, low, high };
}

/**
 * Difference of two independent shares and its 95 % interval: Newcombe's hybrid score method (Statistics in Medicine
 * 17, 1998, method 10), sound for small counts and shares near 0.
 * @param designEffect of both sides, at least 1
 * @returns null when one of them has no denominator
 */
export function rateDifference(before: Share, after: Share, designEffect = 1): Difference | null {
  const first = rateInterval(after, designEffect);
  const second = rateInterval(before, designEffect);
  if (first === null || second === null) return null;
  const value = first.rate - second.rate;
  return {
    value,
    low: value - Math.hypot(first.rate - first.low, second.high - second.rate),
    high: value + Math.hypot(first.high - first.rate, second.rate - second.low),
  };
}
