import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whom PostgreSQL runs as: it refuses root. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

const NAME = 'postgres';

/** Undefined when the present user can run PostgreSQL itself. Creates the user if root lacks one. */
export function systemUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = lookUp() ?? create();
  if (user === undefined)
    throw new Error(
      `PostgreSQL refuses to run as root and the user "${NAME}" could not be created: run as another user`,
    );
  return user;
}

function lookUp(): SystemUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${NAME}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function create(): SystemUser | undefined {
  attempt('groupadd', ['--system', '--force', NAME]);
  attempt('useradd', ['--system', '--gid', NAME, '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  return lookUp();
}

function attempt(program: string, args: readonly string[]): void {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
  } catch {
    // The look-up that follows tells whether it worked.
  }
}

/**
 * Root may go anywhere, the user PostgreSQL runs as may not.
 * @throws Error naming the first folder on the way that stops it
 */
export function assertReachable(path: string, user: SystemUser): void {
  for (const folder of ancestors(path))
    if (!mayEnter(folder, user))
      throw new Error(
        `PostgreSQL refuses to run as root, and the user "${NAME}" it runs as may not enter ${folder}. ` +
          `Move the project (or --data-dir) out of that folder, open it (chmod o+x), or run as an ordinary user.`,
      );
}

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...ancestors(parent), path];
}

function mayEnter(folder: string, user: SystemUser): boolean {
  const { mode, uid, gid } = statSync(folder);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & 1) === 1;
}
