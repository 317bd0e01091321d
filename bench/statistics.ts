import { performance } from 'node:perf_hooks';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../src/access/actor.js';
import { withDatabase } from '../src/cli/context.js';
import { attendance } from '../src/statistics/attendance.query.js';
import { FoldAttendance } from '../src/statistics/fold-attendance.js';
import { monthlyFigures } from '../src/statistics/monthly-figures.query.js';
import { rawAttendance, rawMonthlyFigures } from '../test/support/raw-attendance.js';
import { untilOk } from './support/children.js';
import { figure } from './support/dispatch-run.js';
import { median, percentile, spread } from './support/figures.js';
import { type Rig, SECRET_KEY, startRig, startService } from './support/rig.js';
import { BestRollUp } from './support/statistics-best.js';
import { type Door, doorsOf } from './support/statistics-doors.js';
import { randomFilters } from './support/statistics-filters.js';
import { churn, seedStatistics, type StatisticsWorld } from './support/statistics-world.js';

export interface StatisticsOptions {
  readonly convocations: number;
  readonly requests: number;
  readonly rounds: number;
  readonly filters: number;
  readonly seed: number;
}

/** Reads of each side in one round. */
const READS = 20;
/** A quarter of the memory of a server of two gigabytes: a tenth of ten million convocations with their indexes. */
const SHARED_BUFFERS = '512MB';
/** Times the raw count is taken: it is slow. */
const RAW_READS = 3;

/**
 * Months of every service over two years: our query inside its transaction against the best SQL by hand on the same
 * roll-up (`ratio`), and against a count of the rows (`raw_scan_ms`); the pages over HTTP, the slowest of which is
 * `page_p95_ms`; and whether random filters say exactly what a count of the rows says.
 */
export async function benchStatistics(options: StatisticsOptions): Promise<object> {
  const rig = await startRig('postgres', SHARED_BUFFERS);
  try {
    const world = await seed(rig, options);
    const pages = await measurePages(rig, world, options);
    const { ours, best } = await measureQueries(rig, world, options.rounds);
    const raw = await measureRaw(rig, world);
    const exact = await isExact(rig, world, options);
    return {
      page_p95_ms: figure(Math.max(...pages), 1),
      ours_sql_ms: figure(median(ours), 2),
      best_sql_ms: figure(median(best), 2),
      ratio: figure(median(ours) / median(best), 3),
      raw_scan_ms: figure(median(raw), 1),
      raw_ratio: figure(median(raw) / median(ours), 1),
      exact,
    };
  } finally {
    await rig.stop();
  }
}

async function seed(rig: Rig, { convocations, seed: number }: StatisticsOptions): Promise<StatisticsWorld> {
  const begun = performance.now();
  const world = await seedStatistics(rig, convocations);
  const seconds = (performance.now() - begun) / 1000;
  await churn(rig, number);
  await patiently(rig, (tx) => new FoldAttendance().execute(tx));
  await churn(rig, number + 1);
  const sizes: { text: string }[] = await rig.dataSource.query(SIZES);
  process.stdout.write(
    `seeded ${convocations} convocations of ${world.services.length} services in ${seconds.toFixed(1)} s, seed ${number}; shared_buffers ${SHARED_BUFFERS}; disk: ${sizes[0]?.text}\n`,
  );
  return world;
}

const SIZES = `
SELECT 'database ' || pg_size_pretty(pg_database_size(current_database())) || ', convocations '
       || pg_size_pretty(pg_total_relation_size('convocation')) || ', roll-up '
       || pg_size_pretty(pg_total_relation_size('attendance_cell')) || ', '
       || (SELECT count(*) FROM attendance_cell) || ' cells' AS text`;

/** @returns milliseconds, 95th percentile of each page */
async function measurePages(rig: Rig, world: StatisticsWorld, options: StatisticsOptions): Promise<number[]> {
  const { child, url } = await startService(rig, 'web', {});
  rig.keep(child);
  await untilOk(`${url}/health/ready`, 30_000);
  const worst: number[] = [];
  for (const door of await doorsOf(rig, world)) worst.push(await measurePage(url, door, options.requests));
  await child.stop();
  return worst;
}

async function measurePage(base: string, door: Door, requests: number): Promise<number> {
  const times: number[] = [];
  const warmUp = Math.ceil(requests / 10);
  for (let i = 0; i < warmUp + requests; i++) {
    const { path, headers } = door.request(i);
    const begun = performance.now();
    const answer = await fetch(`${base}${path}`, { headers, redirect: 'manual' });
    const text = await answer.text();
    if (i >= warmUp) times.push(performance.now() - begun);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 200)}`);
  }
  const p95 = percentile(times, 0.95);
  process.stdout.write(`${door.name}: ${spread(times, 'ms')}, p95 ${p95.toFixed(1)} ms\n`);
  return p95;
}

async function measureQueries(
  rig: Rig,
  world: StatisticsWorld,
  rounds: number,
): Promise<{ ours: number[]; best: number[] }> {
  const period = twoYears();
  const best = rig.keep(await BestRollUp.open(rig.databaseUrl, period.from, period.to));
  const sides = {
    ours: () => rig.dataSource.transaction((tx) => timed(() => monthlyFigures(tx, admin(world), period))),
    best: () => timed(() => best.months()),
  };
  const times: { ours: number[]; best: number[] } = { ours: [], best: [] };
  for (let round = 0; round <= rounds; round++)
    for (let i = 0; i < READS; i++)
      for (const side of i % 2 === 0 ? (['ours', 'best'] as const) : (['best', 'ours'] as const)) {
        const { ms, result } = await sides[side]();
        if (result.length === 0) throw new Error(`${side} found no month`);
        if (round > 0) times[side].push(ms);
      }
  const [a, b] = [await sides.ours(), await sides.best()];
  if (JSON.stringify(a.result) !== JSON.stringify(b.result))
    throw new Error('the best SQL says something else: void');
  process.stdout.write(`ours: ${spread(times.ours, 'ms')}; best SQL: ${spread(times.best, 'ms')}\n`);
  return times;
}

async function measureRaw(rig: Rig, world: StatisticsWorld): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < RAW_READS; i++)
    times.push(
      await patiently(
        rig,
        async (tx) => (await timed(() => rawMonthlyFigures(tx, admin(world), twoYears()))).ms,
      ),
    );
  process.stdout.write(`count of the rows: ${spread(times, 'ms')}\n`);
  return times;
}

/** Half of the filters nation-wide, half of one service; each against a count of the rows in the same transaction. */
async function isExact(rig: Rig, world: StatisticsWorld, options: StatisticsOptions): Promise<boolean> {
  let wrong = 0;
  for (const { months, request } of randomFilters(world, options)) {
    const isRight = await patiently(rig, async (tx) => {
      const pairs = [
        [await monthlyFigures(tx, admin(world), months), await rawMonthlyFigures(tx, admin(world), months)],
        [await attendance(tx, admin(world), request), await rawAttendance(tx, request)],
      ];
      return pairs.every(([a, b]) => JSON.stringify(a) === JSON.stringify(b));
    });
    if (!isRight) process.stdout.write(`WRONG: ${JSON.stringify({ months, request })}\n`);
    wrong += isRight ? 0 : 1;
  }
  process.stdout.write(`${options.filters} random filters, ${wrong} wrong\n`);
  return wrong === 0;
}

/** A snapshot, and all the time a count of the rows needs. */
function patiently<T>(rig: Rig, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  return withDatabase({ DATABASE_URL: rig.databaseUrl, SECRET_KEYS: [SECRET_KEY] }, (dataSource) =>
    dataSource.transaction('REPEATABLE READ', async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = '10min'; SET LOCAL lock_timeout = '1min'`);
      return work(tx);
    }),
  );
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const begun = performance.now();
  const result = await work();
  return { ms: performance.now() - begun, result };
}

/** The last 24 months, this one included. */
function twoYears(): { from: string; to: string } {
  const now = new Date();
  const month = (back: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
  return { from: month(23), to: month(0) };
}

function admin({ services }: StatisticsWorld): Actor {
  return {
    ...{
      agentId: null,
      apiKeyId: null,
      role: 'admin',
      organizationKind: 'spip',
      linkedOrganizationIds: [],
      headquartersOrganizationIds: [],
      isInterRessort: false,
      timeZone: 'Europe/Paris',
    },
    organizationId: services[0] ?? '',
  };
}
