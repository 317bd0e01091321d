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
  readonly layout: readonly Place[];
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
const SINCE = [0, 3, 6, 12, 24];

export function backgroundOf(panel: Panel): Background {
  const layout = layoutOf(panel);
  const columns = panel.services + panel.months + SINCE.length;
  const normal = symmetric(columns);
  const right = new Float64Array(columns);
  for (const { cell, row } of layout)
    for (const a of row) {
      right[a] = (right[a] ?? 0) + (panel.y[cell] ?? 0);
      for (const b of row) normal.values[a * columns + b] = (normal.values[a * columns + b] ?? 0) + 1;
    }
  // One level is common to services and months, and some columns may be empty: a tiny ridge chooses among equals.
  for (let k = 0; k < columns; k += 1)
    normal.values[k * (columns + 1)] = (normal.values[k * (columns + 1)] ?? 0) + RIDGE;
  const solved = invert(normal, 0)?.inverse ?? symmetric(columns);
  const coefficients = times(solved, right);
  const residuals = new Float64Array(panel.y.length);
  for (const { cell, row } of layout) residuals[cell] = (panel.y[cell] ?? 0) - explained(coefficients, row);
  return { panel, layout, residuals, inverse: solved, error: shapeOf(panel, residuals) };
}

const RIDGE = 1e-7;

/** A cell that is there, its service, and the columns in which it has a one. */
interface Place {
  readonly cell: number;
  readonly service: number;
  readonly row: readonly number[];
}

function layoutOf(panel: Panel): readonly Place[] {
  const places: Place[] = [];
  for (let service = 0; service < panel.services; service += 1)
    for (let month = 0; month < panel.months; month += 1)
      if (isThere(panel, service, month))
        places.push({
          ...{ cell: service * panel.months + month, service },
          row: columnsOf(panel, service, month),
        });
  return places;
}

function columnsOf(panel: Panel, service: number, month: number): readonly number[] {
  const since = month - (panel.starts[service] ?? Infinity);
  const two = [service, panel.services + month];
  return since < 0
    ? two
    : [...two, panel.services + panel.months + SINCE.findLastIndex((from) => from <= since)];
}

function explained(coefficients: Float64Array, row: readonly number[]): number {
  let sum = 0;
  for (const k of row) sum += coefficients[k] ?? 0;
  return sum;
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
  const right = new Float64Array(background.inverse.size);
  for (const { cell, row, service: of } of background.layout)
    if (of === service) for (const k of row) right[k] = (right[k] ?? 0) + (weights[cell] ?? 0);
  const coefficients = times(background.inverse, right);
  const vector = new Float64Array(weights.length);
  for (const { cell, row, service: of } of background.layout)
    vector[cell] = (of === service ? (weights[cell] ?? 0) : 0) - explained(coefficients, row);
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
