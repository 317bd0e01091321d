import type { DetailedCounts } from '../../statistics/domain/counts.js';
import type { ServiceImpact } from '../../statistics/impact.query.js';
import type { ExportCell } from '../../ui/exports/export-file.js';

/** Who cancelled, and how many were moved. */
export function cancelledInWords(counts: DetailedCounts): (readonly [string, number])[] {
  return [
    ['Annulées par le service', counts.cancelledByService],
    ['Annulées par la personne', counts.cancelledByPerson],
    ['Annulées par la juridiction', counts.cancelledByCourt],
    ['Déplacées au moins une fois (comptées ci-dessus)', counts.rescheduled],
  ];
}

/** Each method with its interval, or none and the reason; what must hold stands in the notes. */
export function effectRows(impact: ServiceImpact | null): {
  readonly rows: readonly (readonly ExportCell[])[];
  readonly notes: readonly string[];
} {
  if (impact === null) return { rows: [], notes: ['Aucun service.'] };
  const methods = [
    ['Avant / après, comparaison simple', impact.naive],
    ['Saison et tendance retirées (série interrompue)', impact.interrupted],
  ] as const;
  return {
    rows: methods.map(([label, found]) =>
      found.kind === 'refused' ? [label, null, null, null] : [label, found.value, found.low, found.high],
    ),
    notes: [
      ...methods.map(([label, found]) =>
        found.kind === 'refused' ? `${label}\u00a0: ${found.reason}` : `${label}\u00a0: ${found.assumption}`,
      ),
      ...impact.habits.map(({ sentence }) => sentence),
    ],
  };
}
