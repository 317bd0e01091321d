import type { Response } from 'express';
import { ValidationFailed } from '../../shared/domain-error.js';
import { csvRows } from './cells.js';
import { csvOf } from './csv.js';
import { EXPORT_FORMATS, type ExportFile, type ExportFormat } from './export-file.js';
import { type PdfDrawing, pdfOf } from './pdf.js';
import { xlsxOf } from './xlsx.js';

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

/** The format an address asks for. @throws ValidationFailed for another one */
export function formatOf(asked: unknown): ExportFormat {
  const format = EXPORT_FORMATS.find((known) => known === asked);
  if (format !== undefined) return format;
  throw new ValidationFailed([{ field: 'format', code: 'isIn', message: 'csv, xlsx or pdf' }]);
}

/**
 * Answers with the file. A CSV holds one table: the one asked for, otherwise the first; the others hold them all.
 * @param table `name` of a table; unknown: the first
 */
export async function sendExport(
  response: Response,
  file: ExportFile,
  format: ExportFormat,
  asked: { readonly table?: unknown; readonly drawings?: readonly PdfDrawing[] } = {},
): Promise<void> {
  const table = file.tables.find(({ name }) => name === asked.table) ?? file.tables[0];
  const suffix = format === 'csv' && table !== undefined ? `-${table.name}` : '';
  response.set('Content-Type', TYPES[format]);
  response.set('Content-Disposition', `attachment; filename="${file.fileName}${suffix}.${format}"`);
  response.set('Cache-Control', 'private, no-store');
  if (format === 'csv') response.send(table === undefined ? '' : csvOf(csvRows(table)));
  else response.send(format === 'xlsx' ? await xlsxOf(file) : await pdfOf(file, asked.drawings));
}
