import { knownOutcomes } from '../../statistics/domain/absence-rate.js';
import type { Estimate } from '../../statistics/domain/estimate.js';
import { type Savings, savings, type UnitCosts } from '../../statistics/domain/savings.js';
import type { ServiceImpact } from '../../statistics/impact.query.js';
import type { TextCost } from '../../statistics/service-grounds.query.js';
import type { Period } from './filters.js';

export interface SavingsView {
  readonly texts: TextCost;
  readonly costs: UnitCosts;
  /** Known outcomes of the months that the savings are about. */
  readonly outcomes: number;
  /** What the spared absences rest on; null when nothing may be concluded. */
  readonly basis: 'interrupted' | 'naive' | null;
  readonly savings: Savings | null;
  /** Why the counts themselves may not be compared; null when they may. */
  readonly refusal: string | null;
}

/** The better founded of the estimates that were not refused. */
export function savingsOf(
  impact: ServiceImpact | null,
  since: Period,
  texts: TextCost,
  costs: UnitCosts,
): SavingsView {
  const startedIn = impact?.series.startedIn ?? null;
  const outcomes = (impact?.series.months ?? [])
    .filter(
      ({ month }) => startedIn !== null && month >= startedIn && month >= since.from && month <= since.to,
    )
    .reduce((sum, month) => sum + knownOutcomes(month), 0);
  const refusal = incomparable(impact);
  const found = refusal === null ? basisOf(impact) : null;
  return {
    ...{ texts, costs, outcomes, refusal, basis: found?.basis ?? null },
    savings: found === null || outcomes === 0 ? null : savings(found.estimate, outcomes, costs),
  };
}

/** Where recording changed with the start, fewer absences written down are not fewer absences. */
function incomparable(impact: ServiceImpact | null): string | null {
  if (impact?.interrupted.kind !== 'refused') return null;
  const { code, reason } = impact.interrupted;
  return code === 'habits-changed' || code === 'unknown-outcomes' ? reason : null;
}

function basisOf(
  impact: ServiceImpact | null,
): { readonly basis: 'interrupted' | 'naive'; readonly estimate: Estimate } | null {
  if (impact === null) return null;
  if (impact.interrupted.kind === 'estimate') return { basis: 'interrupted', estimate: impact.interrupted };
  if (impact.naive.kind === 'estimate') return { basis: 'naive', estimate: impact.naive };
  return null;
}
