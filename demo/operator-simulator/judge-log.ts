import { appendFileSync, createWriteStream, existsSync, readFileSync, type WriteStream } from 'node:fs';
import type { LogEntry, NewEntry } from './types.js';

/** Append-only account of what the operator was asked and did; one JSON object a line when kept in a file. */
export class JudgeLog {
  readonly entries: LogEntry[] = [];
  clockOffsetMs = 0;
  private readonly file: WriteStream | undefined;

  constructor(path: string | undefined) {
    if (path === undefined) return;
    if (existsSync(path)) this.entries.push(...readEntries(path));
    this.file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  }

  append<T extends NewEntry>(entry: T): T & { readonly at: string; readonly simulatedAt?: string } {
    const now = Date.now();
    const at = new Date(now).toISOString();
    const simulated =
      this.clockOffsetMs === 0 ? {} : { simulatedAt: new Date(now + this.clockOffsetMs).toISOString() };
    const stamped = { ...entry, at, ...simulated };
    this.entries.push(stamped);
    this.file?.write(`${JSON.stringify(stamped)}\n`);
    return stamped;
  }

  close(): Promise<void> {
    return new Promise((resolve) => (this.file === undefined ? resolve() : this.file.end(() => resolve())));
  }
}

/** A line cut short by a kill is dropped, and the file goes on below it. */
function readEntries(path: string): LogEntry[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  if (lines.at(-1) !== '') appendFileSync(path, '\n');
  return lines.flatMap(parseLine);
}

function parseLine(line: string): LogEntry[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as LogEntry];
  } catch {
    return [];
  }
}
