import { absenceRate, knownOutcomes } from '../../statistics/domain/absence-rate.js';
import type { StaggeredFinding } from '../../statistics/domain/effects/reports.js';
import { shortMonth } from '../../ui/charts/scale.js';
import { column, type ExportCell, type ExportTable } from '../../ui/exports/export-file.js';
import { percent } from '../../ui/typography.js';
import { PLACES } from '../absence-national/funnel-section.js';
import type { FunnelView, NationalView } from '../absence-national/national.view.js';
import { estimateRow } from './estimate-row.js';

/** Every table of the page of all services, in its order; only what the reader may see is in the view. */
export function nationalExport(view: NationalView): readonly ExportTable[] {
  return [
    servicesTable(view),
    ...(view.funnel === null ? [] : [placesTable(view.funnel)]),
    monthsTable(view),
    ...(view.effect === null ? [] : [effectTable(view.effect)]),
  ];
}

/** Services without a name are points of the drawing, and lines of nothing. */
function placesTable({ rows, target }: FunnelView): ExportTable {
  return {
    name: 'places',
    title: 'Écarts entre services : place de chacun',
    columns: [
      column.text('Service'),
      column.count('Issues connues'),
      column.rate('Taux'),
      column.rate('Limite basse à 95 %'),
      column.rate('Limite haute à 95 %'),
      column.text('Place'),
    ],
    rows: rows
      .filter(({ name }) => name !== null)
      .map(({ name, known, rate, low95, high95, place }) => [
        name,
        known,
        rate,
        low95,
        high95,
        PLACES[place],
      ]),
    notes: [`Limites autour du taux d’ensemble, ${percent(target)} : ce que le hasard seul expliquerait.`],
  };
}

/** One line a month and service: programs that draw want it so, and no sheet is two hundred columns wide. */
function monthsTable({ rows }: NationalView): ExportTable {
  return {
    name: 'mois',
    title: 'Taux d’absence par service et par mois',
    columns: [
      column.text('Service'),
      column.text('Mois'),
      column.count('Manquées'),
      column.count('Issues connues'),
      column.rate('Taux'),
      column.count('Issues inconnues'),
      column.text('Origine'),
    ],
    rows: rows.flatMap(({ service }) =>
      service.months.map((month): ExportCell[] => [
        ...[service.name, shortMonth(month.month), month.missed, knownOutcomes(month), absenceRate(month)],
        ...[month.unknown, month.source === 'baseline' ? 'repris d’avant' : 'enregistré'],
      ]),
    ),
    notes: ['Mois des petites courbes de la page.'],
  };
}

function servicesTable({ rows }: NationalView): ExportTable {
  return {
    name: 'services',
    title: 'Par service',
    columns: [
      column.text('Service'),
      column.count('Manquées'),
      column.count('Issues connues'),
      column.rate('Taux'),
      column.rate('Au plus bas'),
      column.rate('Au plus haut'),
      column.rate('Avant'),
      column.rate('Depuis'),
      column.rate('Non marquées'),
      column.text('Mise en service'),
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
  return {
    name: 'effet',
    title: 'Effet de la mise en service, services échelonnés',
    columns: [
      column.text('Mois depuis la mise en service'),
      column.points('Écart (points)'),
      column.points('Au plus bas'),
      column.points('Au plus haut'),
    ],
    rows:
      effect.kind === 'refused'
        ? []
        : [
            estimateRow('Ensemble', effect),
            ...effect.phases.map((phase) => estimateRow(PHASES[phase.phase], phase.effect)),
            ...effect.events.map((event) => estimateRow(String(event.sinceStart), event.effect)),
          ],
    notes: [effect.kind === 'refused' ? effect.reason : effect.assumption],
  };
}
