/** A symmetric matrix of few rows, by rows. Own code: the estimators invert thousands of them a second. */
export interface Symmetric {
  readonly size: number;
  readonly values: Float64Array;
}

/** All zero. */
export function symmetric(size: number): Symmetric {
  return { size, values: new Float64Array(size * size) };
}

/** And the logarithm of the determinant of what was inverted. */
export interface Inverted {
  readonly inverse: Symmetric;
  readonly logDeterminant: number;
}

/**
 * Inverse by Cholesky’s factor; only the lower half is read.
 * @param least pivot, relative to the diagonal, under which the matrix counts as singular
 * @returns null when it is not positive definite
 */
export function invert({ size, values }: Symmetric, least = 1e-12): Inverted | null {
  const factor = cholesky(size, values, least);
  if (factor === null) return null;
  let logDeterminant = 0;
  for (let k = 0; k < size; k += 1) logDeterminant += 2 * Math.log(factor[k * size + k] ?? 1);
  return { inverse: { size, values: fromFactor(size, factor) }, logDeterminant };
}

function cholesky(size: number, values: Float64Array, least: number): Float64Array | null {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column <= row; column += 1) {
      let sum = values[row * size + column] ?? 0;
      for (let k = 0; k < column; k += 1)
        sum -= (factor[row * size + k] ?? 0) * (factor[column * size + k] ?? 0);
      if (column < row) factor[row * size + column] = sum / (factor[column * size + column] ?? 1);
      else if (!(sum > least * (values[row * size + row] ?? 0))) return null;
      else factor[row * size + row] = Math.sqrt(sum);
    }
  return factor;
}

/** (L L′)⁻¹ = L⁻¹′ L⁻¹. */
function fromFactor(size: number, factor: Float64Array): Float64Array {
  const lower = new Float64Array(size * size);
  for (let column = 0; column < size; column += 1)
    for (let row = column; row < size; row += 1) {
      let sum = row === column ? 1 : 0;
      for (let k = column; k < row; k += 1)
        sum -= (factor[row * size + k] ?? 0) * (lower[k * size + column] ?? 0);
      lower[row * size + column] = sum / (factor[row * size + row] ?? 1);
    }
  const inverse = new Float64Array(size * size);
  for (let k = 0; k < size; k += 1)
    for (let row = 0; row <= k; row += 1) {
      const left = lower[k * size + row] ?? 0;
      if (left !== 0)
        for (let column = 0; column <= k; column += 1) {
          const at = row * size + column;
          inverse[at] = (inverse[at] ?? 0) + left * (lower[k * size + column] ?? 0);
        }
    }
  return inverse;
}

/** Matrix times vector. */
export function times({ size, values }: Symmetric, vector: Float64Array): Float64Array {
  const result = new Float64Array(size);
  for (let row = 0; row < size; row += 1) {
    let sum = 0;
    for (let column = 0; column < size; column += 1)
      sum += (values[row * size + column] ?? 0) * (vector[column] ?? 0);
    result[row] = sum;
  }
  return result;
}

/** v′ M v. */
export function quadratic({ size, values }: Symmetric, vector: readonly number[]): number {
  let sum = 0;
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1)
      sum += (vector[row] ?? 0) * (values[row * size + column] ?? 0) * (vector[column] ?? 0);
  return sum;
}

/** Scalar product; `b` is at least as long as `a`. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
}
