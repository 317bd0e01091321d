import { normalCdf, normalQuantile } from './distributions.js';

/** One look at the results before the end. */
export interface SequentialLook {
  /** Share of the planned outcomes known at this look, in (0, 1]. */
  readonly fraction: number;
  /** The trial may stop when |z| reaches this. */
  readonly bound: number;
  /** Alpha spent up to and including this look. */
  readonly spent: number;
}

/**
 * Bounds for looks stated beforehand: alpha spent after Lan & DeMets 1983 (doi 10.1093/biomet/70.3.659) like O’Brien
 * & Fleming, two-sided, by the recursive integration of Armitage, McPherson & Rowe 1969.
 * @param fractions of the planned information, rising, the last one usually 1
 * @throws RangeError unless they rise within (0, 1]
 */
export function sequentialBounds(fractions: readonly number[], alpha = 0.05): readonly SequentialLook[] {
  if (fractions.some((f, look) => !(f > (fractions[look - 1] ?? 0) && f <= 1)))
    throw new RangeError('fractions of information rise within 0 and 1');
  const looks: SequentialLook[] = [];
  let density: Density | null = null;
  let before = 0;
  for (const fraction of fractions) {
    const spent = Math.min(
      alpha,
      2 * (2 - 2 * normalCdf(normalQuantile(1 - alpha / 4) / Math.sqrt(fraction))),
    );
    const last = looks.at(-1);
    const cross = spend(density, last?.fraction ?? 0, fraction, spent - before);
    looks.push({ fraction, bound: cross.bound, spent });
    density = cross.density;
    before = spent;
  }
  return looks;
}

/** Of the score (z × √fraction) on a grid, where the trial goes on. */
interface Density {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

const GRID = 400;
const FAR = 8;

/** Probability of passing ±bound at `fraction` having gone on until `previous`. */
function crossing(density: Density | null, previous: number, fraction: number, bound: number): number {
  const edge = bound * Math.sqrt(fraction);
  if (density === null) return 2 * normalCdf(-bound);
  const spread = Math.sqrt(fraction - previous);
  let sum = 0;
  for (let i = 0; i < density.points.length; i += 1) {
    const at = density.points[i] ?? 0;
    sum += (density.weights[i] ?? 0) * (normalCdf((at - edge) / spread) + normalCdf((-at - edge) / spread));
  }
  return sum;
}

function spend(density: Density | null, previous: number, fraction: number, alpha: number) {
  let [low, high] = [0, FAR];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (crossing(density, previous, fraction, middle) > alpha) low = middle;
    else high = middle;
  }
  return { bound: high, density: goOn(density, previous, fraction, high) };
}

/** Density of the score at this look among those that go on, by Simpson’s rule. */
function goOn(density: Density | null, previous: number, fraction: number, bound: number): Density {
  const edge = bound * Math.sqrt(fraction);
  const points = new Float64Array(GRID + 1);
  const weights = new Float64Array(GRID + 1);
  const spread = Math.sqrt(fraction - previous);
  const normal = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  for (let i = 0; i <= GRID; i += 1) {
    const at = -edge + (2 * edge * i) / GRID;
    const simpson = i === 0 || i === GRID ? 1 : i % 2 === 1 ? 4 : 2;
    let value = 0;
    if (density === null) value = normal(at / spread) / spread;
    else
      for (let j = 0; j < density.points.length; j += 1)
        value += ((density.weights[j] ?? 0) * normal((at - (density.points[j] ?? 0)) / spread)) / spread;
    points[i] = at;
    weights[i] = (value * simpson * 2 * edge) / GRID / 3;
  }
  return { points, weights };
}
