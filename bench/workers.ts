import { type DispatchOptions, figure, isRight, type Run, tell } from './support/dispatch-run.js';
import { runOurs, startWorkers } from './support/dispatch-sides.js';
import { median, spread } from './support/figures.js';
import { type Rig, startOperator, startRig } from './support/rig.js';

const COUNTS = [1, 2, 4] as const;
/** Messages of each worker before those that count: its processor time for each falls until about then. */
const WARM_UP = 2_000;

export type WorkersOptions = Pick<
  DispatchOptions,
  'count' | 'latency' | 'concurrency' | 'backend' | 'rounds'
> & {
  /** Texts a second that the operator takes from all workers together; absent: not asked. */
  readonly pace?: number;
};
/** Messages of the measured part, in seconds of the pace. */
const PACED_SECONDS = 30;

/**
 * Whether several workers share the load: messages per second of one, two and four of them, each with the same few
 * calls open, in turn; all of them are up before anything is due. Each has as many messages as the others would have
 * alone, and the steady part counts, so that start and tail weigh alike. The limit is arithmetic: calls open divided
 * by the latency of the operator. With a pace, four of them are measured against it as well.
 */
export async function benchWorkers(options: WorkersOptions): Promise<object> {
  const rig = await startRig(options.backend);
  try {
    const { url } = await startOperator(rig, { latencyMs: options.latency, receipts: false });
    const runs = new Map<number, Run[]>(COUNTS.map((workers) => [workers, []]));
    for (let round = 1; round <= options.rounds; round++)
      for (const workers of round % 2 === 0 ? COUNTS : [...COUNTS].reverse()) {
        const run = await runWith(rig, workers, options, url);
        tell(`${workers} workers`, round, run);
        runs.get(workers)?.push(run);
      }
    const paced = options.pace === undefined ? {} : await pacedVerdict(rig, options, options.pace, url);
    return { ...verdict(runs, options), ...paced };
  } finally {
    await rig.stop();
  }
}

async function runWith(rig: Rig, workers: number, options: WorkersOptions, url: string): Promise<Run> {
  const started = await startWorkers(rig, { ...options, workers, receipts: false }, url);
  // Workers run for weeks: the seconds in which their code is compiled are not what is asked.
  await runOurs(rig, { count: WARM_UP * workers, receipts: false }, url, started);
  const run = await runOurs(rig, { count: options.count * workers, receipts: false }, url, started);
  for (const worker of started) await worker.stop();
  return run;
}

/** Four workers that could do more than the operator takes: together they keep to its pace, and reach it. */
async function pacedVerdict(rig: Rig, options: WorkersOptions, pace: number, url: string): Promise<object> {
  const runs: Run[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    const started = await startWorkers(rig, { ...options, workers: 4, receipts: false, pace }, url);
    const count = Math.max(100, Math.round(pace * PACED_SECONDS));
    const run = await runOurs(rig, { count, receipts: false }, url, started);
    for (const worker of started) await worker.stop();
    tell(`4 workers at ${pace}/s`, round, run);
    runs.push(run);
  }
  const reached = median(runs.filter(isRight).map(({ steadyPerSecond }) => steadyPerSecond));
  return {
    pace_per_s: pace,
    four_paced_per_s: figure(reached),
    of_pace: figure(reached / pace, 3),
    paced_lost: runs.reduce((sum, run) => sum + run.lost, 0),
    paced_duplicated: runs.reduce((sum, run) => sum + run.duplicated, 0),
  };
}

function verdict(
  runs: ReadonlyMap<number, readonly Run[]>,
  { concurrency, latency }: WorkersOptions,
): object {
  const steady = (workers: number) =>
    (runs.get(workers) ?? []).filter(isRight).map(({ steadyPerSecond }) => steadyPerSecond);
  for (const workers of COUNTS)
    process.stdout.write(`${workers} workers: ${spread(steady(workers), '/s')}\n`);
  const [one, two, four] = COUNTS.map((workers) => median(steady(workers))) as [number, number, number];
  const all = [...runs.values()].flat();
  return {
    one_per_s: figure(one),
    two_per_s: figure(two),
    four_per_s: figure(four),
    linear_2: figure(two / (2 * one), 3),
    linear_4: figure(four / (4 * one), 3),
    calls_limit_per_s: figure((1000 * concurrency) / latency),
    lost: all.reduce((sum, run) => sum + run.lost, 0),
    duplicated: all.reduce((sum, run) => sum + run.duplicated, 0),
  };
}
