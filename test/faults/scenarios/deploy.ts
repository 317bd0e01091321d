import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';
import { openOffice } from './office.js';

/** Inside the repository, so that the packages are found. */
const SOURCES = resolve('.data/faults/previous-sources');
const BUILT = resolve('.data/faults/previous');

/** @returns why the release before cannot be had here, or null */
export function previousIsMissing(): string | null {
  return previousCommit() === null ? 'this copy has no history: clone it with git' : null;
}

/** What stood before the newest migration came: the release whose web processes meet a schema they do not know. */
function previousCommit(): string | null {
  try {
    const added = git('log', '-1', '--diff-filter=A', '--format=%H', '--', 'migrations').trim();
    return git('rev-parse', '--verify', `${added}^`).trim();
  } catch {
    return null;
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 28,
  });
}

/** @returns the program of the release before, compiled */
function buildPrevious(): string {
  for (const folder of [SOURCES, BUILT]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(SOURCES, { recursive: true });
  const archive = execFileSync(
    'git',
    ['archive', previousCommit() ?? '', 'src', 'config', 'migrations', '.swcrc'],
    {
      maxBuffer: 2 ** 28,
    },
  );
  execFileSync('tar', ['-x', '-C', SOURCES], { input: archive });
  const swc = resolve('node_modules/.bin/swc');
  const args = [
    'src',
    'config',
    'migrations',
    '-d',
    BUILT,
    '--extensions',
    '.ts,.tsx',
    '--copy-files',
    '--quiet',
  ];
  execFileSync(swc, [...args, '--config-file', resolve(SOURCES, '.swcrc')], {
    cwd: SOURCES,
    stdio: 'ignore',
  });
  return resolve(BUILT, 'src/main.js');
}

/** The web process of the release before goes on booking while this release's worker sends. */
async function bothReleases(rig: Rig): Promise<void> {
  const office = await openOffice(rig, {}, { main: buildPrevious() });
  const worker = await rig.worker();
  for (let booked = 0; booked < 10; booked++)
    equal((await office.book()).status, 201, 'booking by the release before');
  equal((await office.page('/')).status, 200, 'a page of the release before');
  await rig.quiet();
  equal(rig.operator.accepted.length, 10, 'summonses by this release');
  await office.web.stop();
  const next = await rig.web();
  equal((await fetch(`${next.baseUrl}/health/ready`)).status, 200, 'readiness of this release');
  equal((await office.book()).status, 201, 'booking by this release');
  await rig.quiet();
  ensure(worker.isRunning, 'the worker ended');
}

export const DEPLOY: readonly Fault[] = [
  {
    id: 'F30',
    title: 'web of the release before, worker of this one',
    promise: 'both work on the same stores',
    tier: 'slow',
    backends: ['redis'],
    missing: previousIsMissing,
    run: bothReleases,
  },
];
