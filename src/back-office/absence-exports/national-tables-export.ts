import { absenceRate } from '../../statistics/domain/absence-rate.js';
import type { StaggeredFinding } from '../../statistics/domain/effects/reports.js';
import type { ExportCell, ExportTable } from '../../ui/exports/export-file.js';
import type { NationalView } from '../absence-national/national.view.js';

/** Every table of the page of all services, in its order; only what the reader may see is in the view. */
export function nationalExport(view: NationalView): readonly ExportTable[] {
  return [servicesTable(view), ...(view.effect === null ? [] : [effectTable(view.effect)])];
}

function servicesTable({ rows }: NationalView): ExportTable {
  return {
    name: 'services',
    title: 'Par service',
    columns: [
      { label: 'Service', kind: 'text' },
      { label: 'Manquées', kind: 'count' },
      { label: 'Issues connues', kind: 'count' },
      { label: 'Taux', kind: 'rate' },
      { label: 'Au plus bas', kind: 'rate' },
      { label: 'Au plus haut', kind: 'rate' },
      { label: 'Avant', kind: 'rate' },
      { label: 'Depuis', kind: 'rate' },
      { label: 'Non marquées', kind: 'rate' },
      { label: 'Mise en service', kind: 'text' },
    ],
    rows: rows.map(({ service, known, interval, unknownShare }): ExportCell[] => [
      ...[service.name, service.total.missed, known, interval?.rate ?? null, interval?.low ?? null],
      ...[interval?.high ?? null, service.before === null ? null : absenceRate(service.before)],
      ...[service.since === null ? null : absenceRate(service.since), unknownShare, service.startedOn],
    ]),
    notes: [
      'Taux d’absence = manquées ÷ (honorées + manquées + excusées), issues connues. Intervalles à 95 %.',
      'L’écart entre « Avant » et « Depuis » ne prouve pas un effet à lui seul.',
    ],
  };
}

const PHASES = { '1-3': 'Mois 1 à 3', '4-6': 'Mois 4 à 6', '7+': 'À partir du mois 7' } as const;

function effectTable(effect: StaggeredFinding): ExportTable {
  const row = (label: string, of: { value: number; low: number; high: number }): ExportCell[] => [
    label,
    of.value,
    of.low,
    of.high,
  ];
  return {
    name: 'effet',
    title: 'Effet de la mise en service, services échelonnés',
    columns: [
      { label: 'Mois depuis la mise en service', kind: 'text' },
      { label: 'Écart (points)', kind: 'points' },
      { label: 'Au plus bas', kind: 'points' },
      { label: 'Au plus haut', kind: 'points' },
    ],
    rows:
      effect.kind === 'refused'
        ? []
        : [
            row('Ensemble', effect),
            ...effect.phases.map((phase) => row(PHASES[phase.phase], phase.effect)),
            ...effect.events.map((event) => row(String(event.sinceStart), event.effect)),
          ],
    notes: [effect.kind === 'refused' ? effect.reason : effect.assumption],
  };
}
