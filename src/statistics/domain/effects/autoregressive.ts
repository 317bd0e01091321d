import { studentCdf } from './distributions.js';
import { dot, quadratic } from './dense.js';
import { type Design, type Fit, leastSquares } from './least-squares.js';

/** A series to be fitted: observations may be missing between two positions. */
export interface Series {
  readonly design: Design;
  readonly y: readonly number[];
  /** Times, rising whole numbers. */
  readonly positions: readonly number[];
  /** Inverse variances, up to a factor. */
  readonly weights: readonly number[];
}

export interface AutoregressiveFit extends Fit {
  readonly rho: number;
  /** Restricted log-likelihood, up to a constant of the series. */
  readonly likelihood: number;
}

/** Generalised least squares for a known correlation rho^distance of the errors. @returns null when undetermined */
export function fitAt(series: Series, rho: number): AutoregressiveFit | null {
  const { design, y, positions, weights } = series;
  const rows: number[][] = [];
  const values: number[] = [];
  let logVariance = 0;
  for (let i = 0; i < y.length; i += 1) {
    const carry = i === 0 ? 0 : rho ** ((positions[i] ?? 0) - (positions[i - 1] ?? 0));
    const spread = Math.sqrt(1 - carry * carry);
    const [now, last] = [Math.sqrt(weights[i] ?? 0), Math.sqrt(weights[i - 1] ?? 0)];
    const step = (current: number, previous: number) => (now * current - carry * last * previous) / spread;
    rows.push((design[i] ?? []).map((value, k) => step(value, design[i - 1]?.[k] ?? 0)));
    values.push(step(y[i] ?? 0, y[i - 1] ?? 0));
    logVariance += 2 * Math.log(spread);
  }
  const fit = leastSquares(rows, values);
  if (fit === null) return null;
  const likelihood = -(logVariance + fit.logDeterminant + fit.freedom * Math.log(fit.sigma2)) / 2;
  return { ...fit, rho, likelihood };
}

/** Correlations that are weighed: errors of monthly rates are not negatively correlated in any series we know of. */
const WEIGHED = Array.from({ length: 20 }, (_, step) => step * 0.05);

/** Fits at each correlation of 0, 0.05 … 0.95, with the probability that the restricted likelihood gives it. */
export function weighedFits(
  series: Series,
): readonly (AutoregressiveFit & { readonly probability: number })[] {
  const fits = WEIGHED.map((rho) => fitAt(series, rho)).filter((fit) => fit !== null);
  const top = Math.max(...fits.map(({ likelihood }) => likelihood));
  const total = fits.reduce((sum, { likelihood }) => sum + Math.exp(likelihood - top), 0);
  return fits.map((fit) => ({ ...fit, probability: Math.exp(fit.likelihood - top) / total }));
}

/**
 * Estimate and interval of a combination of coefficients over all correlations weighed: the correlation of a short
 * series is badly known, and an interval at its most probable value alone is too narrow (Turner et al. 2021).
 * @param confidence as a share
 */
export function weighedInterval(
  fits: readonly (AutoregressiveFit & { readonly probability: number })[],
  combination: readonly number[],
  confidence: number,
) {
  const parts = fits
    .filter(({ probability }) => probability > 1e-5)
    .map(({ probability, coefficients, inverse, sigma2, freedom }) => ({
      ...{ probability, freedom, centre: dot(combination, coefficients) },
      error: Math.sqrt(sigma2 * quadratic(inverse, combination)),
    }));
  const value = parts.reduce((sum, part) => sum + part.probability * part.centre, 0);
  const widest = Math.max(...parts.map(({ error }) => error));
  const below = (x: number) =>
    parts.reduce(
      (sum, { probability, freedom, centre, error }) =>
        sum + probability * (error === 0 ? Number(x >= centre) : studentCdf((x - centre) / error, freedom)),
      0,
    );
  const quantile = (p: number) => {
    let [low, high] = [value - 50 * widest, value + 50 * widest];
    for (let step = 0; step < 44; step += 1) {
      const middle = (low + high) / 2;
      if (below(middle) < p) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return { value, low: quantile((1 - confidence) / 2), high: quantile((1 + confidence) / 2) };
}
