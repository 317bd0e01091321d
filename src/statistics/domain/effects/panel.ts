import type { ServiceSeries } from '../estimate.js';
import type { Month } from './months.js';
import { monthsBetween } from './series.js';

/** Services by months, of any outcome; a cell without a value is NaN. Index of a cell: service × months + month. */
export interface Panel {
  readonly services: number;
  readonly months: number;
  /** `YYYY-MM` of month 0. */
  readonly first: string;
  readonly y: Float64Array;
  /** Outcomes that a cell stands on: what chance alone leaves is as its inverse. */
  readonly sizes: Float64Array;
  /** First treated month of each service; Infinity: never, or later than the panel. */
  readonly starts: readonly number[];
}

/**
 * @param measure value and size of a service-month; null leaves it out
 */
export function panelOf(
  all: readonly ServiceSeries[],
  measure: (month: Month) => { readonly value: number; readonly size: number } | null,
): Panel {
  const told = all.flatMap(({ months }) => months.map(({ month }) => month)).toSorted();
  const first = told[0] ?? '2000-01';
  const months = told.length === 0 ? 0 : monthsBetween(first, told.at(-1) ?? first) + 1;
  const y = new Float64Array(all.length * months).fill(Number.NaN);
  const sizes = new Float64Array(all.length * months);
  all.forEach((series, service) => {
    const leftOut = new Set(series.leftOut ?? []);
    for (const month of series.months) {
      const found = leftOut.has(month.month) ? null : measure(month);
      if (found === null) continue;
      const cell = service * months + monthsBetween(first, month.month);
      y[cell] = found.value;
      sizes[cell] = found.size;
    }
  });
  const starts = all.map(({ startedIn }) =>
    startedIn === null ? Infinity : monthsBetween(first, startedIn),
  );
  return {
    services: all.length,
    months,
    first,
    y,
    sizes,
    starts: starts.map((s) => (s < months ? s : Infinity)),
  };
}

/** The service has a rate for this month, and the month is in the panel. */
export function isThere(panel: Panel, service: number, month: number): boolean {
  return (
    month >= 0 && month < panel.months && !Number.isNaN(panel.y[service * panel.months + month] ?? Number.NaN)
  );
}
