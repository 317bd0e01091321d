import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { answersOk } from '../../../bench/support/children.js';
import { waitFor } from '../../../demo/support/processes.js';

const MAIN = resolve(import.meta.dirname, '../../../src/main.js');
/** A machine whose processors are taken may need long. */
const STARTED_WITHIN_MS = 60_000;

export interface Special {
  /** Another build than this one. */
  readonly main?: string;
  /** A file descriptor instead of a pipe. */
  readonly stdout?: number;
}

/** The built program in a process of its own, alone with its environment. */
export class ServiceProcess {
  output = '';
  readonly pid: number;
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown[]>;

  constructor(
    env: Readonly<Record<string, string>>,
    readonly baseUrl: string,
    { main = MAIN, stdout }: Special = {},
  ) {
    this.child = spawn(process.execPath, [main], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
    });
    this.pid = this.child.pid ?? 0;
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = once(this.child, 'exit');
  }

  /** @throws with its output when it ends instead of answering */
  async started(): Promise<this> {
    await waitFor(
      async () => !this.isRunning || (await answersOk(`${this.baseUrl}/health/live`)),
      STARTED_WITHIN_MS,
    );
    if (!this.isRunning) throw new Error(`the process ended at its start:\n${this.output.slice(-500)}`);
    return this;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Answers the signal that ended it, or its exit code. */
  async end(patienceMs = 60_000): Promise<string | number> {
    if (!(await waitFor(() => !this.isRunning, patienceMs)))
      throw new Error(`the process still runs after ${patienceMs / 1000} s`);
    const [code, signal] = (await this.ended) as [number | null, NodeJS.Signals | null];
    return signal ?? code ?? -1;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.child.kill(signal);
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<string | number> {
    this.signal(signal);
    return this.end();
  }

  /** Seconds of processor time used so far; NaN where the system does not tell. */
  get processorSeconds(): number {
    try {
      const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      return Number.NaN;
    }
  }
}
