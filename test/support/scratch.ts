import { accessSync, chmodSync, constants, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Memory as a directory, where the system has one. */
export const MEMORY = '/dev/shm';
/** The databases of a run, their log and their backups at their largest, twice; containers often give 64 MB. */
const ROOM_BYTES = 3 * 1024 ** 3;
/** The run itself, with its browser, and that room; a container may have less memory than its machine. */
const FREE_BYTES = 6 * 1024 ** 3;

/**
 * Where servers of the tests keep what nobody needs afterwards: memory if there is enough, else the usual directory.
 * A cloned database is eight hundred small files, over which a disk takes ten times as long.
 */
export function scratchDirectory(): string {
  return process.availableMemory() >= FREE_BYTES && roomIn(MEMORY) >= ROOM_BYTES ? MEMORY : tmpdir();
}

/** A folder of the running tests, in the directory of their run: whoever sweeps one sweeps the other. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(process.env['TEST_DIRECTORY'] ?? tmpdir(), `${name}-`));
  // PostgreSQL may run as another user.
  chmodSync(folder, 0o755);
  return folder;
}

/** Bytes that may be written there; 0 where nothing may. */
function roomIn(directory: string): number {
  try {
    accessSync(directory, constants.W_OK);
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
