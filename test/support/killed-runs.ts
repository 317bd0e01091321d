import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearStaleServer } from '../../demo/postgres/stale-server.js';
import { isAlive } from '../../demo/support/processes.js';
import { MEMORY, scratchDirectory } from './scratch.js';

const PREFIX = 'msj-test-';
/** Folders between the directory of a run and that of a story played in it. */
const DEPTH = 2;

/** All that a run keeps, with the sign of who runs it. */
export function newRunDirectory(): string {
  const directory = mkdtempSync(join(scratchDirectory(), PREFIX));
  // PostgreSQL may run as another user.
  chmodSync(directory, 0o755);
  writeFileSync(join(directory, 'runner.pid'), String(process.pid));
  return directory;
}

/** A run that was killed leaves its files and its servers behind, wherever there was room for them at its start. */
export async function sweepKilledRuns(): Promise<void> {
  for (const directory of [tmpdir(), MEMORY].filter(existsSync).flatMap(runsIn)) {
    if (isAlive(runnerOf(directory))) continue;
    for (const server of serversIn(directory, DEPTH)) await clearStaleServer(join(server, 'data'));
    rmSync(directory, { recursive: true, force: true });
  }
}

function runsIn(parent: string): string[] {
  return readdirSync(parent)
    .filter((entry) => entry.startsWith(PREFIX))
    .map((entry) => join(parent, entry));
}

/** Of the run itself, and of each demo and story that it played. */
function serversIn(directory: string, depth: number): string[] {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => {
    const path = join(directory, name);
    if (name === 'postgres') return [path];
    return depth === 0 ? [] : serversIn(path, depth - 1);
  });
}

function runnerOf(directory: string): number {
  try {
    return Number(readFileSync(join(directory, 'runner.pid'), 'utf8'));
  } catch {
    // Being made at this very moment by another run, or not ours: left alone.
    return process.pid;
  }
}
