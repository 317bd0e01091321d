import type { AttendanceCounts } from '../counts.js';
import { knownOutcomes } from '../absence-rate.js';
import type { ServiceSeries } from '../estimate.js';
import { monthsBetween } from './series.js';

/** Share of outcomes that must be known for a service-month to bear an estimate. */
export const ENOUGH_KNOWN = 0.98;

export type Month = ServiceSeries['months'][number];

/** Of the past convocations of a cell, how many have a known outcome; 1 when there is none. */
export function completeness(counts: AttendanceCounts): number {
  const known = knownOutcomes(counts);
  return known + counts.unknown === 0 ? 1 : known / (known + counts.unknown);
}

/** Months of a series, before and after its start, without those that are neither. */
export function sides(series: ServiceSeries): {
  readonly before: readonly Month[];
  readonly after: readonly Month[];
} {
  const { startedIn, leftOut = [] } = series;
  const clear = series.months.filter(({ month }) => !leftOut.includes(month));
  if (startedIn === null) return { before: clear, after: [] };
  return {
    before: clear.filter(({ month }) => month < startedIn),
    after: clear.filter(({ month }) => month >= startedIn),
  };
}

/** Columns that follow the year: two pairs of waves, and August, when France is away. */
export function seasonColumns(month: string): readonly number[] {
  const number = Number(month.slice(5, 7));
  const angle = (2 * Math.PI * number) / 12;
  return [Math.sin(angle), Math.cos(angle), Math.sin(2 * angle), Math.cos(2 * angle), number === 8 ? 1 : 0];
}

/** Position of a month counted from the first of the series. */
export function positionIn(series: ServiceSeries, month: string): number {
  return monthsBetween(series.months[0]?.month ?? month, month);
}

/** One count over all of them. */
export function sumOf(months: readonly Month[], count: (month: Month) => number): number {
  return months.reduce((sum, month) => sum + count(month), 0);
}
