import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../support/processes.js';

export interface ChildOptions {
  /** Shown to the person, and name of the log file. */
  readonly name: string;
  /** Compiled script, absolute. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** A script of the service that reads its programs at once, and works only after `begin`. */
  readonly waits?: boolean;
  /** Told when a process begins, also one that replaces a crashed one. */
  readonly onSpawn: (pid: number) => void;
  /** Told when it ended without being asked. */
  readonly onCrash: (name: string) => void;
}

const RESTART_AFTER_MS = 500;
const RESTART_AT_MOST_AFTER_MS = 10_000;
const WAITING = fileURLToPath(new URL('waiting.js', import.meta.url));

/** A process of the demo, started again when it ends without having been asked. */
export class Child {
  private process: ChildProcess;
  private crashes = 0;
  private lostPort = false;
  private listens = false;
  private stopping = false;
  private timer: NodeJS.Timeout | undefined;
  private waits: boolean;
  /** Bytes of the log that earlier runs wrote. */
  private readonly logBefore: number;

  constructor(private readonly options: ChildOptions) {
    this.logBefore = statSync(options.logFile, { throwIfNoEntry: false })?.size ?? 0;
    this.waits = options.waits ?? false;
    this.process = this.spawn();
  }

  get name(): string {
    return this.options.name;
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Ends the wait of a process that `waits`; those that replace it wait no more. */
  begin(): void {
    this.waits = false;
    if (this.process.connected) this.process.send('begin');
  }

  /** How often it ended without being asked. */
  get crashCount(): number {
    return this.crashes;
  }

  /** The web process ended because another program listens on its port: the others' are not for a person to choose. */
  get hasLostPort(): boolean {
    return this.lostPort;
  }

  /** It runs, and said that it listens if it was made to wait; what replaces a crashed one says nothing. */
  get isServing(): boolean {
    return this.listens && this.isRunning();
  }

  /** SIGTERM, and SIGKILL after `patience` ms. */
  async stop(patience: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    if (!this.isRunning()) return;
    this.process.kill('SIGTERM');
    if (await waitFor(() => !this.isRunning(), patience)) return;
    this.process.kill('SIGKILL');
    await waitFor(() => !this.isRunning(), 5_000);
  }

  /** What it said last, for the sentence that explains a failed start. */
  lastWords(): string {
    try {
      const said = readFileSync(this.options.logFile).toString('utf8', this.logBefore);
      return said.trimEnd().split('\n').slice(-5).join('\n');
    } catch {
      return '';
    }
  }

  private isRunning(): boolean {
    return (
      this.process.pid !== undefined && this.process.exitCode === null && this.process.signalCode === null
    );
  }

  private spawn(): ChildProcess {
    const { script, args = [], env, logFile, onSpawn } = this.options;
    const log = openSync(logFile, 'a', 0o600);
    // A group of its own: Ctrl-C reaches the supervisor only, which stops everything in the right order.
    const child = spawn(process.execPath, [...(this.waits ? [WAITING] : []), script, ...args], {
      env,
      detached: true,
      stdio: ['ignore', log, log, ...(this.waits ? (['ipc'] as const) : [])],
    });
    closeSync(log);
    this.listens = !this.waits;
    child.once('message', () => (this.listens = true));
    if (child.pid !== undefined) onSpawn(child.pid);
    child.once('error', () => this.onEnd());
    child.once('exit', () => this.onEnd());
    return child;
  }

  private onEnd(): void {
    if (this.stopping) return;
    this.crashes += 1;
    this.lostPort ||= this.name === 'web' && this.lastWords().includes('EADDRINUSE');
    this.options.onCrash(this.options.name);
    const wait = Math.min(RESTART_AFTER_MS * 2 ** (this.crashes - 1), RESTART_AT_MOST_AFTER_MS);
    this.timer = setTimeout(() => {
      this.process = this.spawn();
    }, wait);
  }
}
