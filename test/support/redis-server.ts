import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../demo/support/free-port.js';
import { waitFor } from '../../demo/support/processes.js';

export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

interface Program {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
}

const TOOLS = resolve('.data/tools/redis');

/**
 * `REDIS_URL`, else `redis-server` of the PATH, else the distribution's package unpacked without root.
 * @returns null when the machine has none and cannot get one
 */
export async function startRedis(directory: string): Promise<RedisServer | null> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: async () => undefined };
  const program = findProgram();
  return program === null ? null : launch(program, directory);
}

function findProgram(): Program | null {
  const onPath: Program = { path: 'redis-server', env: process.env };
  if (runs(onPath)) return onPath;
  const unpacked: Program = {
    path: join(TOOLS, 'usr/bin/redis-server'),
    env: { ...process.env, LD_LIBRARY_PATH: libraryFolders().join(':') },
  };
  if (runs(unpacked)) return unpacked;
  if (!unpack()) return null;
  const again = { ...unpacked, env: { ...process.env, LD_LIBRARY_PATH: libraryFolders().join(':') } };
  return runs(again) ? again : null;
}

function runs(program: Program): boolean {
  return spawnSync(program.path, ['--version'], { env: program.env, stdio: 'ignore' }).status === 0;
}

function libraryFolders(): string[] {
  const root = join(TOOLS, 'usr/lib');
  if (!existsSync(root)) return [];
  return [
    root,
    ...readdirSync(root, { withFileTypes: true })
      .filter((e) => e.isDirectory())
      .map((e) => join(root, e.name)),
  ];
}

/** Debian and Ubuntu: the packages the server needs and the machine lacks, fetched and unpacked, not installed. */
function unpack(): boolean {
  if (spawnSync('dpkg', ['--version'], { stdio: 'ignore' }).status !== 0) return false;
  mkdirSync(join(TOOLS, 'lists/partial'), { recursive: true });
  return fetchPackages([]) || fetchPackages(ownLists());
}

/** A machine whose package lists are empty, and a user who may not fill them: lists of our own. */
function ownLists(): string[] {
  const options = ['-o', `Dir::State::Lists=${join(TOOLS, 'lists')}`];
  spawnSync('apt-get', [...options, 'update'], { stdio: 'ignore' });
  return options;
}

function fetchPackages(options: readonly string[]): boolean {
  const wanted = ['install', '--print-uris', '-qq', '-y', '--no-install-recommends', 'redis-server'];
  // A cache of our own: what apt already holds in its own would not be listed.
  const cache = ['-o', `Dir::Cache::archives=${join(TOOLS, 'lists')}`];
  const listed = spawnSync('apt-get', [...options, ...cache, ...wanted], { encoding: 'utf8' });
  if (listed.status !== 0) return false;
  const names = [...listed.stdout.matchAll(/^'\S+' ([^_\s]+)_/gm)].map((match) => match[1] ?? '');
  if (names.length === 0) return false;
  spawnSync('apt-get', [...options, 'download', ...names], { cwd: TOOLS, stdio: 'ignore' });
  const archives = readdirSync(TOOLS).filter((file) => file.endsWith('.deb'));
  for (const archive of archives) {
    spawnSync('dpkg', ['-x', join(TOOLS, archive), TOOLS], { stdio: 'ignore' });
    rmSync(join(TOOLS, archive), { force: true });
  }
  return archives.length > 0;
}

async function launch(program: Program, directory: string): Promise<RedisServer> {
  mkdirSync(directory, { recursive: true });
  const port = await freePort();
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--maxmemory-policy',
    'noeviction',
    '--databases',
    '64',
  ];
  const child = spawn(program.path, args, { env: program.env, stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  if (!(await waitFor(() => answers(url), 60_000)))
    throw new Error('redis-server was found but does not answer');
  return { url, stop: () => end(child) };
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  if (!(await waitFor(() => child.exitCode !== null || child.signalCode !== null, 5_000)))
    child.kill('SIGKILL');
}
