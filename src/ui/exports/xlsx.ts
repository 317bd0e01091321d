import type { Cell, Workbook, Worksheet } from 'exceljs';
import type { ColumnKind, ExportColumn, ExportFile, ExportTable } from './export-file.js';

const FORMATS: Readonly<Record<ColumnKind, string>> = {
  text: '@',
  count: '#,##0',
  rate: '0.0%',
  points: '+0.0%;-0.0%;0.0%',
  euros: '#,##0.00" €"',
  number: '#,##0.0',
};
/** Sheets of a workbook have at most 31 characters in their name. */
const MOST_NAME = 31;

/** One sheet a table; texts are texts whatever they begin with, so that none is a formula. */
export async function xlsxOf(file: ExportFile): Promise<Buffer> {
  // Loaded when asked for: a worker that only sends messages has no use for it.
  const { default: exceljs } = await import('exceljs');
  const book: Workbook = new exceljs.Workbook();
  book.creator = 'Mon Suivi Justice';
  book.created = file.madeAt;
  book.modified = file.madeAt;
  for (const table of file.tables) writeSheet(book.addWorksheet(table.name.slice(0, MOST_NAME)), file, table);
  return Buffer.from(await book.xlsx.writeBuffer());
}

function writeSheet(sheet: Worksheet, file: ExportFile, table: ExportTable): void {
  text(sheet.getCell(1, 1), `${file.title} – ${table.title}`).font = { bold: true, size: 14 };
  file.lines.forEach((line, at) => text(sheet.getCell(2 + at, 1), line));
  const head = file.lines.length + 3;
  table.columns.forEach(({ label }, at) => (text(sheet.getCell(head, at + 1), label).font = { bold: true }));
  table.rows.forEach((row, y) => {
    row.forEach((value, x) => {
      write(sheet.getCell(head + 1 + y, x + 1), value, table.columns[x]);
    });
  });
  const after = head + table.rows.length + 2;
  table.notes.forEach((note, at) => text(sheet.getCell(after + at, 1), note));
  sheet.views = [{ state: 'frozen', xSplit: 1, ySplit: head }];
  table.columns.forEach(({ label }, at) => (sheet.getColumn(at + 1).width = Math.max(12, label.length + 2)));
}

function write(cell: Cell, value: string | number | null, column: ExportColumn | undefined): void {
  if (value === null) return;
  if (typeof value === 'string') {
    text(cell, value);
    return;
  }
  cell.value = value;
  cell.numFmt = FORMATS[column?.kind ?? 'number'];
}

function text(cell: Cell, words: string): Cell {
  cell.value = words;
  cell.numFmt = FORMATS.text;
  return cell;
}
