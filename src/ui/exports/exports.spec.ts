import exceljs from 'exceljs';
import fc from 'fast-check';
import { textOfPdf } from '../../../test/support/pdf-text.js';
import { csvRows } from './cells.js';
import type { ExportFile, ExportTable } from './export-file.js';
import { pdfOf, plain } from './pdf.js';
import { xlsxOf } from './xlsx.js';

const months: ExportTable = {
  name: 'mois',
  title: 'Taux d’absence par mois',
  columns: [
    { label: 'Mois', kind: 'text' },
    { label: 'Manquées', kind: 'count' },
    { label: 'Taux', kind: 'rate' },
    { label: 'Écart', kind: 'points' },
  ],
  rows: [
    ['=HYPERLINK("http://evil.example")', 1463, 0.2233, -0.079],
    ['août 2025', 0, null, null],
  ],
  notes: ['Les annulées sont comptées à part.'],
};
const file: ExportFile = {
  fileName: 'absence',
  title: 'Absence, SPIP 92 Nanterre',
  lines: ['Juin 2024 à mai 2026'],
  tables: [months],
  madeAt: new Date('2026-06-09T08:00:00Z'),
};

async function sheetOf(made: ExportFile) {
  const book = new exceljs.Workbook();
  await book.xlsx.load((await xlsxOf(made)) as unknown as Parameters<typeof book.xlsx.load>[0]);
  const sheet = book.worksheets[0];
  if (sheet === undefined) throw new Error('no sheet');
  return sheet;
}

describe('the workbook', () => {
  it('keeps figures as figures, and takes no text for a formula', async () => {
    const sheet = await sheetOf(file);
    const row = sheet.getRow(5);
    expect(row.getCell(1)).toMatchObject({ type: exceljs.ValueType.String, value: months.rows[0]?.[0] });
    expect([2, 3, 4].map((at) => row.getCell(at).value)).toEqual([1463, 0.2233, -0.079]);
    expect(row.getCell(3).numFmt).toBe('0.0%');
    expect(sheet.getRow(6).getCell(3).value).toBeNull();
  });

  it('keeps any text as it is', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    // A workbook is XML 1.0, which has no place for control characters.
    const kept = text.filter(
      (words) => !/\p{Cc}|\p{Cs}|[\ufffe\uffff]/u.test(words) && words.trim() === words,
    );
    await fc.assert(
      fc.asyncProperty(kept, async (words) => {
        const sheet = await sheetOf({ ...file, tables: [{ ...months, rows: [[words, 1, 0.5, 0]] }] });
        expect(sheet.getRow(5).getCell(1)).toMatchObject({ type: exceljs.ValueType.String, value: words });
      }),
      { numRuns: 30 },
    );
  });
});

describe('the report', () => {
  it('says the words, the figures and the notes, and can be read aloud', async () => {
    const pdf = await pdfOf(file);
    const words = textOfPdf(pdf).replaceAll('\u00a0', ' ');
    for (const said of [
      'Absence, SPIP 92 Nanterre',
      'août 2025',
      '1 463',
      '22,3 %',
      '-7,9',
      'comptées à part',
      'page 1 sur 1',
    ])
      expect(words).toContain(said);
    expect(pdf.toString('latin1')).toMatch(/\/StructTreeRoot/);
    expect(pdf.toString('latin1')).toContain('/Lang (fr-FR)');
  });

  it('goes on over as many pages as it needs', async () => {
    const rows = Array.from({ length: 120 }, (_, at) => [`ligne ${at}`, at, 0.1, 0]);
    const words = textOfPdf(await pdfOf({ ...file, tables: [{ ...months, rows }] }));
    expect(words).toContain('ligne 119');
    expect(words).toMatch(/page 3 sur \d/);
  });

  it('writes only letters that its faces have', () => {
    expect(plain('L’été − 3 ≥ 2 à 9\u202fh : « œuvre » 日')).toBe('L’été - 3 >= 2 à 9\u00a0h : « œuvre » ?');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plain(plain(text))).toBe(plain(text));
      }),
    );
  });
});

it('leaves in a table by text what nobody knows empty, never zero', () => {
  expect(csvRows(months).slice(0, 3)).toEqual([
    ['Mois', 'Manquées', 'Taux', 'Écart'],
    ['=HYPERLINK("http://evil.example")', 1463, 0.2233, -0.079],
    ['août 2025', 0, '', ''],
  ]);
});
