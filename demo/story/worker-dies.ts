import { waitFor } from '../support/processes.js';
import { type Player, reminderHour } from './cast.js';
import type { Seen } from './scenes.js';
import type { Stage } from './stage.js';

/** Real milliseconds before the operator answers: long enough to die while it thinks. */
const SLOW = 400;
/** Simulated: past the five minutes after which what a dead worker held is taken back and doubts are decided. */
const TAKEN_BACK_AFTER = 6 * 60_000;

/** Killed while calls are on the line; everybody still gets exactly one text. */
export async function workerDies(stage: Stage, crowd: readonly Player[]): Promise<Seen> {
  const [first] = crowd;
  if (first === undefined) return { ok: false, seen: 'nobody was booked' };
  await stage.operator({ latencyMs: SLOW });
  await stage.moveClock(reminderHour(first) - 1_000);
  const reached = () => reachedOf(stage, crowd);
  const isCalling = await waitFor(async () => (await reached()).length >= 2, 15_000);
  const isBack = await kill(stage);
  const atDeath = (await reached()).length;
  await stage.operator({ latencyMs: 0 });
  await takeBack(stage);
  const open = () =>
    stage.count(
      `message WHERE state IN ('queued', 'sending', 'uncertain') OR (state = 'planned' AND due_at <= app_now())`,
    );
  const isSettled = await waitFor(async () => (await open()) === 0, 30_000);
  const after = await reached();
  const once = after.length === crowd.length && new Set(after).size === crowd.length;
  return {
    ok: isCalling && atDeath < crowd.length && isBack && isSettled && once,
    seen: `${atDeath} of ${crowd.length} taken when it died, ${after.length} in the end, ${await open()} in doubt`,
  };
}

/** Numbers of the crowd, once for each text that the operator took after the summonses. */
async function reachedOf(stage: Stage, crowd: readonly Player[]): Promise<readonly string[]> {
  const numbers = new Set(crowd.map(({ address }) => address));
  return (await stage.texts()).map(({ to }) => to).filter((to) => numbers.has(to));
}

/** @returns true when another worker process has taken its place */
async function kill(stage: Stage): Promise<boolean> {
  const { worker } = stage.demo.children;
  const { pid } = worker;
  if (pid === undefined) return false;
  process.kill(pid, 'SIGKILL');
  return waitFor(() => worker.crashCount > 0 && worker.pid !== undefined && worker.pid !== pid, 10_000);
}

/** The new worker runs its tasks; then the clock passes the moment at which the dead one's messages are taken back. */
async function takeBack(stage: Stage): Promise<void> {
  const start = new Date(await stage.now());
  await waitFor(
    async () => (await stage.count(`task_run WHERE task = 'relay' AND last_run_at > $1`, start)) > 0,
    20_000,
  );
  await stage.moveClock((await stage.now()) + TAKEN_BACK_AFTER, { settled: false });
}
