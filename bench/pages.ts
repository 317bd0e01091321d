import autocannon from 'autocannon';
import { freePort } from '../demo/support/free-port.js';
import { type MeasuredPage, pagesOf, VOLUME } from './pages/world.js';
import { StatementCounter } from './pages/statement-counter.js';
import { start, untilOk } from './support/children.js';
import { median, percentile, rounded, spread } from './support/figures.js';
import { type Rig, startRig, startService } from './support/rig.js';

export interface PagesOptions {
  /** Of load on each page, all rounds together. */
  readonly seconds: number;
  readonly rounds: number;
}

/** Of one page or of the limit. */
export interface PageFigures {
  readonly rps: number;
  readonly p95_ms: number;
  /** Statements of one request, those of session and journal included. */
  readonly queries: number;
}

/** Requests open at once: a busy hour of a large service, seen by one process. */
const CONNECTIONS = 4;
/** A page that asks more than this is told: its cost grows with the network between service and database. */
const BUDGET = 8;
/** Requests of each page counted, after one that fills what is kept in memory. */
const COUNTED = 5;

const LIMIT = 'limit';

/**
 * The main pages under load, each in turn, and a bare page on the same pool after every third of them; the statements
 * of each are counted apart, by another process of the service.
 */
export async function benchPages(options: PagesOptions): Promise<Record<string, PageFigures>> {
  const rig = await startRig('postgres');
  try {
    const pages = await pagesOf(rig);
    process.stdout.write(`seeded ${VOLUME.persons} persons, ${VOLUME.convocations} convocations\n`);
    const queries = await countStatements(rig, pages);
    const measured = await measure(rig, pages, options);
    return Object.fromEntries(
      [...measured].map(([name, runs]) => [name, figures(name, runs, queries.get(name) ?? 1)]),
    );
  } finally {
    await rig.stop();
  }
}

interface Run {
  readonly rps: number;
  readonly times: readonly number[];
}

function figures(name: string, runs: readonly Run[], queries: number): PageFigures {
  const rps = runs.map((run) => run.rps);
  const p95 = percentile(
    runs.flatMap(({ times }) => times),
    0.95,
  );
  const note = queries > BUDGET ? `, above the budget of ${BUDGET}` : '';
  process.stdout.write(
    `${name}: ${spread(rps, '/s')}, p95 ${p95.toFixed(1)} ms, ${queries} statements${note}\n`,
  );
  return { rps: rounded(median(rps)), p95_ms: rounded(p95), queries };
}

async function measure(
  rig: Rig,
  pages: readonly MeasuredPage[],
  { seconds, rounds }: PagesOptions,
): Promise<ReadonlyMap<string, readonly Run[]>> {
  const { child, url } = await startService(rig, 'web', {});
  rig.keep(child);
  await untilOk(`${url}/health/live`, 30_000);
  const bareUrl = await startBare(rig);
  const bare: MeasuredPage = { name: LIMIT, path: '/', headers: {}, holds: '<table' };
  const runs = new Map<string, Run[]>();
  const duration = seconds / rounds;
  for (let round = 0; round <= rounds; round++)
    for (const [turn, page] of pages.entries()) {
      // The first round warms up, and is not counted.
      const keep = (name: string, run: Run) => {
        if (round > 0) runs.set(name, [...(runs.get(name) ?? []), run]);
      };
      if (turn % 3 === round % 3) keep(LIMIT, await load(bareUrl, bare, duration));
      keep(page.name, await load(url, page, duration));
    }
  return runs;
}

async function startBare(rig: Rig): Promise<string> {
  const port = await freePort();
  rig.keep(start('bench/pages/bare.js', { DATABASE_URL: rig.databaseUrl, PORT: String(port) }));
  await untilOk(`http://127.0.0.1:${port}`, 20_000);
  return `http://127.0.0.1:${port}`;
}

/** @throws Error when one answer is not the page */
async function load(base: string, page: MeasuredPage, seconds: number): Promise<Run> {
  const begun = performance.now();
  await look(base, page);
  const alone = performance.now() - begun;
  const times: number[] = [];
  const result = await new Promise<autocannon.Result>((done, failed) => {
    const request = page.body === undefined ? {} : { method: 'POST' as const, body: page.body };
    const options = { url: base + page.path, connections: CONNECTIONS, duration: seconds, ...request };
    const running = autocannon({ ...options, headers: page.headers }, (error, found) => {
      if (error instanceof Error) failed(error);
      else done(found);
    });
    running.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
  });
  // So slow that none came in time: the one that was looked at alone counts.
  if (times.length === 0) return { rps: 1000 / alone, times: [alone] };
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${page.name}: ${result.non2xx} refusals and ${result.errors} errors: void`);
  return { rps: times.length / result.duration, times };
}

async function look(base: string, { name, path, headers, body, holds }: MeasuredPage): Promise<void> {
  const init = body === undefined ? { headers } : { headers, body, method: 'POST' };
  const answer = await fetch(base + path, { ...init, redirect: 'manual' });
  const text = await answer.text();
  if (answer.status !== 200 || !text.includes(holds))
    throw new Error(`${name} answered ${answer.status}: ${text.slice(0, 200)}`);
}

async function countStatements(
  rig: Rig,
  pages: readonly MeasuredPage[],
): Promise<ReadonlyMap<string, number>> {
  const counter = rig.keep(new StatementCounter(rig.databaseUrl));
  const { child, url } = await startService(rig, 'web', { DATABASE_URL: await counter.start() });
  await untilOk(`${url}/health/live`, 30_000);
  const counted = new Map<string, number>();
  for (const page of pages) {
    await look(url, page);
    const before = counter.count;
    for (let i = 0; i < COUNTED; i++) await look(url, page);
    counted.set(page.name, rounded((counter.count - before) / COUNTED));
  }
  await child.stop();
  return counted;
}
