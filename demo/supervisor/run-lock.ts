import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { commandLine, endProcess, isAlive } from '../support/processes.js';

interface Known {
  readonly pid: number;
  /** Its script: a number alone may have gone to another program since. */
  readonly script: string;
}

interface Content {
  readonly supervisor: Known;
  readonly children: readonly Known[];
}

/** One demo for each folder; knows the processes of a run that was killed, and ends them. */
export class RunLock {
  private readonly file: string;
  private children: Known[] = [];

  constructor(directory: string) {
    this.file = join(directory, 'demo.pid');
  }

  /** @throws Error when a demo is running on this folder */
  async take(): Promise<void> {
    const before = this.read();
    if (before !== undefined && isStill(before.supervisor))
      throw new Error(
        `A demo is already running on this folder (process ${before.supervisor.pid}). ` +
          'Stop it, or choose another folder with --data-dir.',
      );
    for (const child of before?.children ?? [])
      if (isStill(child)) await endProcess(child.pid, 'SIGTERM', 10_000);
    this.write();
  }

  add(pid: number, script: string): void {
    this.children = [...this.children.filter((child) => isAlive(child.pid)), { pid, script }];
    this.write();
  }

  release(): void {
    rmSync(this.file, { force: true });
  }

  private read(): Content | undefined {
    if (!existsSync(this.file)) return undefined;
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Content;
    } catch {
      // Cut short by a kill: it knew nobody yet.
      return undefined;
    }
  }

  private write(): void {
    const supervisor = { pid: process.pid, script: process.argv[1] ?? '' };
    writeFileSync(this.file, JSON.stringify({ supervisor, children: this.children } satisfies Content));
  }
}

function isStill({ pid, script }: Known): boolean {
  if (pid === process.pid || !isAlive(pid)) return false;
  const tail = join(basename(dirname(script)), basename(script));
  return script !== '' && commandLine(pid).includes(tail);
}
