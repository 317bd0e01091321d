import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endProcess, waitFor } from '../../demo/support/processes.js';

/** Compiled programs lie beside this one. */
export const DIST = resolve(import.meta.dirname, '../..');

export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** A program of this build as a process of its own; what it writes to stderr is shown. */
export function start(script: string, env: NodeJS.ProcessEnv, args: readonly string[] = []): Child {
  const child = spawn(process.execPath, [join(DIST, script), ...args], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const pid = child.pid ?? 0;
  return { pid, process: child, stop: () => endProcess(pid, 'SIGTERM', 25_000) };
}

/** The first line of its output that `pattern` matches; its first group. @throws when it does not come within 20 s */
export function lineOf(child: Child, pattern: RegExp): Promise<string> {
  return new Promise((found, failed) => {
    let text = '';
    const timer = setTimeout(() => failed(new Error(`no line like ${String(pattern)}`)), 20_000);
    child.process.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = pattern.exec(text);
      if (match === null) return;
      clearTimeout(timer);
      found(match[1] ?? '');
    });
  });
}

/** @throws when the address does not answer 200 in time */
export async function untilOk(url: string, patienceMs: number): Promise<void> {
  if (!(await waitFor(() => answersOk(url), patienceMs))) throw new Error(`${url} does not answer 200`);
}

export async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status === 200;
  } catch {
    return false;
  }
}

/** Memory of a process in MiB: now (`VmRSS`) or at its highest (`VmHWM`). Linux only, NaN elsewhere. */
export function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
