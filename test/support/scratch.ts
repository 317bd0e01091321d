import { accessSync, constants, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';

/** Memory as a directory, where the system has one. */
const MEMORY = '/dev/shm';
/** The databases of a run, their log and their backups at their largest, twice; containers often give 64 MB. */
const ROOM_BYTES = 3 * 1024 ** 3;
/** The run itself, with its browser, and that room. */
const FREE_BYTES = 6 * 1024 ** 3;

/**
 * Where servers of the tests keep what nobody needs afterwards: memory if there is enough, else the usual directory.
 * A cloned database is eight hundred small files, over which a disk takes ten times as long.
 */
export function scratchDirectory(): string {
  return freemem() >= FREE_BYTES && roomIn(MEMORY) >= ROOM_BYTES ? MEMORY : tmpdir();
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
