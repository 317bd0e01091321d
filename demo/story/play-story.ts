import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningDemo, startDemo } from '../supervisor/start-demo.js';
import { ownDatabase, seedSmallWorld } from './own-world.js';
import type { Sabotage } from './sabotage.js';
import { Stage } from './stage.js';
import { Story } from './story.js';
import { judge, type Verdict } from './verdict.js';

/** Of the caller's variables, those that say where things are; all that is judged is set here. */
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_OPTIONS', 'REDIS_URL'];

type Tell = (line: string) => void;

/**
 * The whole service on real parts and a simulated clock, in a temporary folder and a database of its own, from a
 * booking to an absence rate. Leaves nothing behind, whatever happens. Interrupted, it ends the process with 1.
 */
export async function playStory(chosen: Sabotage | undefined, tell: Tell): Promise<Verdict> {
  const directory = mkdtempSync(join(tmpdir(), 'msj-story-'));
  // PostgreSQL may run as another user.
  chmodSync(directory, 0o755);
  const starting = start(directory, tell);
  const leave = once(async () => {
    // A start that failed has stopped what it had started, and is told elsewhere.
    const demo = await starting.catch(() => undefined);
    await demo?.stop().catch((error: unknown) => tell(`not everything was put away: ${wordsOf(error)}`));
    rmSync(directory, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void leave().finally(() => process.exit(1)));
  try {
    return await playOn(await starting, chosen, tell);
  } catch (error) {
    return broken(error, tell);
  } finally {
    await leave();
  }
}

function start(directory: string, tell: Tell): Promise<RunningDemo> {
  return startDemo({
    port: 0,
    directory,
    env: ownEnvironment(),
    tell,
    database: () => ownDatabase(directory, process.env),
    seed: seedSmallWorld,
  });
}

function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = KEPT.map((name) => [name, process.env[name]] as const);
  const given = kept.filter(([, value]) => value !== undefined && value !== '');
  // Few calls at a time: when the worker dies, some are on the line and others still wait.
  return { ...Object.fromEntries(given), SEND_CONCURRENCY: '4' };
}

async function playOn(demo: RunningDemo, chosen: Sabotage | undefined, tell: Tell): Promise<Verdict> {
  const stage = await Stage.open(demo);
  try {
    return await new Story(stage, chosen, tell).play();
  } finally {
    await stage.close();
  }
}

function broken(error: unknown, tell: Tell): Verdict {
  const seen = wordsOf(error);
  tell(`FAILED  the service runs: ${seen}`);
  return judge([{ name: 'the service runs', ok: false, seen }], {
    sms: 0,
    emails: 0,
    lost: 0,
    duplicated: 0,
  });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
