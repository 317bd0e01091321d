import type { Found, RateInterval } from '../estimate.js';
import { clusterInterval, type ClusterCounts } from './cluster-interval.js';
import { chiSquarePValue, CONFIDENCE, normalCdf, studentPValue, studentQuantile } from './distributions.js';

/** What became of one unit of assignment (a person, or a service): outcomes within it are not independent. */
export interface UnitOutcomes extends ClusterCounts {
  /** Stratum of the assignment; absent: all units are one stratum. */
  readonly stratum?: string;
}

/** `value`: absence rate of the second arm − that of the first, adjusted for the strata of the assignment. */
export type ArmComparison = Found<{
  readonly first: RateInterval;
  readonly second: RateInterval;
  /** Two-sided, against no difference. */
  readonly pValue: number;
  /** What `sequentialBounds` is compared with: normal deviate of the same two-sided probability, with its sign. */
  readonly z: number;
}>;

const ASSUMPTION =
  'Les bras ont été tirés au sort : rien d’autre ne les distingue que le hasard, dont l’intervalle tient compte, y compris des personnes convoquées plusieurs fois.';
/** Units per arm under which the linearised variance is not trusted. */
const FEWEST_UNITS = 10;

/**
 * Difference of two arms, with an interval that respects repeated outcomes of one unit: ratio estimator within each
 * stratum, linearised variance between units (Donner & Klar 2000, ch. 6), degrees of freedom after Satterthwaite.
 * Units without any known outcome are assigned but say nothing here; strata where an arm has fewer than two units
 * are joined.
 */
export function compareArms(first: readonly UnitOutcomes[], second: readonly UnitOutcomes[]): ArmComparison {
  const arms: Stratum = [seen(first), seen(second)];
  if (arms.some((units) => units.length < FEWEST_UNITS))
    return {
      kind: 'refused',
      code: 'too-few-outcomes',
      reason: `Moins de ${FEWEST_UNITS} unités dont l’issue est connue dans un bras : rien ne peut être comparé.`,
    };
  const { difference, variance, freedom } = stratified(strataOf(...arms));
  const half = studentQuantile((1 + CONFIDENCE) / 2, freedom) * Math.sqrt(variance);
  const pValue = variance === 0 ? 1 : studentPValue(difference / Math.sqrt(variance), freedom);
  const [one, two] = [clusterInterval(arms[0]), clusterInterval(arms[1])];
  return {
    kind: 'estimate',
    ...{ value: difference, low: difference - half, high: difference + half },
    ...{ months: 0, outcomes: one.known + two.known, assumption: ASSUMPTION },
    ...{ first: one, second: two, pValue, z: Math.sign(difference) * deviate(pValue) },
  };
}

type Units = readonly UnitOutcomes[];
const seen = (units: Units): Units => units.filter(({ known }) => known > 0);
type Stratum = readonly [Units, Units];

function strataOf(first: Units, second: Units): readonly Stratum[] {
  const of = (units: Units, key: string) => units.filter(({ stratum = '' }) => stratum === key);
  const keys = [...new Set([...first, ...second].map(({ stratum = '' }) => stratum))];
  const strata = keys.map((key): Stratum => [of(first, key), of(second, key)]);
  const thin = (stratum: Stratum) => stratum.some((units) => units.length < 2);
  const whole = strata.filter((stratum) => !thin(stratum));
  const rest = strata.filter(thin);
  if (rest.length === 0) return whole;
  const joined: Stratum = [rest.flatMap(([a]) => a), rest.flatMap(([, b]) => b)];
  return thin(joined) ? [[first, second]] : [...whole, joined];
}

function stratified(strata: readonly Stratum[]) {
  const outcomes = (units: Units) => units.reduce((sum, { known }) => sum + known, 0);
  const total = strata.reduce((sum, [a, b]) => sum + outcomes(a) + outcomes(b), 0);
  let [difference, variance, squares] = [0, 0, 0];
  for (const [a, b] of strata) {
    const weight = (outcomes(a) + outcomes(b)) / total;
    const [one, two] = [ratio(a), ratio(b)];
    difference += weight * (two.rate - one.rate);
    for (const { variance: part, freedom } of [one, two]) {
      variance += weight ** 2 * part;
      squares += (weight ** 2 * part) ** 2 / freedom;
    }
  }
  return { difference, variance, freedom: squares === 0 ? Infinity : variance ** 2 / squares };
}

function ratio(units: Units): { rate: number; variance: number; freedom: number } {
  const known = units.reduce((sum, unit) => sum + unit.known, 0);
  const rate = units.reduce((sum, unit) => sum + unit.missed, 0) / known;
  const squares = units.reduce((sum, unit) => sum + (unit.missed - rate * unit.known) ** 2, 0);
  const m = units.length;
  return { rate, variance: (squares * m) / (m - 1) / known ** 2, freedom: m - 1 };
}

/** |z| of a two-sided probability, by bisection: exact enough down to 1e-15, where the inverse is not. */
function deviate(pValue: number): number {
  let [low, high] = [0, 40];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (2 * normalCdf(-middle) > pValue) low = middle;
    else high = middle;
  }
  return low;
}

/** Whether the arms are as large as was planned. */
export interface RatioCheck {
  readonly pValue: number;
  /** True: the arms are not filled as planned, and no result may be read. */
  readonly alarm: boolean;
}

/** Usual level of the sample-ratio check: rare enough to mean a fault (Fabijan et al. 2019, KDD). */
const RATIO_ALARM = 0.001;

/**
 * Whether as many units fell into each arm as planned: Pearson’s chi-square.
 * @param observed units per arm @param planned shares or weights, same order
 * @throws RangeError when the two differ in length, or a weight is not above zero
 */
export function sampleRatioAlarm(observed: readonly number[], planned: readonly number[]): RatioCheck {
  if (observed.length !== planned.length || observed.length < 2 || planned.some((share) => !(share > 0)))
    throw new RangeError('one weight above zero per arm, two arms at least');
  const total = observed.reduce((a, b) => a + b, 0);
  const weights = planned.reduce((a, b) => a + b, 0);
  if (total === 0) return { pValue: 1, alarm: false };
  const statistic = observed.reduce((sum, count, arm) => {
    const expected = (total * (planned[arm] ?? 0)) / weights;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  const pValue = chiSquarePValue(statistic, observed.length - 1);
  return { pValue, alarm: pValue < RATIO_ALARM };
}
