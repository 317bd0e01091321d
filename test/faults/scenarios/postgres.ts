import pg from 'pg';
import { Transaction } from '../../../src/platform/transaction.js';
import { BOTH, ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';
import { type Office, openOffice } from './office.js';

const DUE = 100;

/** Answers of one program that repeats its booking under one key until it is told 201. */
async function bookUntilBooked(
  rig: Rig,
  office: Office,
  key: string,
  personId: string,
): Promise<readonly number[]> {
  const answers: number[] = [];
  await rig.until(`booking ${key}`, async () => {
    const answer = await office.summon(personId, { 'Idempotency-Key': key });
    answers.push(answer.status);
    ensure(
      answer.status !== 500 || !/ at |SELECT|ECONN/.test(answer.text),
      `an answer tells too much: ${answer.text}`,
    );
    return answer.status === 201;
  });
  return answers;
}

async function crashesWhileBooking(rig: Rig): Promise<void> {
  const office = await openOffice(rig);
  const people = 24;
  const persons = await Promise.all(Array.from({ length: people }, () => office.person()));
  let booked = 0;
  const lane = async (name: number) => {
    const answers: number[] = [];
    for (const [index, person] of persons.entries()) {
      if (index % 4 !== name) continue;
      answers.push(...(await bookUntilBooked(rig, office, `key-${index}`, person)));
      booked++;
    }
    return answers;
  };
  const lanes = Promise.all([0, 1, 2, 3].map(lane));
  lanes.catch(() => undefined);
  for (const share of [people / 4, people / 2]) {
    await rig.until('some bookings', () => booked >= share);
    await rig.breakable.crash();
    await rig.breakable.comeBack();
  }
  const answers = (await lanes).flat();
  const other = answers.filter((status) => status !== 201 && status !== 503);
  equal(other, [], 'answers that are neither 201 nor 503');
  const [rows] = await rig.query<{ convocations: number; told: number }>(
    `SELECT count(*)::int AS convocations,
            count(*) FILTER (WHERE EXISTS (SELECT FROM message m WHERE m.convocation_id = c.id AND m.kind = 'summons'))::int AS told
       FROM convocation c`,
  );
  equal(rows, { convocations: people, told: people }, 'one convocation and one summons for each key');
  await (await rig.engine()).drain();
}

async function downWhileSending(rig: Rig): Promise<void> {
  rig.operator.beforeAnswer = () => new Promise((resolve) => setTimeout(resolve, 100));
  await rig.plan(DUE);
  const worker = await rig.worker({ SEND_CONCURRENCY: '4' });
  await rig.until('some texts have left', () => rig.operator.accepted.length > 10);
  await rig.breakable.crash();
  // What was committed before the outage may still be called: at most one and a half concurrency.
  const before = rig.operator.calls;
  const used = worker.processorSeconds;
  const outageMs = rig.options.slow ? 120_000 : 10_000;
  await new Promise((resolve) => setTimeout(resolve, outageMs));
  const busy = (worker.processorSeconds - used) / (outageMs / 1000);
  ensure(!(busy > 0.5), `the worker took ${Math.round(busy * 100)} % of a processor while waiting`);
  ensure(rig.operator.calls - before <= 6, `${rig.operator.calls - before} calls without a database`);
  ensure(worker.isRunning, 'the worker ended');
  await rig.breakable.comeBack();
  await rig.travel('6 minutes');
  await rig.quiet(90_000);
  ensure(worker.isRunning, 'the worker ended');
  equal(rig.operator.accepted.length, DUE, 'texts');
}

/** The network stays silent: nothing is refused, nothing answers. */
async function blackhole(rig: Rig): Promise<void> {
  const office = await openOffice(rig);
  await office.search();
  rig.breakable.proxy.mode = 'blackhole';
  const began = performance.now();
  const answer = await office.search().catch(() => null);
  const seconds = (performance.now() - began) / 1000;
  ensure(seconds <= 20, `an answer took ${Math.round(seconds)} s`);
  ensure(answer === null || answer.status >= 500, `answered ${answer?.status ?? 0} without a database`);
  rig.breakable.proxy.mode = 'pass';
  // What carries the network again has forgotten the connections of before.
  rig.breakable.proxy.resetAll();
  await rig.until('the pool heals', async () => (await office.search()).status === 200, 45_000);
}

async function deadlock(rig: Rig): Promise<void> {
  await rig.plan(2);
  const transaction = (await rig.engine()).module.get(Transaction);
  const [a, b] = (await rig.query<{ id: string }>('SELECT id FROM message ORDER BY id')).map((row) => row.id);
  let tries = 0;
  const both = (first: string | undefined, second: string | undefined) =>
    transaction.run(async (tx) => {
      tries++;
      await tx.query('UPDATE message SET ladder_step = ladder_step + 1 WHERE id = $1', [first]);
      await tx.query('SELECT pg_sleep(0.2)');
      await tx.query('UPDATE message SET ladder_step = ladder_step + 1 WHERE id = $1', [second]);
    });
  await Promise.all([both(a, b), both(b, a)]);
  ensure(tries > 2, 'the two never met');
  equal(await rig.count('ladder_step = 2'), 2, 'rows changed twice, whole');
  tries = 0;
  const refused = await transaction
    .run(async (tx) => {
      tries++;
      await tx.query(`DO $$ BEGIN RAISE 'again' USING ERRCODE = '40001'; END $$`);
    })
    .catch(() => 'given up');
  equal([refused, tries], ['given up', 3], 'a conflict that never ends');
  await rig.query('UPDATE message SET ladder_step = 0');
  await (await rig.engine()).drain();
}

async function poolTaken(rig: Rig): Promise<void> {
  const office = await openOffice(rig, { DATABASE_POOL_SIZE: '2' });
  const blocker = new pg.Client({ connectionString: rig.database.ownerUrl });
  await blocker.connect();
  await blocker.query('BEGIN; LOCK TABLE person IN ACCESS EXCLUSIVE MODE');
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: 12 }, () => office.search()));
  const seconds = (performance.now() - began) / 1000;
  await blocker.end();
  ensure(seconds < 30, `the last one waited ${Math.round(seconds)} s`);
  equal([...new Set(answers.map(({ status }) => status))], [503], 'answers while the pool is taken');
  ensure(
    answers.every(({ headers }) => headers.has('retry-after')),
    'an answer does not say when to come back',
  );
  await rig.until('pages are back', async () => (await office.search()).status === 200, 10_000);
}

const core = { tier: 'core', backends: ['postgres'] } as const;

export const POSTGRES: readonly Fault[] = [
  {
    ...core,
    id: 'F22',
    title: 'PostgreSQL crashes twice in the middle of bookings',
    promise: 'clean errors; repeated, one booking each, whole',
    breaksPostgres: true,
    run: crashesWhileBooking,
  },
  {
    id: 'F23',
    title: 'PostgreSQL down while sending (10 s; 2 min with --slow)',
    promise: 'no call without a database, no busy loop; resumes',
    tier: 'core',
    backends: BOTH,
    breaksPostgres: true,
    run: downWhileSending,
  },
  {
    ...core,
    id: 'F24',
    title: 'the network to PostgreSQL goes silent (half-open)',
    promise: 'given up in bounded time, the pool heals',
    tier: 'slow',
    breaksPostgres: true,
    run: blackhole,
  },
  {
    ...core,
    id: 'F25',
    title: 'deadlock, serialization failure',
    promise: 'whole again, at most 3 tries',
    run: deadlock,
  },
  {
    ...core,
    id: 'F26',
    title: 'every connection taken',
    promise: '503 with Retry-After in bounded time, then back',
    run: poolTaken,
  },
];
