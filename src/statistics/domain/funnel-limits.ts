import jstat from 'jstat';

/** One service in a funnel plot. */
export interface FunnelCase {
  readonly missed: number;
  /** Outcomes known: the precision of the case. Above 0. */
  readonly known: number;
}

/** Where 95 % and 99.8 % of services lie when all have the same rate and chance alone tells them apart. */
export interface FunnelLimits {
  readonly low95: number;
  readonly high95: number;
  readonly low998: number;
  readonly high998: number;
}

export type Place = 'inside' | 'outside-95' | 'outside-998';

const TAILS = { low95: 0.025, high95: 0.975, low998: 0.001, high998: 0.999 } as const;
/** Above this the exact limits and the normal ones differ by less than a hundredth of a point. */
const MOST_EXACT = 20_000;

/**
 * Limits of a binomial rate around a target, for funnel plots: exact, interpolated between two whole numbers so that
 * the curves have no steps (Spiegelhalter 2005, doi 10.1002/sim.1970). With overdispersion, normal
 * limits whose variance is multiplied by it (same paper).
 * @param target rate between 0 and 1
 * @param known outcomes, at least 1
 * @param overdispersion at least 1; 1: chance alone
 */
export function funnelLimits(target: number, known: number, overdispersion = 1): FunnelLimits {
  const limit =
    overdispersion > 1 || known > MOST_EXACT
      ? (tail: number) =>
          target +
          jstat.jStat.normal.inv(tail, 0, 1) * Math.sqrt((overdispersion * target * (1 - target)) / known)
      : (tail: number) => interpolatedQuantile(tail, known, target) / known;
  const bounded = (tail: number) => Math.min(1, Math.max(0, limit(tail)));
  return {
    low95: bounded(TAILS.low95),
    high95: bounded(TAILS.high95),
    low998: bounded(TAILS.low998),
    high998: bounded(TAILS.high998),
  };
}

/** Quantile of a binomial count, moved back towards its predecessor by what its probability exceeds `tail`. */
function interpolatedQuantile(tail: number, n: number, p: number): number {
  if (p <= 0 || p >= 1) return n * p;
  let [low, high] = [0, n];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialCdf(middle, n, p) >= tail) high = middle;
    else low = middle + 1;
  }
  const [here, before] = [binomialCdf(low, n, p), binomialCdf(low - 1, n, p)];
  return here === before ? low : low - (here - tail) / (here - before);
}

/** P(X ≤ k). */
function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : 1 - jstat.jStat.beta.cdf(p, k + 1, n - k);
}

/** Where the rate of a service lies: beyond chance, or within it. */
export function placeOf({ missed, known }: FunnelCase, limits: FunnelLimits): Place {
  const rate = missed / known;
  if (rate < limits.low998 || rate > limits.high998) return 'outside-998';
  return rate < limits.low95 || rate > limits.high95 ? 'outside-95' : 'inside';
}

/** Fewer services say nothing of their dispersion. */
const LEAST_CASES = 5;
/** Share of the services at each end, rounded up, whose distance is cut back before the dispersion is judged. */
const WINSORISED = 0.1;

/**
 * How many times the variance between services exceeds chance: mean of the squared distances, the tenth at each end
 * winsorised so that an outlier does not hide itself (Spiegelhalter 2005).
 * @returns at least 1; 1 when the excess is within chance (under 1 + 2√(2/I)), or for fewer than five services
 */
export function overdispersion(cases: readonly FunnelCase[], target: number): number {
  const variance = target * (1 - target);
  if (cases.length < LEAST_CASES || variance === 0) return 1;
  const distances = cases.map(({ missed, known }) => (missed / known - target) / Math.sqrt(variance / known));
  const sorted = distances.toSorted((a, b) => a - b);
  const cut = Math.ceil(WINSORISED * sorted.length);
  const [least, most] = [sorted[cut] ?? 0, sorted[sorted.length - 1 - cut] ?? 0];
  const squares = sorted.map((z) => Math.min(most, Math.max(least, z)) ** 2);
  const found = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  return found > 1 + 2 * Math.sqrt(2 / cases.length) ? found : 1;
}
