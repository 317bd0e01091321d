import type { TrialReport } from '../../statistics/trials/read-trial.js';
import type { ExportCell, ExportFile, ExportTable } from '../../ui/exports/export-file.js';
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
    tables: [...(report.reading === null ? [] : [results(report, report.reading)]), progress(report)],
    madeAt,
  };
}

function results({ trial }: TrialReport, reading: NonNullable<TrialReport['reading']>): ExportTable {
  return {
    name: 'resultats',
    title: 'Résultats par bras',
    columns: [
      { label: 'Bras', kind: 'text' },
      { label: 'Manquées', kind: 'count' },
      { label: 'Issues connues', kind: 'count' },
      { label: 'Taux', kind: 'rate' },
      { label: 'Au plus bas', kind: 'rate' },
      { label: 'Au plus haut', kind: 'rate' },
      { label: 'Différence avec le premier (points)', kind: 'points' },
      { label: 'Différence au plus bas', kind: 'points' },
      { label: 'Différence au plus haut', kind: 'points' },
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
      { label: 'Bras', kind: 'text' },
      { label: trial.unit === 'person' ? 'Personnes' : 'Services', kind: 'count' },
      { label: 'Convocations', kind: 'count' },
      { label: 'Issue connue', kind: 'count' },
      { label: 'À marquer', kind: 'count' },
      { label: 'Annulées', kind: 'count' },
      { label: 'Ont arrêté les messages', kind: 'count' },
      { label: '« Ce n’est pas moi »', kind: 'count' },
      { label: 'Messages non reçus', kind: 'count' },
    ],
    rows: arms.map((arm, at): ExportCell[] => [
      ...[trial.arms[at]?.name ?? null, arm.units, arm.convocations, arm.known, arm.unknown, arm.cancelled],
      ...[arm.stops, arm.wrongPersons, arm.undelivered],
    ]),
    notes: [],
  };
}
