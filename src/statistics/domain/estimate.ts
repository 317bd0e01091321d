import type { AttendanceCounts } from './counts.js';

/** A service as the estimators see it: its months in order, none missing between the first and the last. */
export interface ServiceSeries {
  readonly id: string;
  readonly months: readonly (AttendanceCounts & { readonly month: string })[];
  /** `YYYY-MM` of the first month wholly with messages; null: not yet, or never. */
  readonly startedIn: string | null;
  /** `YYYY-MM` of months that are neither before nor after: begun on their way, in one office only, or stopped again. */
  readonly leftOut?: readonly string[];
}

/** A difference of absence rates, as a share: -0.05 is five points less. */
export interface Interval {
  readonly value: number;
  /** Bounds of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** A rate with its counts: « n / N ». */
export interface RateInterval extends Interval {
  readonly missed: number;
  readonly known: number;
}

/** Why nothing is concluded; the French sentence is shown as it is. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code:
    | 'too-short'
    | 'too-few-services'
    | 'no-comparison'
    | 'unknown-outcomes'
    | 'habits-changed'
    | 'diverging-before'
    | 'too-few-outcomes'
    /** The roll-out is not known, or not yet one whole month old. */
    | 'not-started';
  readonly reason: string;
}

/** An effect, with what it stands on. */
export interface Estimate extends Interval {
  readonly kind: 'estimate';
  /** Months and outcomes that the estimate stands on. */
  readonly months: number;
  readonly outcomes: number;
  /** What must hold for the figure to be the effect: one plain French sentence. */
  readonly assumption: string;
}

/** An estimate with what its own method adds, or the reason why there is none. */
export type Found<Extra> = (Estimate & Extra) | Refusal;

/** An estimate, or why there is none. */
export type Finding = Found<unknown>;
