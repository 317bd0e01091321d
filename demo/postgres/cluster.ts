import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Binaries, findBinaries } from './binaries.js';
import { assertReachable, systemUser, type SystemUser } from './system-user.js';

/** Of the three roles; kept beside the cluster. */
export interface Passwords {
  readonly admin: string;
  readonly owner: string;
  readonly application: string;
}

/** A cluster on this machine, made or still to be made. */
export interface Cluster {
  readonly directory: string;
  readonly data: string;
  readonly binaries: Binaries;
  readonly user: SystemUser | undefined;
  readonly passwords: Passwords;
}

/** @throws Error when the directory or the programs cannot be reached by who runs the server */
export function prepareCluster(directory: string): Cluster {
  const binaries = findBinaries();
  const user = systemUser();
  mkdirSync(directory, { recursive: true });
  if (user !== undefined) {
    assertReachable(directory, { ...user });
    assertReachable(resolve(binaries.postgres, '..'), user);
    chownSync(directory, user.uid, user.gid);
  }
  return { directory, data: join(directory, 'data'), binaries, user, passwords: passwords(directory) };
}

function passwords(directory: string): Passwords {
  const file = join(directory, 'passwords.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
  const fresh = () => randomBytes(16).toString('hex');
  const made: Passwords = { admin: fresh(), owner: fresh(), application: fresh() };
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

/** Made beside its final place: an interrupted start leaves no half cluster behind. */
export function initializeCluster(cluster: Cluster): void {
  const fresh = join(cluster.directory, 'data.new');
  const passwordFile = join(cluster.directory, 'password.tmp');
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(passwordFile, cluster.passwords.admin, { mode: 0o600 });
  if (cluster.user !== undefined) chownSync(passwordFile, cluster.user.uid, cluster.user.gid);
  const made = spawnSync(
    cluster.binaries.initdb,
    [
      '-D',
      fresh,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    { ...identity(cluster.user), encoding: 'utf8', cwd: cluster.directory },
  );
  rmSync(passwordFile, { force: true });
  if (made.status !== 0)
    throw new Error(`PostgreSQL could not be set up: ${made.error?.message ?? made.stderr}`);
  renameSync(fresh, cluster.data);
}

/** As whom, and in which surroundings, the programs of PostgreSQL run. */
export function identity(user: SystemUser | undefined): {
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
} {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
  return user === undefined ? { env } : { env, ...user };
}
