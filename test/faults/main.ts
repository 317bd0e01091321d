import { parseArgs } from 'node:util';
import type { Fault, NotPlayed } from './fault.js';
import { FAULTS, NOT_PLAYED } from './faults.js';
import { play, type Played } from './play.js';
import { Servers } from './rig/servers.js';
import { table, totals } from './table.js';

const { values } = parseArgs({
  options: {
    slow: { type: 'boolean', default: false },
    only: { type: 'string' },
    backend: { type: 'string' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    list: { type: 'boolean', default: false },
  },
});

const only = values.only?.split(',').map((id) => id.trim().toUpperCase());
const seed = Number(values.seed ?? 1789);
const wanted = FAULTS.filter(({ id, tier }) =>
  only === undefined ? values.slow || tier === 'core' : only.includes(id.toUpperCase()),
);
const chosen = wanted.filter(({ missing }) => (missing?.() ?? null) === null);
const notPlayed: NotPlayed[] = only === undefined ? [...NOT_PLAYED, ...FAULTS.flatMap(reasonOf)] : [];

const REDIS_HALF: NotPlayed = {
  id: '-',
  title: 'every fault with the queue on Redis',
  reason: 'no redis-server on this machine, and no package of it to unpack',
};

function reasonOf({ id, title, tier, missing }: Fault): NotPlayed[] {
  const absent = missing?.() ?? null;
  if (absent !== null) return [{ id, title, reason: absent }];
  return tier === 'slow' && !values.slow ? [{ id, title, reason: 'takes long: `-- --slow`' }] : [];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Faults wait more than they work: two at once fill two processors. */
async function playAll(): Promise<readonly Played[]> {
  const servers = await Servers.start();
  const played: Played[] = [];
  if (servers.redis === null) notPlayed.push(REDIS_HALF);
  const runs = chosen.flatMap((fault) =>
    fault.backends
      .filter((backend) => (values.backend ?? backend) === backend)
      .filter((backend) => backend !== 'redis' || servers.redis !== null)
      .map((backend) => ({ fault, options: { backend, seed, slow: values.slow } })),
  );
  const left = runs.entries();
  const lane = async () => {
    for (const [index, { fault, options }] of left) {
      const one = await play(servers, fault, options);
      played[index] = one;
      tell(one);
    }
  };
  try {
    await Promise.all(Array.from({ length: Number(values.jobs) }, lane));
  } finally {
    await servers.stop();
  }
  return played;
}

function tell({ fault, backend, seconds, notes, wrong }: Played): void {
  const verdict = wrong.length === 0 ? 'ok    ' : 'BROKEN';
  say(`${verdict} ${fault.id.padEnd(4)} ${backend.padEnd(8)} ${seconds.toFixed(1)} s  ${fault.title}`);
  for (const sentence of [...notes, ...wrong]) say(`       ${sentence.replaceAll('\n', '\n       ')}`);
}

if (values.list) {
  for (const { id, tier, title } of FAULTS) say(`${id.padEnd(4)} ${tier}  ${title}`);
  for (const { id, title, reason } of NOT_PLAYED) say(`${id.padEnd(4)} -     ${title}: ${reason}`);
} else {
  say(`seed ${seed}, ${chosen.length} faults`);
  const played = await playAll();
  const sum = totals(played);
  say(`\n${table(played, notPlayed)}\n`);
  say(JSON.stringify(sum));
  process.exit(sum.faults > 0 && sum.passed === sum.faults ? 0 : 1);
}
