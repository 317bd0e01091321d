import { quarterCode } from '../statistics/domain/quarters.js';
import type { PublicFigure, PublicFigures } from '../statistics/public-figures.query.js';
import { column, type ExportCell, type ExportFile, type ExportTable } from '../ui/exports/export-file.js';
import { capital, monthInWords } from '../ui/typography.js';

/** Every table of the public page, in its order; what is hidden there is empty here. */
export function figuresExport({ months, quarters, quarter, services }: PublicFigures): ExportFile {
  return {
    fileName: 'absence-france',
    title: 'L’absence aux convocations en chiffres',
    lines: ['Convocations des services qui utilisent Mon Suivi Justice, sans aucune donnée personnelle.'],
    // The figures are those of a closed quarter: their own date, not that of the download.
    madeAt: quarters[0]?.computedAt ?? new Date(0),
    tables: [
      table(
        'services',
        `Par service${quarter === null ? '' : `, ${quarterCode(quarter)}`}`,
        'Service',
        services,
      ),
      table(
        'trimestres',
        'Ensemble des services, par trimestre',
        'Trimestre',
        quarters.map((one) => ({ name: quarterCode(one.quarter), figure: one.figure })),
      ),
      table(
        'mois',
        'Ensemble des services, par mois',
        'Mois',
        months.map(({ month, figure }) => ({ name: capital(monthInWords(month)), figure })),
      ),
    ],
  };
}

function table(
  name: string,
  title: string,
  first: string,
  rows: readonly { readonly name: string; readonly figure: PublicFigure }[],
): ExportTable {
  return {
    ...{ name, title },
    columns: [
      column.text(first),
      column.rate('Manquées'),
      column.count('Issues connues'),
      column.count('Personnes'),
      column.rate('Non marquées'),
    ],
    rows: rows.map(({ name: of, figure }): ExportCell[] =>
      figure === null
        ? [of, null, null, null, null]
        : [of, figure.absencePercent / 100, figure.known, figure.persons, figure.unknownPercent / 100],
    ),
    notes: [
      'Taux d’absence = manquées ÷ (honorées + manquées + excusées), issues connues. Chiffres arrondis.',
      'Une ligne vide est masquée : elle reposerait sur moins de 11 personnes, ou permettrait d’en déduire une autre.',
    ],
  };
}
