import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, endProcess, isAlive } from '../support/processes.js';

/**
 * A killed run leaves its PostgreSQL behind, or only its lock file.
 * Stops the first, removes the second when the number now belongs to somebody else.
 */
export async function clearStaleServer(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return;
  if (isServerOf(pid, data)) await endProcess(pid, 'SIGINT', 20_000);
  else rmSync(lock, { force: true });
}

function isServerOf(pid: number, data: string): boolean {
  return commandLine(pid).includes(data) && ownsSocket(pid);
}

/** `postgres -D data …` is the server itself; its own children carry other titles. */
function ownsSocket(pid: number): boolean {
  if (process.platform === 'linux') return true;
  try {
    return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).includes('postgres');
  } catch {
    return false;
  }
}
