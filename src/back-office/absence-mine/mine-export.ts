import { absenceRate, knownOutcomes } from '../../statistics/domain/absence-rate.js';
import { column, type ExportFile } from '../../ui/exports/export-file.js';
import { capital, monthInWords } from '../../ui/typography.js';
import type { MineView } from './mine.view.js';

/** The own caseload month by month: counts only, no person is named in a file that leaves the service. */
export function mineExport({ span, months }: MineView, madeAt: Date): ExportFile {
  return {
    fileName: 'mes-suivis',
    title: 'Mes suivis, mois par mois',
    lines: [`${span} derniers mois, personnes dont je suis le référent aujourd’hui.`],
    madeAt,
    tables: [
      {
        name: 'mois',
        title: 'Mois par mois',
        columns: [
          column.text('Mois'),
          column.count('Manquées'),
          column.count('Issues connues'),
          column.rate('Taux'),
          column.count('Excusées'),
          column.count('Annulées'),
          column.count('À marquer'),
        ],
        rows: months.map((month) => [
          capital(monthInWords(month.month)),
          ...[month.missed, knownOutcomes(month), absenceRate(month)],
          ...[month.excused, month.cancelled, month.unknown],
        ]),
        notes: [
          'Taux d’absence = manquées ÷ (honorées + manquées + excusées), issues connues.',
          'Peu de convocations par mois : un taux mensuel varie beaucoup par hasard.',
        ],
      },
    ],
  };
}
