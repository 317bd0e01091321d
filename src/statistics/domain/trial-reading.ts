import { Temporal } from 'temporal-polyfill';
import type { AttendanceCounts } from './counts.js';
import { isComplete } from './definitions.js';
import { clusterInterval } from './effects/cluster-interval.js';
import { sequentialBounds } from './effects/sequential.js';
import { type ArmComparison, compareArms, type UnitOutcomes } from './effects/trials.js';
import type { Interval, RateInterval } from './estimate.js';

/** What of a trial decides whether its results may be seen; days are `YYYY-MM-DD`. */
export interface TrialCalendar {
  readonly state: 'draft' | 'registered' | 'running' | 'ended' | 'stopped';
  /** Null: not started. */
  readonly startedOn: string | null;
  readonly endsOn: string;
  /** Days before the end on which the registered rule allows a look. */
  readonly looks: readonly string[];
}

/** What may be read of a trial today. */
export type Visibility =
  /** `until`: the day whose evening ends the wait. */
  | { readonly kind: 'hidden'; readonly until: string }
  | { readonly kind: 'look'; readonly until: string; readonly look: number }
  | { readonly kind: 'final'; readonly until: string }
  /** Stopped before its time: figures describe, and conclude nothing. */
  | { readonly kind: 'stopped'; readonly until: string };

/**
 * Results are hidden until the last day is over, or a registered look is; between looks, those of the last one stay,
 * with the appointments of that time.
 */
export function visibilityOf(trial: TrialCalendar, today: string): Visibility {
  const { state, startedOn, endsOn, looks } = trial;
  if (startedOn === null) return { kind: 'hidden', until: endsOn };
  if (state === 'stopped') return { kind: 'stopped', until: today < endsOn ? today : endsOn };
  if (state === 'ended' || today > endsOn) return { kind: 'final', until: endsOn };
  const over = looks.filter((day) => day < today);
  const last = over.at(-1);
  if (last !== undefined) return { kind: 'look', until: last, look: over.length - 1 };
  return { kind: 'hidden', until: looks[0] ?? endsOn };
}

/** What one arm has to say. */
export interface ArmResult {
  readonly counts: AttendanceCounts;
  readonly rate: RateInterval;
}

/** What a trial says in the end. */
export type Conclusion =
  | 'less'
  | 'more'
  | 'undecided'
  /** Fewer than 98 % of the outcomes of an arm are known. */
  | 'unknown-outcomes'
  | 'too-few'
  /** Stopped before its time. */
  | 'not-allowed';

/** An arm against the first one. */
export interface ArmDifference {
  readonly arm: number;
  readonly conclusion: Conclusion;
  /** With the bound of this look and of this number of comparisons; null when nothing can be compared. */
  readonly difference: Interval | null;
}

export interface TrialReading {
  readonly arms: readonly ArmResult[];
  readonly differences: readonly ArmDifference[];
  /** |z| from which a difference is one; 1.96 for two arms and one look. */
  readonly bound: number;
}

interface ArmOutcomes {
  readonly counts: AttendanceCounts;
  readonly units: readonly UnitOutcomes[];
}

/** Chance of seeing a difference where there is none, over all comparisons and all looks of a trial. */
const ALARM = 0.05;

/** What a trial says at a look, or at its end. */
export function readOutcomes(
  outcomes: readonly ArmOutcomes[],
  trial: TrialCalendar,
  visibility: Exclude<Visibility, { kind: 'hidden' }>,
): TrialReading {
  const [first, ...others] = outcomes;
  const bound = boundOf(trial, visibility, others.length);
  const complete = outcomes.every(({ counts }) => isComplete(counts));
  const refusal: Conclusion | null =
    visibility.kind === 'stopped' ? 'not-allowed' : complete ? null : 'unknown-outcomes';
  return {
    bound,
    arms: outcomes.map(({ counts, units }) => ({ counts, rate: clusterInterval(units) })),
    differences: others.map(({ units }, at) => ({
      arm: at + 1,
      ...judged(compareArms(first?.units ?? [], units), bound, refusal),
    })),
  };
}

function judged(
  comparison: ArmComparison,
  bound: number,
  refusal: Conclusion | null,
): Omit<ArmDifference, 'arm'> {
  if (comparison.kind === 'refused') return { conclusion: refusal ?? 'too-few', difference: null };
  const { value, z } = comparison;
  const decided = Math.abs(z) >= bound ? (value < 0 ? 'less' : 'more') : 'undecided';
  return { conclusion: refusal ?? decided, difference: widened(comparison, bound) };
}

/** Zero lies outside it exactly when |z| passes the bound. */
function widened(
  { value, low, high, z }: Extract<ArmComparison, { kind: 'estimate' }>,
  bound: number,
): Interval {
  // Where z is next to nothing its ratio to the value is not to be trusted; 1.96 made the interval.
  const half = Math.abs(z) > 0.01 ? bound * Math.abs(value / z) : (bound * (high - low)) / 2 / 1.96;
  return { value, low: value - half, high: value + half };
}

/**
 * Each comparison may err in its share of five in a hundred (Bonferroni), spent over the registered looks by the
 * share of the calendar that has passed (Lan & DeMets 1983, like O’Brien & Fleming).
 */
function boundOf(trial: TrialCalendar, visibility: Visibility, comparisons: number): number {
  const shares = trial.looks.map((day) => shareOf(trial, day));
  const bounds = sequentialBounds([...shares, 1], ALARM / Math.max(1, comparisons));
  const look = visibility.kind === 'look' ? visibility.look : trial.looks.length;
  return bounds[look]?.bound ?? Infinity;
}

function shareOf({ startedOn, endsOn }: TrialCalendar, day: string): number {
  const from = Temporal.PlainDate.from(startedOn ?? day);
  const days = (to: string) => from.until(to, { largestUnit: 'day' }).days + 1;
  return days(day) / days(endsOn);
}
