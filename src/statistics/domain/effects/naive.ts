import { knownOutcomes } from '../absence-rate.js';
import type { Interval, Refusal, ServiceSeries } from '../estimate.js';
import { clusterInterval, wilsonInterval } from './cluster-interval.js';
import { CONFIDENCE, normalQuantile, studentQuantile } from './distributions.js';
import { type Month, sides } from './months.js';
import type { NaiveFinding } from './reports.js';

const ASSUMPTION =
  'Comparaison simple : elle n’est l’effet des messages que si rien d’autre n’a changé entre les deux périodes, ni la saison, ni la tendance, ni le public.';

/** Nothing after the start to compare with. */
export const NOT_STARTED: Refusal = {
  kind: 'refused',
  code: 'not-started',
  reason: 'La mise en service n’est pas connue, ou n’a pas encore un mois entier : il n’y a pas d’« après ».',
};

/** Rate after − rate before, each month a cluster of outcomes that are alike (linearised variance, t interval). */
export function naiveBeforeAfter(series: ServiceSeries): NaiveFinding {
  const { before, after } = sides(series);
  if (series.startedIn === null || after.length === 0) return NOT_STARTED;
  const [one, two] = [before.map(cluster), after.map(cluster)];
  const [first, second] = [clusterInterval(one), clusterInterval(two)];
  if (first.known === 0 || second.known === 0 || before.length < 2 || after.length < 2)
    return {
      kind: 'refused',
      code: 'too-few-outcomes',
      reason:
        'Il faut au moins deux mois dont des issues sont connues avant la mise en service, et deux après.',
    };
  const value = second.value - first.value;
  const half =
    studentQuantile((1 + CONFIDENCE) / 2, before.length + after.length - 2) *
    Math.sqrt(between(one, first.value) + between(two, second.value));
  const independent = independentDifference([first.missed, first.known], [second.missed, second.known]);
  const least = Math.max(half, (independent.high - independent.low) / 2);
  return {
    kind: 'estimate',
    ...{ value, low: value - least, high: value + least, independent },
    ...{ before: first, after: second, assumption: ASSUMPTION },
    ...{ months: before.length + after.length, outcomes: first.known + second.known },
  };
}

const cluster = (month: Month) => ({ missed: month.missed, known: knownOutcomes(month) });

function between(clusters: readonly { missed: number; known: number }[], rate: number): number {
  const seen = clusters.filter(({ known }) => known > 0);
  const total = seen.reduce((sum, { known }) => sum + known, 0);
  const squares = seen.reduce((sum, { missed, known }) => sum + (missed - rate * known) ** 2, 0);
  return (squares * seen.length) / Math.max(1, seen.length - 1) / total ** 2;
}

/** Difference of two rates as if every outcome stood alone (Newcombe’s hybrid of two Wilson intervals, 1998). */
export function independentDifference(
  [missed1, known1]: readonly [number, number],
  [missed2, known2]: readonly [number, number],
): Interval {
  const quantile = normalQuantile((1 + CONFIDENCE) / 2);
  const one = wilsonInterval(missed1, known1, 1, quantile);
  const two = wilsonInterval(missed2, known2, 1, quantile);
  const value = two.value - one.value;
  return {
    value,
    low: value - Math.hypot(two.value - two.low, one.high - one.value),
    high: value + Math.hypot(two.high - two.value, one.value - one.low),
  };
}
