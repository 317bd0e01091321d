/** Signs by which a spreadsheet takes a cell for a formula, also behind spaces or in full width. */
const FORMULA = /(^|\n)[^\S\n]*[=+\-@\t\r＝＋－＠]/u;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * A table for French spreadsheets: UTF-8 with its mark, semicolons, decimal commas. A text that could be taken for
 * a formula is preceded by an apostrophe.
 */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(cell).join(';')}\r\n`).join('');
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value).replace('.', ',');
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
