import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** Rows of a design: one array per observation. */
export type Design = readonly (readonly number[])[];

export interface Fit {
  readonly coefficients: readonly number[];
  /** Inverse of X′X: times `sigma2`, the covariance of the coefficients. */
  readonly inverse: Matrix;
  readonly residuals: readonly number[];
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
  const n = y.length;
  const p = design[0]?.length ?? 0;
  if (n <= p) return null;
  const scale = Array.from({ length: p }, (_, k) =>
    Math.sqrt(design.reduce((sum, row) => sum + (row[k] ?? 0) ** 2, 0)),
  );
  if (scale.some((value) => value === 0)) return null;
  const normal = gram(design, y, scale);
  const cholesky = new CholeskyDecomposition(normal.matrix);
  const factor = cholesky.lowerTriangularMatrix.diagonal();
  if (!cholesky.isPositiveDefinite() || factor.some((value) => !(value > 1e-7))) return null;
  const scaled = cholesky.solve(Matrix.eye(p));
  const beta = scaled.mmul(Matrix.columnVector(normal.vector)).to1DArray();
  const coefficients = beta.map((value, k) => value / (scale[k] ?? 1));
  const residuals = y.map((value, i) => value - dot(design[i] ?? [], coefficients));
  const inverse = new Matrix(p, p);
  for (let a = 0; a < p; a += 1)
    for (let b = 0; b < p; b += 1) inverse.set(a, b, scaled.get(a, b) / (scale[a] ?? 1) / (scale[b] ?? 1));
  return {
    ...{ coefficients, inverse, residuals, freedom: n - p },
    sigma2: residuals.reduce((sum, r) => sum + r * r, 0) / (n - p),
    logDeterminant: 2 * factor.reduce((sum, value, k) => sum + Math.log(value) + Math.log(scale[k] ?? 1), 0),
  };
}

function gram(design: Design, y: readonly number[], scale: readonly number[]) {
  const p = scale.length;
  const matrix = Matrix.zeros(p, p);
  const vector = new Array<number>(p).fill(0);
  design.forEach((row, i) => {
    for (let a = 0; a < p; a += 1) {
      const left = (row[a] ?? 0) / (scale[a] ?? 1);
      vector[a] = (vector[a] ?? 0) + left * (y[i] ?? 0);
      for (let b = 0; b <= a; b += 1)
        matrix.set(a, b, matrix.get(a, b) + (left * (row[b] ?? 0)) / (scale[b] ?? 1));
    }
  });
  for (let a = 0; a < p; a += 1) for (let b = 0; b < a; b += 1) matrix.set(b, a, matrix.get(a, b));
  return { matrix, vector };
}

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
}

/** Variance of a combination of coefficients, in units of `sigma2`. */
export function quadratic(inverse: Matrix, combination: readonly number[]): number {
  let sum = 0;
  combination.forEach((left, a) => {
    if (left !== 0) combination.forEach((right, b) => (sum += left * right * inverse.get(a, b)));
  });
  return sum;
}
