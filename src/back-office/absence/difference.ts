/** n of N. */
export interface Share {
  readonly missed: number;
  readonly known: number;
}

export interface Difference {
  /** After minus before, between -1 and 1. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const Z = 1.959964;

/**
 * Difference of two independent shares and its 95 % interval: Newcombe's hybrid score method (Statistics in Medicine
 * 17, 1998, method 10), sound for small counts and shares near 0.
 * @returns null when one of them has no denominator
 */
export function difference(before: Share, after: Share): Difference | null {
  const first = wilson(after);
  const second = wilson(before);
  if (first === null || second === null) return null;
  const value = first.rate - second.rate;
  return {
    value,
    low: value - Math.hypot(first.rate - first.low, second.high - second.rate),
    high: value + Math.hypot(first.high - first.rate, second.rate - second.low),
  };
}

/** Wilson's interval of one share, 95 %. */
export function wilson({ missed, known }: Share): { rate: number; low: number; high: number } | null {
  if (known === 0) return null;
  const rate = missed / known;
  const square = Z * Z;
  const centre = (rate + square / (2 * known)) / (1 + square / known);
  const reach =
    (Z / (1 + square / known)) * Math.sqrt((rate * (1 - rate)) / known + square / (4 * known * known));
  return { rate, low: Math.max(0, centre - reach), high: Math.min(1, centre + reach) };
}
