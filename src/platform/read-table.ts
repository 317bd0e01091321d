import { parse } from 'csv-parse/sync';
import type { TableLine, TableText } from '../shared/table-text.js';

/** Characters: a longer line is no table for people. */
const LONGEST_LINE = 10_000;

/**
 * What a file of a French office holds: UTF-8 with or without its mark, UTF-16 with it, else Windows-1252.
 * @returns undefined when it holds NUL characters: no text at all
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const text = decode(bytes).replace(/^\ufeff/, '');
  return text.includes('\0') ? undefined : text;
}

/**
 * Cells apart by semicolons, commas or tabulations, whichever the first line has most of.
 * @param mostLines a longer file is broken; none: any length
 */
export function readTable(text: string, mostLines?: number): TableText {
  const records: TableLine[] = [];
  try {
    const found = parse(text, {
      delimiter: delimiterOf(text),
      info: true,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LONGEST_LINE,
      to: mostLines === undefined ? -1 : mostLines + 1,
    }) as unknown as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[];
    // A cell between quotes may go over several lines: the number is that of its last one.
    for (const { record, info } of found) records.push({ number: info.lines, cells: record });
  } catch (error) {
    return { kind: 'broken', ...faultOf(error) };
  }
  if (mostLines !== undefined && records.length > mostLines)
    return { kind: 'broken', line: mostLines + 1, reason: 'too-many' };
  return { kind: 'lines', lines: records.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')) };
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function delimiterOf(text: string): string {
  const header = text.replace(/^\s+/, '').split(/\r?\n|\r/, 1)[0] ?? '';
  const counts = [';', ',', '\t'].map((sign) => ({ sign, count: header.split(sign).length }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).sign;
}

function faultOf(error: unknown): { line: number; reason: 'quotes' | 'too-long' } {
  const { code, lines } = error as { code?: unknown; lines?: unknown };
  return {
    line: typeof lines === 'number' ? lines : 1,
    reason: code === 'CSV_MAX_RECORD_SIZE' ? 'too-long' : 'quotes',
  };
}
