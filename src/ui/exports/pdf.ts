import { cellInWords } from './cells.js';
import type { ExportFile, ExportTable } from './export-file.js';

type Document = PDFKit.PDFDocument;

const MARGIN = 48;
const INK = '#1a1a1a';
const MUTED = '#555555';

/** A drawing of straight lines, in points from its own upper left corner. */
export interface PdfDrawing {
  readonly title: string;
  /** What it shows, for who does not see it. */
  readonly description: string;
  readonly height: number;
  readonly draw: (document: Document, box: { x: number; y: number; width: number }) => void;
}

/** A report: the words above, then drawings, then tables with their notes; tagged, so that it can be read aloud. */
export async function pdfOf(file: ExportFile, drawings: readonly PdfDrawing[] = []): Promise<Buffer> {
  // Loaded when asked for: a worker that only sends messages has no use for it.
  const { default: PdfDocument } = await import('pdfkit');
  const document = new PdfDocument({
    size: 'A4',
    margin: MARGIN,
    lang: 'fr-FR',
    tagged: true,
    displayTitle: true,
    pdfVersion: '1.7',
    bufferPages: true,
    info: { Title: plain(file.title), Author: 'Mon Suivi Justice', CreationDate: file.madeAt },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    document.on('error', reject);
  });
  write(document, file, drawings);
  document.end();
  return done;
}

function write(document: Document, file: ExportFile, drawings: readonly PdfDrawing[]): void {
  const root = document.struct('Document');
  document.addStructure(root);
  const say = (tag: 'H1' | 'H2' | 'P', words: string, size: number, color = INK) => {
    root.add(
      document.struct(tag, {}, () => {
        document
          .font(tag === 'P' ? 'Helvetica' : 'Helvetica-Bold')
          .fontSize(size)
          .fillColor(color)
          .text(plain(words), MARGIN, document.y, { width: document.page.width - 2 * MARGIN });
        document.moveDown(0.4);
      }),
    );
  };
  say('H1', file.title, 18);
  for (const line of file.lines) say('P', line, 10);
  for (const drawing of drawings) {
    keepTogether(document, drawing.height + 60);
    say('H2', drawing.title, 13);
    const { x, y } = { x: MARGIN, y: document.y };
    root.add(
      document.struct('Figure', { alt: plain(drawing.description) }, () => {
        drawing.draw(document, { x, y, width: document.page.width - 2 * MARGIN });
      }),
    );
    document.x = MARGIN;
    document.y = y + drawing.height + 12;
    say('P', drawing.description, 9, MUTED);
  }
  for (const table of file.tables) {
    keepTogether(document, 120);
    say('H2', table.title, 13);
    writeTable(document, table, root);
    document.moveDown(0.6);
    for (const note of table.notes) say('P', note, 9, MUTED);
    document.moveDown(0.6);
  }
  root.end();
  numberPages(document, file);
}

function keepTogether(document: Document, height: number): void {
  if (document.y + height > document.page.height - MARGIN) document.addPage();
}

function writeTable(document: Document, table: ExportTable, root: PDFKit.PDFStructureElement): void {
  const kinds = table.columns.map(({ kind }) => kind);
  const align = (at: number) => ({ x: kinds[at] === 'text' ? ('left' as const) : ('right' as const) });
  document.x = MARGIN;
  document
    .font('Helvetica')
    .fontSize(8.5)
    .fillColor(INK)
    .table({
      structParent: root,
      defaultStyle: { border: [0, 0, 0.5, 0], borderColor: '#999999', padding: 3 },
      columnStyles: widthsOf(table, document.page.width - 2 * MARGIN),
      data: [
        table.columns.map(({ label }, at) => ({
          text: plain(label),
          type: 'TH' as const,
          font: { src: 'Helvetica-Bold' },
          align: align(at),
        })),
        ...table.rows.map((row) =>
          row.map((value, at) => ({
            text: plain(cellInWords(value, kinds[at] ?? 'text')),
            type: at === 0 ? ('TH' as const) : ('TD' as const),
            align: align(at),
          })),
        ),
      ],
    } as PDFKit.Mixins.TableOptionsWithData);
}

/** In points: shared by the length of what stands in each column, within bounds. */
function widthsOf(table: ExportTable, whole: number): number[] {
  const lengths = table.columns.map(({ label, kind }, at) => {
    const longest = Math.max(...table.rows.map((row) => cellInWords(row[at] ?? null, kind).length), 0);
    const word = Math.max(...label.split(/\s/).map(({ length }) => length));
    return Math.min(40, Math.max(longest, word, 6));
  });
  const sum = lengths.reduce((total, length) => total + length, 0);
  return lengths.map((length) => (whole * length) / sum);
}

function numberPages(document: Document, { title }: ExportFile): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    document.switchToPage(page);
    const { bottom } = document.page.margins;
    // Below the margin: left at its height, the line would ask for a page of its own.
    document.page.margins.bottom = 0;
    document
      .font('Helvetica')
      .fontSize(8)
      .fillColor(MUTED)
      .text(plain(`${title} – page ${page + 1} sur ${count}`), MARGIN, document.page.height - 32, {
        lineBreak: false,
      });
    document.page.margins.bottom = bottom;
  }
}

/** The letters that the built-in faces have (Windows-1252): others become their nearest neighbour. */
export function plain(words: string): string {
  return words
    .replaceAll('\u202f', '\u00a0')
    .replaceAll('\u2212', '-')
    .replaceAll('\u2011', '-')
    .replaceAll('≥', '>=')
    .replaceAll('≤', '<=')
    .replaceAll('→', '>')
    .normalize('NFC')
    .replaceAll(/[^\n\u0020-\u007e\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/gu, '?');
}
