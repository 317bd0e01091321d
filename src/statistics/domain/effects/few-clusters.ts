import type { Interval } from '../estimate.js';
import { type Contrast, valueOf } from './contrasts.js';
import { dot, invert, type Symmetric, symmetric, times } from './dense.js';
import { CONFIDENCE, studentPValue, studentQuantile } from './distributions.js';
import { isThere, type Panel } from './panel.js';

/**
 * What a service and a month explain of a panel, with the mean effect by time since start: residuals of this fit are
 * what services leave unexplained.
 */
export interface Background {
  readonly panel: Panel;
  readonly residuals: Float64Array;
  /** Of each cell, see `ABSENT`. */
  readonly phases: Int8Array;
  /** Inverse of X′X over the columns of `columnsOf`. */
  readonly inverse: Symmetric;
  readonly error: ErrorShape;
}

/** Working shape of the errors of one service: chance of the counts, unrelated noise, and what lasts from month to month. */
interface ErrorShape {
  readonly lasting: number;
  readonly correlation: number;
  readonly noise: number;
  /** Divided by the size of the cell. */
  readonly chance: number;
}

/** Columns for the effect by time since start, so that effects that fade do not count as noise: first months of each. */
export const SINCE: readonly number[] = [0, 3, 6, 12, 24];

/** @param since first months of the times that have an effect of their own; negative: before the start */
export function backgroundOf(panel: Panel, since = SINCE): Background {
  const phases = phasesOf(panel, since);
  const columns = panel.services + panel.months + since.length;
  const normal = symmetric(columns);
  const right = new Float64Array(columns);
  phases.forEach((phase, cell) => {
    if (phase === ABSENT) return;
    const row = columnsOf(panel, cell, phase);
    for (const a of row) {
      right[a] = (right[a] ?? 0) + (panel.y[cell] ?? 0);
      for (const b of row) normal.values[a * columns + b] = (normal.values[a * columns + b] ?? 0) + 1;
    }
  });
  // One level is common to services and months, and some columns may be empty: a tiny ridge chooses among equals.
  for (let k = 0; k < columns; k += 1)
    normal.values[k * (columns + 1)] = (normal.values[k * (columns + 1)] ?? 0) + RIDGE;
  const inverse = invert(normal, 0)?.inverse ?? symmetric(columns);
  const residuals = new Float64Array(panel.y.length);
  subtractExplained({ panel, phases }, times(inverse, right), residuals);
  phases.forEach((phase, cell) => {
    if (phase !== ABSENT) residuals[cell] = (residuals[cell] ?? 0) + (panel.y[cell] ?? 0);
  });
  return { panel, phases, residuals, inverse, error: shapeOf(panel, residuals) };
}

const RIDGE = 1e-7;
/** Of a cell: not observed; observed before the start. From 0: its place among the times since start. */
const [ABSENT, UNTREATED] = [-2, -1];

function phasesOf(panel: Panel, bins: readonly number[]): Int8Array {
  return Int8Array.from({ length: panel.y.length }, (_, cell) => {
    if (Number.isNaN(panel.y[cell])) return ABSENT;
    const since = (cell % panel.months) - (panel.starts[Math.floor(cell / panel.months)] ?? Infinity);
    return Number.isFinite(since) ? bins.findLastIndex((from) => from <= since) : UNTREATED;
  });
}

/** Columns in which the row of a cell has a one: its service, its month, and the time since start. */
function columnsOf(panel: Panel, cell: number, phase: number): readonly number[] {
  const two = [Math.floor(cell / panel.months), panel.services + (cell % panel.months)];
  return phase === UNTREATED ? two : [...two, panel.services + panel.months + phase];
}

/** Takes the fitted value of each observed cell off a vector of cells. */
function subtractExplained(
  { panel, phases }: Pick<Background, 'panel' | 'phases'>,
  coefficients: Float64Array,
  vector: Float64Array,
): void {
  const { services, months } = panel;
  for (let service = 0, cell = 0; service < services; service += 1) {
    const level = coefficients[service] ?? 0;
    for (let month = 0; month < months; month += 1, cell += 1) {
      const phase = phases[cell] ?? ABSENT;
      if (phase === ABSENT) continue;
      const since = phase === UNTREATED ? 0 : (coefficients[services + months + phase] ?? 0);
      vector[cell] = (vector[cell] ?? 0) - level - (coefficients[services + month] ?? 0) - since;
    }
  }
}

/** Moments of the residuals at distances 0, 1 and 2, and what binomial chance explains of the first. */
function shapeOf(panel: Panel, residuals: Float64Array): ErrorShape {
  const at = [0, 1, 2].map((lag) => covariance(panel, residuals, lag));
  const [all = 0, one = 0, two = 0] = at;
  let [chance, cells, mean] = [0, 0, 0];
  panel.y.forEach((value, cell) => {
    if (Number.isNaN(value)) return;
    chance += 1 / Math.max(1, panel.sizes[cell] ?? 1);
    mean += value;
    cells += 1;
  });
  const rate = mean / Math.max(1, cells);
  const binomial = Math.max(0, rate * (1 - rate));
  // Means taken out make residuals of one service a little less alike than the errors are: one part in its months.
  const back = all / Math.max(12, cells / Math.max(1, panel.services));
  const [near, far] = [one + back, two + back];
  const correlation = near <= 0 ? 0 : Math.min(0.95, Math.max(0.3, far / near));
  const lasting = near <= 0 ? 0 : Math.min(all, near / correlation);
  const left = Math.max(all - lasting, 0.05 * all);
  const byChance = Math.min(left, (binomial * chance) / Math.max(1, cells));
  const perOutcome = chance === 0 ? 0 : (byChance * cells) / chance;
  return { lasting, correlation, noise: left - byChance, chance: perOutcome };
}

function covariance(panel: Panel, residuals: Float64Array, lag: number): number {
  let [sum, pairs] = [0, 0];
  for (let service = 0; service < panel.services; service += 1)
    for (let month = 0; month + lag < panel.months; month += 1)
      if (isThere(panel, service, month) && isThere(panel, service, month + lag)) {
        const cell = service * panel.months + month;
        sum += (residuals[cell] ?? 0) * (residuals[cell + lag] ?? 0);
        pairs += 1;
      }
  return pairs === 0 ? 0 : sum / pairs;
}

/** An interval with what it comes from. */
export interface Inference extends Interval {
  readonly error: number;
  readonly freedom: number;
  readonly pValue: number;
}

/** Services from which the correction for few of them no longer changes anything that is shown. */
const MANY = 80;

/**
 * Interval of a contrast, each service one cluster: its scores are squared and summed, each scaled to be unbiased
 * under the working shape of the errors, and the degrees of freedom matched to it (Bell & McCaffrey 2002; Imbens &
 * Kolesár 2016, doi 10.1162/REST_a_00552; Pustejovsky & Tipton 2018). With many services: plain scores, t with one
 * less than the services that weigh.
 */
export function inferenceOf(background: Background, contrast: Contrast): Inference {
  const { panel } = background;
  const scores = scoresOf(background, contrast);
  const weighing = scores.filter(({ weighs }) => weighs).length;
  const few = weighing < MANY ? corrected(background, contrast) : null;
  const plain = weighing / Math.max(1, weighing - 1);
  const variance = scores.reduce((sum, { score }, i) => sum + score ** 2 * (few?.scales[i] ?? plain), 0);
  const freedom = few?.freedom ?? Math.max(1, weighing - 1);
  return intervalOf(valueOf(panel, contrast), Math.sqrt(variance), freedom);
}

/** As `inferenceOf` without the correction, for the many points of a picture: t with the services compared, less one. */
export function roughInferenceOf(background: Background, contrast: Contrast): Inference {
  const scores = scoresOf(background, contrast);
  const clusters = Math.min(contrast.treated.size, scores.filter(({ weighs }) => weighs).length);
  const variance =
    scores.reduce((sum, { score }) => sum + score ** 2, 0) * (clusters / Math.max(1, clusters - 1));
  return intervalOf(valueOf(background.panel, contrast), Math.sqrt(variance), Math.max(1, clusters - 1));
}

function intervalOf(value: number, error: number, freedom: number): Inference {
  const half = studentQuantile((1 + CONFIDENCE) / 2, freedom) * error;
  const pValue = error === 0 ? 1 : studentPValue(value / error, freedom);
  return { value, low: value - half, high: value + half, error, freedom, pValue };
}

function scoresOf({ panel, residuals }: Background, { weights }: Contrast) {
  return Array.from({ length: panel.services }, (_, service) => {
    let [score, weighs] = [0, false];
    for (let month = 0; month < panel.months; month += 1) {
      const cell = service * panel.months + month;
      const weight = weights[cell] ?? 0;
      if (weight === 0) continue;
      weighs = true;
      score += weight * (residuals[cell] ?? 0);
    }
    return { score, weighs };
  });
}

function corrected(background: Background, { weights }: Contrast) {
  const { panel, error } = background;
  const services = Array.from({ length: panel.services }, (_, service) => service);
  const spread = services.map((service) => scoreWeights(background, weights, service));
  const shaken = spread.map((vector) => shake(panel, error, vector));
  const truth = shake(panel, error, weights);
  const own = services.map((service) => {
    let sum = 0;
    for (let cell = service * panel.months; cell < (service + 1) * panel.months; cell += 1)
      sum += (weights[cell] ?? 0) * (truth[cell] ?? 0);
    return sum;
  });
  const expected = services.map((i) => dot(spread[i] ?? weights, shaken[i] ?? weights));
  const scales = services.map((i) => {
    const [real, seen] = [own[i] ?? 0, expected[i] ?? 0];
    return real === 0 || seen <= real * 0.02 ? 0 : real / seen;
  });
  const found = services.reduce((sum, i) => sum + (scales[i] ?? 0) * (expected[i] ?? 0), 0);
  const all = own.reduce((a, b) => a + b, 0);
  // Services whose residuals are used up by the fit show nothing: the others speak for them.
  const rest = found === 0 ? 1 : all / found;
  const scaled = scales.map((scale) => scale * rest);
  let squares = 0;
  for (const i of services)
    for (let j = 0; j <= i; j += 1) {
      const both = (scaled[i] ?? 0) * (scaled[j] ?? 0) * (i === j ? 1 : 2);
      if (both > 0) squares += both * dot(spread[i] ?? weights, shaken[j] ?? weights) ** 2;
    }
  return { scales: scaled, freedom: squares === 0 ? 1 : Math.max(1, all ** 2 / squares) };
}

/** Weights of all cells in the score of one service: its own weights less what the fit explains of them. */
function scoreWeights(background: Background, weights: Float64Array, service: number): Float64Array {
  const { panel, phases } = background;
  const right = new Float64Array(background.inverse.size);
  const vector = new Float64Array(weights.length);
  for (let month = 0; month < panel.months; month += 1) {
    const cell = service * panel.months + month;
    const [phase, weight] = [phases[cell] ?? ABSENT, weights[cell] ?? 0];
    if (phase === ABSENT || weight === 0) continue;
    for (const k of columnsOf(panel, cell, phase)) right[k] = (right[k] ?? 0) + weight;
    vector[cell] = weight;
  }
  subtractExplained(background, times(background.inverse, right), vector);
  return vector;
}

/** The working covariance of the errors times a vector of cells. */
function shake(panel: Panel, error: ErrorShape, vector: Float64Array): Float64Array {
  const result = new Float64Array(vector.length);
  for (let service = 0; service < panel.services; service += 1) {
    const start = service * panel.months;
    const end = start + panel.months;
    for (let [cell, carried] = [start, 0]; cell < end; cell += 1) {
      carried = carried * error.correlation + (vector[cell] ?? 0);
      result[cell] = error.lasting * carried;
    }
    for (let [cell, carried] = [end - 1, 0]; cell >= start; cell -= 1) {
      result[cell] = (result[cell] ?? 0) + error.lasting * carried;
      const alone = error.noise + error.chance / Math.max(1, panel.sizes[cell] ?? 1);
      result[cell] = (result[cell] ?? 0) + alone * (vector[cell] ?? 0);
      carried = (carried + (vector[cell] ?? 0)) * error.correlation;
    }
  }
  return result;
}
