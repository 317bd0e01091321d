import type { BreakdownRow } from '../../statistics/breakdown.query.js';
import { knownOutcomes } from '../../statistics/domain/absence-rate.js';
import { PHONE_DIMENSION, WITH_PHONE } from '../../statistics/domain/breakdown.js';
import { referenceNoShowPercent } from '../../statistics/domain/definitions.js';
import { sumCounts } from '../../statistics/domain/national.js';
import { NBSP } from '../../ui/typography.js';

export const REFERENCE_NAME = 'Taux des anciens tableaux de bord (2021–2024)';

/**
 * What earlier dashboards would have shown, over persons with a phone number only.
 * @returns whole per cent; null when nothing is known, where they showed 0
 */
export function referencePercentOf(rows: readonly BreakdownRow[]): number | null {
  const reached = rows.filter(
    ({ dimension, value }) => dimension === PHONE_DIMENSION && value === WITH_PHONE,
  );
  const counts = sumCounts(reached);
  return knownOutcomes(counts) === 0 ? null : referenceNoShowPercent(counts);
}

/** The figure, and why it differs from ours. */
export function referenceWords(percent: number): string {
  return `${percent}${NBSP}%, pour comparaison seulement${NBSP}: personnes avec un téléphone, arrondi à l’unité, convocations comptées la nuit dernière.`;
}
