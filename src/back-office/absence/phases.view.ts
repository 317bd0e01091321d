import { knownOutcomes } from '../../statistics/domain/absence-rate.js';
import { isComplete } from '../../statistics/domain/definitions.js';
import { type Difference, rateDifference, type Share } from '../../statistics/domain/rate-interval.js';
import type { ServiceImpact } from '../../statistics/impact.query.js';
import type { Period } from './filters.js';

/** Absence some months after the start, against all that is known of before. */
export interface PhaseRow extends Share {
  readonly label: string;
  readonly months: number;
  readonly difference: Difference | null;
}

const PHASES = [
  { label: 'Mois 1 à 3', first: 1, last: 3 },
  { label: 'Mois 4 à 6', first: 4, last: 6 },
  { label: 'Mois 7 à 12', first: 7, last: 12 },
  { label: 'Mois 13 et suivants', first: 13, last: Number.MAX_SAFE_INTEGER },
];

/** Whether a first success wears off; months known too little, or without messages again, are left out. */
export function phaseRows(
  impact: ServiceImpact | null,
  period: Period,
  designEffect: number,
): readonly PhaseRow[] {
  if (impact?.series.startedIn == null || impact.naive.kind === 'refused') return [];
  const { months, startedIn, leftOut = [] } = impact.series;
  const before = impact.naive.before;
  const usable = months.filter((month) => isComplete(month) && !leftOut.includes(month.month));
  return PHASES.flatMap(({ label, first, last }) => {
    const own = usable.filter(({ month }) => {
      const number = sinceStart(month, startedIn);
      return number >= first && number <= last && month <= period.to;
    });
    if (own.length === 0) return [];
    const share = {
      missed: own.reduce((sum, { missed }) => sum + missed, 0),
      known: own.reduce((sum, counts) => sum + knownOutcomes(counts), 0),
    };
    return [{ label, months: own.length, ...share, difference: rateDifference(before, share, designEffect) }];
  });
}

/** 1 is the first month with messages. */
function sinceStart(month: string, startedIn: string): number {
  const index = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  return index(month) - index(startedIn) + 1;
}
