import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BOTH, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';

/** The last commit before this file came is the release before: the file is what this release adds to the schema. */
const FIRST_OF_THIS_RELEASE = 'migrations/1763800000000-engine.ts';
/** Inside the repository, so that the packages are found. */
const SOURCES = resolve('.data/faults/previous-sources');
const BUILT = resolve('.data/faults/previous');

/** @returns why the release before cannot be had here, or null */
export function previousIsMissing(): string | null {
  return previousCommit() === null ? 'this copy has no history: clone it with git' : null;
}

function previousCommit(): string | null {
  try {
    const log = git('log', '--diff-filter=A', '--format=%H', '--', FIRST_OF_THIS_RELEASE).trim().split('\n');
    return git('rev-parse', '--verify', `${log.at(-1) ?? ''}^`).trim();
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

/** Workers of both releases share the work; then the old one is stopped in the middle of it. */
async function bothReleases(rig: Rig): Promise<void> {
  const before = buildPrevious();
  rig.operator.beforeAnswer = () => delay(40);
  const small = { SEND_CONCURRENCY: '3' };
  const old = await rig.worker(small, before);
  await rig.worker(small);
  for (let wave = 0; wave < 3; wave++) {
    const already = rig.operator.accepted.length;
    await rig.plan(60);
    await rig.until('some of the wave', () => rig.operator.accepted.length > already + 10);
  }
  equal(await old.stop(), 0, 'exit code of the release before');
  await rig.plan(60);
  // The release before cannot read jobs of this one: the sweeper brings those back after five minutes.
  await rig.recover(await rig.engine());
  equal(rig.operator.accepted.length, 240, 'texts');
}

export const DEPLOY: readonly Fault[] = [
  {
    id: 'F30',
    title: 'the release before and this one, together',
    promise: 'all sent once, at most five minutes late',
    tier: 'slow',
    backends: BOTH,
    missing: previousIsMissing,
    run: bothReleases,
  },
];
