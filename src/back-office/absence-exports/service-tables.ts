import { cancelledInWords } from './effect-words.js';
import { rateInterval } from '../../statistics/domain/rate-interval.js';
import { FEWEST_FOR_A_SLOT } from '../../statistics/domain/breakdown.js';
import { strictAbsenceRate } from '../../statistics/domain/definitions.js';
import { column, type ExportCell, type ExportTable } from '../../ui/exports/export-file.js';
import { shortMonth } from '../../ui/charts/scale.js';
import { slotWords } from '../absence/absence-words.js';
import type { AbsenceFigures } from '../absence/absence.view.js';
import { REFERENCE_NAME, referenceWords } from '../absence/reference-rate.js';
import type { ShareTable } from '../absence/shares.view.js';
import { effectRows } from './effect-words.js';
import { estimateRow } from './estimate-row.js';

const { text, count, rate, points } = column;

const RATE_NOTE =
  'Taux d’absence = manquées ÷ (honorées + manquées + excusées), convocations passées dont l’issue est connue. Intervalles à 95 %, élargis parce que les mêmes personnes reviennent.';
const ASSOCIATION = 'C’est une association, pas un effet.';

/** Every table of the page of a service, in its order; what nobody knows stays empty. */
export function serviceTables(figures: AbsenceFigures): readonly ExportTable[] {
  return [
    monthTable(figures),
    countTable(figures),
    effectTable(figures),
    ...figures.tables.map(shareTable),
    funnelTable(figures),
    slotTable(figures),
    savingsTable(figures),
  ];
}

function monthTable({ months, baselineSource }: AbsenceFigures): ExportTable {
  return {
    name: 'mois',
    title: 'Taux d’absence par mois',
    columns: [
      ...[text('Mois'), count('Manquées'), count('Issues connues'), rate('Taux'), rate('Au plus bas')],
      ...[rate('Au plus haut'), count('Issues inconnues'), rate('Un an avant'), text('Origine')],
    ],
    rows: months.map((month) => [
      ...[shortMonth(month.month), month.missed, month.known, month.rate, month.low, month.high],
      ...[month.unknown, month.yearBefore, month.isBaseline ? 'repris d’avant' : 'enregistré'],
    ]),
    notes: [RATE_NOTE, ...(baselineSource === null ? [] : [`Chiffres repris\u00a0: ${baselineSource}.`])],
  };
}

function countTable({ counts, since, referencePercent }: AbsenceFigures): ExportTable {
  return {
    name: 'comptes',
    title: `Ce que sont devenues les convocations, ${shortMonth(since.from)} à ${shortMonth(since.to)}`,
    columns: [text('Issue'), count('Convocations')],
    rows:
      counts === null
        ? []
        : [
            ['Honorées', counts.attended],
            ['Manquées', counts.missed],
            ['Excusées', counts.excused],
            ['Issue inconnue', counts.unknown],
            ...cancelledInWords(counts),
          ],
    notes:
      counts === null
        ? ['Aucune convocation.']
        : [
            `Taux strict (sans les excusées)\u00a0: ${inPercent(strictAbsenceRate(counts))}.`,
            ...(referencePercent === null
              ? []
              : [`${REFERENCE_NAME}\u00a0: ${referenceWords(referencePercent)}`]),
          ],
  };
}

function effectTable({ impact }: AbsenceFigures): ExportTable {
  const { rows, notes } = effectRows(impact);
  return {
    name: 'effet',
    title: 'Ce qui a changé depuis la mise en service',
    columns: [text('Méthode'), points('Écart (points)'), points('Au plus bas'), points('Au plus haut')],
    rows,
    notes,
  };
}

function shareTable({ key, title, hint, rows }: ShareTable): ExportTable {
  return {
    name: `par-${key}`,
    title,
    columns: [
      ...[text('Groupe'), count('Manquées'), count('Issues connues'), rate('Taux'), rate('Au plus bas')],
      ...[rate('Au plus haut'), points('Écart avec avant (points)')],
    ],
    rows: rows.map((row): ExportCell[] => [
      ...[row.label, row.missed, row.known, row.interval?.rate ?? null, row.interval?.low ?? null],
      ...[row.interval?.high ?? null, row.difference?.value ?? null],
    ]),
    notes: [...(hint === null ? [] : [hint]), ...(hint?.includes(ASSOCIATION) === true ? [] : [ASSOCIATION])],
  };
}

function funnelTable({ funnel }: AbsenceFigures): ExportTable {
  const steps: readonly (readonly [string, number])[] = [
    ['Convocations, issue connue', funnel.known],
    ['Rappel à envoyer', funnel.due],
    ['Rappel remis à l’opérateur', funnel.handedOver],
    ['Rappel reçu', funnel.delivered],
    ['Convocation honorée', funnel.attended],
  ];
  return {
    name: 'du-rappel-a-la-venue',
    title: 'Du rappel à la venue',
    columns: [text('Étape'), count('Convocations'), rate('Part de la ligne du dessus')],
    rows: steps.map(([label, n], at) => {
      const above = steps[at - 1]?.[1];
      return [label, n, above === undefined || above === 0 ? null : n / above];
    }),
    notes: [ASSOCIATION],
  };
}

function slotTable({ slots, ground }: AbsenceFigures): ExportTable {
  return {
    name: 'creneaux',
    title: 'Créneaux les plus manqués',
    columns: [
      ...[text('Créneau'), text('Type'), count('Manquées'), count('Issues connues'), rate('Taux')],
      ...[rate('Au plus bas'), rate('Au plus haut')],
    ],
    rows: slots.map((slot): ExportCell[] => {
      const interval = rateInterval(slot, ground.periodDesignEffect);
      const bounds = [interval?.rate ?? null, interval?.low ?? null, interval?.high ?? null];
      return [slotWords(slot), slot.typeName, slot.missed, slot.known, ...bounds];
    }),
    notes: [
      `Au moins ${FEWEST_FOR_A_SLOT} issues connues, par demi-journée où aucun horaire n’en a autant. Aucun chiffre n’est donné par agent.`,
    ],
  };
}

function savingsTable({ savings: { savings, texts, basis } }: AbsenceFigures): ExportTable {
  return {
    name: 'economies',
    title: 'Absences évitées et ce qu’elles épargnent (estimation)',
    columns: [
      text('Quoi'),
      column.number('Estimation'),
      column.number('Au plus bas'),
      column.number('Au plus haut'),
    ],
    rows:
      savings === null
        ? []
        : [
            estimateRow('Absences évitées', savings.absences),
            estimateRow('Lettres', savings.letters),
            estimateRow('Lettres recommandées', savings.registered),
            estimateRow('Heures d’agents', savings.hours),
            estimateRow('Euros', savings.euros),
          ],
    notes: [
      basis === null
        ? 'Rien ne permet de conclure\u00a0: aucune absence évitée n’est annoncée.'
        : basis === 'interrupted'
          ? 'D’après la série interrompue (saison et tendance retirées).'
          : 'D’après la simple comparaison avant et après, qui ne prouve rien à elle seule.',
      `SMS de la période\u00a0: ${texts.texts} textes, ${texts.parts} parties, ${texts.euros.toFixed(2).replace('.', ',')}\u00a0€.`,
    ],
  };
}

function inPercent(value: number | null): string {
  return value === null ? 'inconnu' : `${(value * 100).toFixed(1).replace('.', ',')}\u00a0%`;
}
