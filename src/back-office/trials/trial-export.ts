import type { TrialReport } from '../../statistics/trials/read-trial.js';
import { column, type ExportCell, type ExportFile, type ExportTable } from '../../ui/exports/export-file.js';
import { plainDate } from '../../ui/typography.js';
import { TRIAL_STATES } from './trial-words.js';

/** What the page of a trial shows, and not more: hidden results stay hidden. */
export function trialExport(report: TrialReport, madeAt: Date): ExportFile {
  const { trial, visibility } = report;
  return {
    fileName: 'essai',
    title: trial.name,
    lines: [
      trial.question,
      `${TRIAL_STATES[trial.state].word}. Dernier jour : ${plainDate(trial.endsOn)}. Graine : ${trial.seed}.`,
      visibility.kind === 'hidden'
        ? `Résultats cachés jusqu’au ${plainDate(visibility.until)} inclus.`
        : `Rendez-vous jusqu’au ${plainDate(visibility.until)}.`,
    ],
    tables: trialTables(report),
    madeAt,
  };
}

/** Without results as long as they are hidden. */
export function trialTables(report: TrialReport): readonly ExportTable[] {
  return [...(report.reading === null ? [] : [results(report, report.reading)]), progress(report)];
}

function results({ trial }: TrialReport, reading: NonNullable<TrialReport['reading']>): ExportTable {
  return {
    name: 'resultats',
    title: 'Résultats par bras',
    columns: [
      column.text('Bras'),
      column.count('Manquées'),
      column.count('Issues connues'),
      column.rate('Taux'),
      column.rate('Au plus bas'),
      column.rate('Au plus haut'),
      column.points('Différence avec le premier (points)'),
      column.points('Différence au plus bas'),
      column.points('Différence au plus haut'),
    ],
    rows: reading.arms.map(({ rate }, at): ExportCell[] => {
      const found = reading.differences.find(({ arm }) => arm === at)?.difference ?? null;
      const rates = rate.known === 0 ? [null, null, null] : [rate.value, rate.low, rate.high];
      return [
        ...[trial.arms[at]?.name ?? null, rate.missed, rate.known, ...rates],
        ...(found === null ? [null, null, null] : [found.value, found.low, found.high]),
      ];
    }),
    notes: [
      'Taux d’absence = manquées ÷ (honorées + manquées + excusées), issues connues. Tout le monde compte dans son bras.',
    ],
  };
}

function progress({ trial, progress: arms }: TrialReport): ExportTable {
  return {
    name: 'avancement',
    title: 'Où en est l’essai',
    columns: [
      column.text('Bras'),
      column.count(trial.unit === 'person' ? 'Personnes' : 'Services'),
      column.count('Convocations'),
      column.count('Issue connue'),
      column.count('À marquer'),
      column.count('Annulées'),
      column.count('Ont arrêté les messages'),
      column.count('« Ce n’est pas moi »'),
      column.count('Messages non reçus'),
    ],
    rows: arms.map((arm, at): ExportCell[] => [
      ...[trial.arms[at]?.name ?? null, arm.units, arm.convocations, arm.known, arm.unknown, arm.cancelled],
      ...[arm.stops, arm.wrongPersons, arm.undelivered],
    ]),
    notes: [],
  };
}
