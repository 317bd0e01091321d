import { memoryOf } from './support/children.js';
import {
  type DispatchOptions,
  figure,
  isRight,
  rightOnes,
  type Run,
  type Side,
  tell,
} from './support/dispatch-run.js';
import { runOurs, startLimit, startWorkers } from './support/dispatch-sides.js';
import { median, spread } from './support/figures.js';
import { startNaive } from './support/naive-side.js';
import { startOperator, startRig } from './support/rig.js';

/** A quarter of a small machine's memory, as the README asks of a real one. */
const SHARED_BUFFERS = '512MB';
const SIDES = ['ours', 'limit', 'naive'] as const;
type SideName = (typeof SIDES)[number];

/**
 * Messages per second of a batch that falls due at once, until the operator has them all and what it answered is
 * written; against a bare loop on the same queue, which writes nothing, and against the way of the neighbours.
 */
export async function benchDispatch(options: DispatchOptions): Promise<object> {
  const rig = await startRig(options.backend, SHARED_BUFFERS);
  try {
    const operator = await startOperator(rig, { latencyMs: options.latency, receipts: options.receipts });
    const workers = await startWorkers(rig, options, operator.url);
    const naive = await startNaive(rig, options, operator.url);
    const sides: Readonly<Record<SideName, Side>> = {
      ours: { run: () => runOurs(rig, options, operator.url, workers) },
      limit: await startLimit(rig, options, operator.url),
      naive,
    };
    const runs = await interleaved(sides, options.rounds);
    return verdict(runs, {
      ours: Math.max(...workers.map(({ pid }) => memoryOf(pid, 'VmHWM'))),
      naive: naive.memoryMb(),
    });
  } finally {
    await rig.stop();
  }
}

/** The first round warms all of them up and is not counted; each round begins with another one. */
async function interleaved(
  sides: Readonly<Record<SideName, Side>>,
  rounds: number,
): Promise<Record<SideName, Run[]>> {
  const runs: Record<SideName, Run[]> = { ours: [], limit: [], naive: [] };
  for (let round = 0; round <= rounds; round++)
    for (let turn = 0; turn < SIDES.length; turn++) {
      const name = SIDES[(round + turn) % SIDES.length] ?? 'ours';
      const run = await sides[name].run(round);
      tell(name, round, run);
      if (round > 0) runs[name].push(run);
    }
  return runs;
}

function verdict(
  runs: Readonly<Record<SideName, readonly Run[]>>,
  memory: { readonly ours: number; readonly naive: number },
): object {
  const [ours, limit, naive] = SIDES.map((name) => rightOnes(runs[name])) as [number[], number[], number[]];
  for (const [name, figures] of Object.entries({ ours, limit, naive }))
    if (figures.length > 0) process.stdout.write(`${name}: ${spread(figures, '/s')}\n`);
  return {
    ours_per_s: figure(median(ours)),
    limit_per_s: figure(median(limit)),
    ratio: figure(median(ours) / median(limit), 3),
    naive_per_s: figure(median(naive)),
    ours_calls_per_s: figure(median(rightOnes(runs.ours, 'callsPerSecond'))),
    naive_calls_per_s: figure(median(rightOnes(runs.naive, 'callsPerSecond'))),
    naive_rss_mb: figure(memory.naive),
    rss_mb: figure(memory.ours),
    lost: runs.ours.reduce((sum, run) => sum + run.lost, 0),
    duplicated: runs.ours.reduce((sum, run) => sum + run.duplicated, 0),
    unconfirmed: runs.ours.reduce((sum, run) => sum + run.unconfirmed, 0),
    late_p99_ms: figure(median(runs.ours.filter(isRight).map(({ lateP99Ms }) => lateP99Ms)), 0),
    rss_by_tenth_mb: runs.ours.at(-1)?.memoryMb ?? [],
  };
}
