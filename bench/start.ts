import { freePort } from '../demo/support/free-port.js';
import { waitFor } from '../demo/support/processes.js';
import { answersOk, type Child, memoryOf, start, untilOk } from './support/children.js';
import { median, rounded, spread } from './support/figures.js';
import { type Rig, startRig, startService } from './support/rig.js';

/** From the birth of the process to its first 200, against a bare program with the same packages and pool. */
export async function benchStart({ rounds }: { readonly rounds: number }): Promise<object> {
  const rig = await startRig('postgres');
  try {
    const [ours, bare, memory]: [number[], number[], number[]] = [[], [], []];
    // The first round fills the disk cache and is not counted.
    for (let round = 0; round <= rounds; round++)
      for (const side of round % 2 === 0 ? ['ours', 'bare'] : ['bare', 'ours']) {
        const { ms, rss } = side === 'ours' ? await startOurs(rig) : await startBare(rig);
        process.stdout.write(`${round === 0 ? 'warm-up' : `round ${round}`}, ${side}: ${rounded(ms)} ms\n`);
        if (round > 0) (side === 'ours' ? ours : bare).push(ms);
        if (round > 0 && side === 'ours') memory.push(rss);
      }
    process.stdout.write(`ours: ${spread(ours, 'ms')}\nbare: ${spread(bare, 'ms')}\n`);
    return {
      first_200_ms: rounded(median(ours), 0),
      bare_ms: rounded(median(bare), 0),
      ratio: rounded(median(ours) / median(bare), 3),
      web_rss_mb: rounded(median(memory)),
      worker_rss_mb: rounded(await workerMemory(rig)),
    };
  } finally {
    await rig.stop();
  }
}

async function startOurs(rig: Rig): Promise<{ ms: number; rss: number }> {
  const began = performance.now();
  const { child, url } = await startService(rig, 'web', {});
  return firstAnswer(child, url, began);
}

async function startBare(rig: Rig): Promise<{ ms: number; rss: number }> {
  const port = await freePort();
  const began = performance.now();
  const child = start('bench/start-bare.js', { DATABASE_URL: rig.databaseUrl, PORT: String(port) });
  return firstAnswer(child, `http://127.0.0.1:${port}`, began);
}

async function firstAnswer(child: Child, url: string, began: number): Promise<{ ms: number; rss: number }> {
  try {
    if (!(await waitFor(() => answersOk(`${url}/health/live`), 30_000))) throw new Error('it did not start');
    return { ms: performance.now() - began, rss: memoryOf(child.pid, 'VmRSS') };
  } finally {
    await child.stop();
  }
}

/** Of a worker that has run its first repeated tasks and is idle. */
async function workerMemory(rig: Rig): Promise<number> {
  const { child, url } = await startService(rig, 'worker', {});
  try {
    await untilOk(`${url}/health/ready`, 30_000);
    return memoryOf(child.pid, 'VmRSS');
  } finally {
    await child.stop();
  }
}
