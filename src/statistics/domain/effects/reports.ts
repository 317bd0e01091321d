import type { Found, Interval, RateInterval } from '../estimate.js';

/** The simple comparison, shown as naive: season, trend and everything else that moved counts as effect. */
export type NaiveFinding = Found<{
  readonly before: RateInterval;
  readonly after: RateInterval;
  /** The interval of those who take every outcome for independent: too narrow, shown beside the other. */
  readonly independent: Interval;
}>;

/** One month of an interrupted series; rates as shares. */
export interface SeriesPoint {
  /** `YYYY-MM` */
  readonly month: string;
  /** Null: no outcome known. */
  readonly observed: number | null;
  readonly fitted: number;
  /** The same month had nothing begun; equal to `fitted` before the start. */
  readonly counterfactual: number;
  /** Left out of the fit: fewer than 98 % of its outcomes are known. */
  readonly excluded: boolean;
}

/** `value`: mean over the observed months after the start of (fitted − counterfactual). */
export type InterruptedFinding = Found<{
  readonly monthsBefore: number;
  readonly monthsAfter: number;
  /** `YYYY-MM`, left out of the fit. */
  readonly excludedMonths: readonly string[];
  /** Change of level in the first month, as a share. */
  readonly level: Interval;
  /** Change of slope, as a share a month. */
  readonly slope: Interval;
  /** Of one month’s error with the next month’s: mean over what the series makes probable, 0 to 1. */
  readonly autocorrelation: number;
  readonly points: readonly SeriesPoint[];
}>;

/** Effect some months after (or, as a picture of parallel trends, before) the start; 0 = first month. */
export interface EventPoint {
  /** Negative before the start: -1 is the last month before. */
  readonly sinceStart: number;
  readonly effect: Interval;
  readonly services: number;
}

/** Effect by months since start: 1–3, 4–6, 7 and more. */
export interface PhaseEffect {
  readonly phase: '1-3' | '4-6' | '7+';
  readonly effect: Interval;
  readonly services: number;
}

/** `value`: mean of the group-time effects over the treated service-months observed, each counted once. */
export type StaggeredFinding = Found<{
  /** Services that started, and among all services those that ever serve as comparison. */
  readonly treated: number;
  readonly comparisons: number;
  /** Degrees of freedom of the interval, after the correction for few services. */
  readonly freedom: number;
  readonly events: readonly EventPoint[];
  readonly phases: readonly PhaseEffect[];
  /** Joint test that nothing differed before; null when the series are too short to look. */
  readonly before: { readonly pValue: number } | null;
  /** Over all services: what jumped at the start without forbidding the estimate. */
  readonly habits: readonly HabitFlag[];
}>;

export type Habit = 'excused' | 'unknown' | 'cancelled' | 'volume';

/** A jump at the start in how outcomes are recorded. */
export interface HabitFlag {
  readonly habit: Habit;
  /** Share before and after: excused of attended + excused, unknown of past, cancelled of all; `volume`: number a month. */
  readonly before: number;
  readonly after: number;
  /** Shown as it is. */
  readonly sentence: string;
}
