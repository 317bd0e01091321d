import { createHash } from 'node:crypto';
import type { Pack } from 'tar-stream';
import type { Sequence, Table } from './catalogue.js';

/** First entry: what a restore must know before it writes anything. */
export interface About {
  readonly format: 1;
  readonly schemaVersion: string;
  readonly environment: string;
  /** By the clock of the application. */
  readonly createdAt: string;
  readonly tables: readonly Table[];
}

/** One entry of rows, in the text format of COPY; whole rows only. */
export interface Part {
  readonly name: string;
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Last entry: what must have arrived. */
export interface Manifest {
  readonly parts: readonly Part[];
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly sequences: readonly Sequence[];
}

export const ABOUT = 'about.json';
export const MANIFEST = 'manifest.json';
const LINE_END = 10;

/** Rows are held by as much as this while they are cut into entries, whose size tar wants to know beforehand. */
const PART_BYTES = 4 * 1024 * 1024;

/** Resolves when the archive has taken the entry: what writes waits for what reads. */
export function addEntry(pack: Pack, name: string, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    pack.entry({ name, mode: 0o600 }, content, (error) => {
      if (error == null) resolve();
      else reject(error);
    });
  });
}

/** Cuts what COPY writes after whole rows: a line end within a value is written as two characters. */
export async function* wholeRows(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    held.push(chunk);
    size += chunk.length;
    if (size < PART_BYTES) continue;
    const all = Buffer.concat(held);
    const end = all.lastIndexOf(LINE_END) + 1;
    if (end > 0) yield all.subarray(0, end);
    held = [all.subarray(end)];
    size = all.length - end;
  }
  if (size > 0) yield Buffer.concat(held);
}

export function partOf(table: string, number: number, content: Buffer): Part {
  const name = `tables/${table}/${String(number).padStart(6, '0')}.copy`;
  return { name, table, rows: linesOf(content), bytes: content.length, sha256: digest(content) };
}

export function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function linesOf(content: Buffer): number {
  let lines = 0;
  for (let at = content.indexOf(LINE_END); at !== -1; at = content.indexOf(LINE_END, at + 1)) lines += 1;
  return lines;
}
