import jstat from 'jstat';

const { studentt, chisquare, normal, beta } = jstat.jStat;

/** Share of the intervals that should hold the truth. */
export const CONFIDENCE = 0.95;

/** Half-width of an interval, in standard errors. @param freedom degrees, also fractional; from 1 up */
export function studentQuantile(p: number, freedom: number): number {
  return freedom > 1e6 ? normalQuantile(p) : studentt.inv(p, freedom);
}

/** Two-sided probability of a |t| at least as large. */
export function studentPValue(t: number, freedom: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? 1 : 0;
  return freedom > 1e6 ? 2 * normal.cdf(-Math.abs(t), 0, 1) : 2 * studentt.cdf(-Math.abs(t), freedom);
}

/** Probability that Student’s t is at most this. */
export function studentCdf(t: number, freedom: number): number {
  return studentt.cdf(t, freedom);
}

/** The value under which this share of a standard normal lies. */
export function normalQuantile(p: number): number {
  return normal.inv(p, 0, 1);
}

/** Probability that a standard normal is at most this. */
export function normalCdf(z: number): number {
  return normal.cdf(z, 0, 1);
}

/** Probability of a chi-square at least as large. */
export function chiSquarePValue(x: number, freedom: number): number {
  return 1 - chisquare.cdf(x, freedom);
}

/**
 * Whole numbers that a binomial count stays within, with at least the given probability: exact, both tails alike.
 * @returns first and last number inside
 */
export function binomialBounds(n: number, p: number, probability: number): { low: number; high: number } {
  const tail = (1 - probability) / 2;
  let low = 0;
  while (low < n && binomialCdf(low, n, p) <= tail) low += 1;
  let high = n;
  while (high > 0 && 1 - binomialCdf(high - 1, n, p) <= tail) high -= 1;
  return { low, high };
}

/** P(X ≤ k), by the incomplete beta function. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k >= n) return 1;
  return k < 0 ? 0 : 1 - beta.cdf(p, k + 1, n - k);
}
