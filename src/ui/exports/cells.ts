import { decimal, percent, thousands } from '../typography.js';
import type { ColumnKind, ExportCell, ExportTable } from './export-file.js';

const WORDS: Readonly<Record<ColumnKind, (value: number) => string>> = {
  text: String,
  count: thousands,
  rate: percent,
  points: (value) => `${value > 0 ? '+' : ''}${decimal(value * 100)}`,
  euros: (value) => `${value.toFixed(2).replace('.', ',')}\u00a0€`,
  number: decimal,
};

/** As a reader sees it. */
export function cellInWords(value: ExportCell, kind: ColumnKind): string {
  if (value === null) return '–';
  return typeof value === 'string' ? value : WORDS[kind](value);
}

/** Rows for a spreadsheet by text: rates stay numbers from 0 to 1, what nobody knows stays empty. */
export function csvRows({ columns, rows, notes, title }: ExportTable): (string | number)[][] {
  return [
    columns.map(({ label }) => label),
    ...rows.map((row) => row.map((value) => (typeof value === 'number' ? rounded(value) : (value ?? '')))),
    [],
    [title],
    ...notes.map((note) => [note]),
  ];
}

/** Six decimals: enough to add up again, without the dust of binary fractions. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}
