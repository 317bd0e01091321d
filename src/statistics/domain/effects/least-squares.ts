import { dot, invert, type Symmetric, symmetric, times } from './dense.js';

/** Rows of a design: one array per observation. */
export type Design = readonly (readonly number[])[];

export interface Fit {
  readonly coefficients: readonly number[];
  /** Inverse of X′X: times `sigma2`, the covariance of the coefficients. */
  readonly inverse: Symmetric;
  readonly sigma2: number;
  readonly freedom: number;
  /** Of det(X′X), for the restricted likelihood. */
  readonly logDeterminant: number;
}

/**
 * Ordinary least squares by the normal equations; columns are scaled first, so that badly scaled ones do no harm.
 * @returns null when the columns are not independent
 */
export function leastSquares(design: Design, y: readonly number[]): Fit | null {
  const p = design[0]?.length ?? 0;
  if (y.length <= p) return null;
  const scale = Array.from({ length: p }, (_, k) =>
    Math.sqrt(design.reduce((sum, row) => sum + (row[k] ?? 0) ** 2, 0)),
  );
  const rows = design.map((row) => row.map((value, k) => value / (scale[k] ?? 1)));
  const { matrix, vector } = gram(rows, y, p);
  const solved = scale.some((value) => value === 0) ? null : invert(matrix, 1e-13);
  if (solved === null) return null;
  const coefficients = Array.from(times(solved.inverse, vector), (value, k) => value / (scale[k] ?? 1));
  const inverse = symmetric(p);
  solved.inverse.values.forEach((value, at) => {
    inverse.values[at] = value / (scale[Math.floor(at / p)] ?? 1) / (scale[at % p] ?? 1);
  });
  let squares = 0;
  design.forEach((row, i) => (squares += ((y[i] ?? 0) - dot(row, coefficients)) ** 2));
  const freedom = y.length - p;
  const logDeterminant = scale.reduce((sum, value) => sum + 2 * Math.log(value), solved.logDeterminant);
  return { coefficients, inverse, freedom, sigma2: squares / freedom, logDeterminant };
}

function gram(rows: Design, y: readonly number[], p: number) {
  const matrix = symmetric(p);
  const vector = new Float64Array(p);
  rows.forEach((row, i) => {
    for (let a = 0; a < p; a += 1) {
      const left = row[a] ?? 0;
      vector[a] = (vector[a] ?? 0) + left * (y[i] ?? 0);
      for (let b = 0; b <= a; b += 1)
        matrix.values[a * p + b] = (matrix.values[a * p + b] ?? 0) + left * (row[b] ?? 0);
    }
  });
  return { matrix, vector };
}
