import { parseArgs } from 'node:util';
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
    list: { type: 'boolean', default: false },
  },
});

const only = values.only?.split(',').map((id) => id.trim().toUpperCase());
const seed = Number(values.seed ?? 1789);
const chosen = FAULTS.filter(({ id, tier }) =>
  only === undefined ? values.slow || tier === 'core' : only.includes(id.toUpperCase()),
);
const left = FAULTS.filter(
  ({ id, tier }) => only === undefined && !values.slow && tier === 'slow' && !isChosen(id),
);
const notPlayed = [
  ...NOT_PLAYED,
  ...left.map(({ id, title }) => ({ id, title, reason: 'takes long: `-- --slow`' })),
];

function isChosen(id: string): boolean {
  return chosen.some((fault) => fault.id === id);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function playAll(): Promise<readonly Played[]> {
  const servers = await Servers.start();
  const played: Played[] = [];
  try {
    for (const fault of chosen)
      for (const backend of fault.backends.filter((kind) => (values.backend ?? kind) === kind)) {
        const one = await play(servers, fault, { backend, seed, slow: values.slow });
        played.push(one);
        say(
          `${one.wrong.length === 0 ? 'ok    ' : 'BROKEN'} ${fault.id.padEnd(4)} ${backend.padEnd(8)} ${one.seconds.toFixed(1)} s  ${fault.title}`,
        );
        for (const sentence of [...one.notes, ...one.wrong])
          say(`       ${sentence.replaceAll('\n', '\n       ')}`);
      }
  } finally {
    await servers.stop();
  }
  return played;
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
