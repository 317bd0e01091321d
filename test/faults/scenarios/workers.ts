import { setTimeout as delay } from 'node:timers/promises';
import { BOTH, ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';

function slowly(rig: Rig, milliseconds: number): void {
  rig.operator.beforeAnswer = () => delay(milliseconds);
}

async function diesWithABacklog(rig: Rig): Promise<void> {
  const due = rig.options.slow ? 10_000 : 1500;
  await rig.plan(due);
  const worker = await rig.worker({ SEND_CONCURRENCY: '20' });
  await rig.until('a third has left', () => rig.operator.accepted.length > due * 0.3);
  equal(await worker.stop('SIGKILL'), 'SIGKILL', 'end of the worker');
  const inDoubt = await rig.count(`state = 'sending'`);
  // Attempts not yet called are at most the calls in flight; so are open calls and answers not yet written together.
  ensure(inDoubt <= 40, `${inDoubt} attempts in doubt for 20 calls in flight`);
  await rig.travel('6 minutes');
  const next = await rig.worker({ SEND_CONCURRENCY: '20' });
  await rig.quiet(rig.options.slow ? 600_000 : 90_000);
  equal(await next.stop(), 0, 'exit code of the next worker');
  equal(rig.operator.accepted.length, due, 'texts');
}

/** A process blocked for longer than its attempts live, while another one does the work. */
async function blocked(rig: Rig): Promise<void> {
  const due = 10;
  await rig.plan(due);
  const port = { PORT: '0' };
  const stalled = rig.launch('worker', { ...port, FAILPOINTS: 'after-attempt-committed=stall-24000' });
  await rig.until('the attempts are committed', async () => (await rig.count(`state = 'sending'`)) === due);
  const engine = await rig.engine();
  await rig.recover(engine);
  equal(rig.operator.accepted.length, due, 'texts by the other worker');
  await engine.stop();
  equal(await stalled.stop(), 0, 'exit code of the first one, which must first wake');
  equal(rig.operator.accepted.length, due, 'texts once the first one is awake again');
}

/** Frozen with jobs taken and nothing committed; woken when its claims belong to somebody else. */
async function frozen(rig: Rig): Promise<void> {
  const due = 60;
  slowly(rig, 150);
  await rig.plan(due);
  const worker = await rig.worker({ SEND_CONCURRENCY: '2' });
  await rig.until('the first texts', () => rig.operator.accepted.length > 4);
  worker.signal('SIGSTOP');
  const engine = await rig.engine();
  await rig.recover(engine);
  worker.signal('SIGCONT');
  equal(await worker.stop(), 0, 'exit code of the one that was frozen');
}

async function three(rig: Rig): Promise<void> {
  const due = 300;
  await rig.plan(due);
  slowly(rig, 20);
  const workers = await Promise.all([1, 2, 3].map(() => rig.worker({ SEND_CONCURRENCY: '5' })));
  await rig.quiet();
  for (const worker of workers) equal(await worker.stop(), 0, 'exit code');
  equal(rig.operator.calls, due, 'calls');
  equal(await rig.count('attempts = 1'), due, 'messages with one attempt');
}

async function rollingRestarts(rig: Rig): Promise<void> {
  const restarts = rig.options.slow ? 10 : 3;
  slowly(rig, 100);
  await rig.plan(restarts * 70);
  for (let restart = 0; restart < restarts; restart++) {
    const worker = await rig.worker({ SEND_CONCURRENCY: '10' });
    const already = rig.operator.accepted.length;
    await rig.until('it sends', () => rig.operator.accepted.length > already + 20);
    const began = performance.now();
    equal(await worker.stop(), 0, 'exit code');
    ensure(performance.now() - began < 25_000, 'the stop took longer than 25 s');
    equal(await rig.count(`state IN ('sending', 'uncertain')`), 0, 'messages in doubt after a stop');
  }
  rig.operator.beforeAnswer = () => Promise.resolve();
  await rig.recover(await rig.engine());
}

/** Milliseconds after its first text within which a worker is killed, and for which it has work. */
const KILLED_WITHIN_MS = 1500;
const ANSWERED_AFTER_MS = 60;

/** Kills at any moment of the work, sometimes two workers at once, and time goes by unevenly. */
async function randomKiller(rig: Rig): Promise<void> {
  const kills = rig.options.slow ? 50 : 10;
  slowly(rig, ANSWERED_AFTER_MS);
  await toTheFullHour(rig);
  let [met, doubts] = [0, 0];
  for (let kill = 0; kill < kills; kill++) {
    const cut = await killOnce(rig);
    doubts += cut;
    if (cut > 0) met++;
    await rig.travel(rig.chance.pick(['0 seconds', '20 seconds', '70 seconds', '3 minutes']));
  }
  rig.notes.push(`${kills} kills, ${met} of them between a call and its record: ${doubts} attempts cut off`);
  ensure(met * 2 >= kills, `only ${met} of ${kills} kills cut off a call`);
  slowly(rig, 0);
  await rig.recover(await rig.engine());
}

/** The auditor counts hours of the clock in which messages left late: an hour of kills must not touch three of them. */
async function toTheFullHour(rig: Rig): Promise<void> {
  const [clock] = await rig.query<{ left: string }>(
    `SELECT (date_trunc('hour', app_now()) + interval '1 hour' - app_now())::text AS left`,
  );
  await rig.travel(clock?.left ?? '0 seconds');
}

/** @returns attempts of the killed workers that were committed, and of which no answer is written */
async function killOnce(rig: Rig): Promise<number> {
  const concurrency = rig.chance.pick([1, 5, 20]);
  const count = rig.chance.between(1, 2);
  await rig.plan((count * concurrency * KILLED_WITHIN_MS) / ANSWERED_AFTER_MS);
  const [began] = await rig.query<{ at: Date }>('SELECT app_now() AS at');
  const before = rig.operator.calls;
  const more = { SEND_CONCURRENCY: String(concurrency) };
  const workers = await Promise.all(Array.from({ length: count }, () => rig.worker(more)));
  await rig.until('it sends', () => rig.operator.calls > before);
  await delay(rig.chance.between(0, KILLED_WITHIN_MS));
  for (const worker of workers) worker.signal('SIGKILL');
  await Promise.all(workers.map((worker) => worker.end()));
  return rig.count(
    `state = 'sending' AND EXISTS (SELECT FROM delivery_attempt a
       WHERE a.message_id = message.id AND a.number = message.attempts AND a.started_at >= $1)`,
    [began?.at],
  );
}

/** The process must not live on half broken: it ends, and the next one finds everything. */
async function endsOf(rig: Rig, bomb: string): Promise<void> {
  slowly(rig, 50);
  await rig.plan(100);
  const script = `process.on('SIGUSR2', () => { ${bomb} })`;
  const more = {
    NODE_OPTIONS: `--max-old-space-size=256 --import=data:text/javascript,${encodeURIComponent(script)}`,
    SEND_CONCURRENCY: '4',
  };
  const worker = await rig.worker(more);
  await rig.until('the first texts', () => rig.operator.accepted.length > 5);
  worker.signal('SIGUSR2');
  ensure((await worker.end()) !== 0, 'the process ended as if all were well');
  await rig.recover(await rig.engine());
}

export const WORKERS: readonly Fault[] = [
  {
    id: 'F27',
    title: 'kill -9 with 1 500 due (10 000 with --slow), a third sent',
    promise: 'all sent once; doubts ≤ 2 × calls in flight',
    tier: 'core',
    backends: BOTH,
    run: diesWithABacklog,
  },
  {
    id: 'F28',
    title: 'a process blocked 24 s with attempts committed',
    promise: 'the other one sends; the first never calls',
    tier: 'core',
    backends: ['redis'],
    run: blocked,
  },
  {
    id: 'F28b',
    title: 'a process frozen with jobs in hand, woken later',
    promise: 'its claims are no longer its own: nothing twice',
    tier: 'core',
    backends: ['redis'],
    run: frozen,
  },
  {
    id: 'F29',
    title: 'three workers, three schedulers',
    promise: 'one call for each message',
    tier: 'core',
    backends: BOTH,
    run: three,
  },
  {
    id: 'F45',
    title: 'graceful stop under load (3 times; 10 with --slow)',
    promise: 'exit 0 within 25 s, nothing in doubt',
    tier: 'core',
    backends: ['redis'],
    run: rollingRestarts,
  },
  {
    id: 'F49',
    title: 'an unhandled rejection in a worker',
    promise: 'it ends, another finds everything',
    tier: 'core',
    backends: ['postgres'],
    run: (rig) => endsOf(rig, `Promise.reject(new Error('bomb'))`),
  },
  {
    id: 'F49b',
    title: 'a worker that runs out of memory',
    promise: 'it ends, another finds everything',
    tier: 'core',
    backends: ['postgres'],
    run: (rig) => endsOf(rig, 'for (const kept = []; ; ) kept.push(new Array(1e6).fill(0))'),
  },
  {
    id: 'K',
    title: 'kills at random moments (10; 50 with --slow)',
    promise: 'nothing lost, nothing doubled unflagged',
    tier: 'core',
    backends: BOTH,
    run: randomKiller,
  },
];
