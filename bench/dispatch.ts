import { createPostgresBackend, Queue } from 'bullmq';
import type { LogEntry } from '../demo/operator-simulator/types.js';
import { freePort } from '../demo/support/free-port.js';
import { waitFor } from '../demo/support/processes.js';
import { seedVolume } from '../src/cli/seed-volume.js';
import type { LimitOptions } from './dispatch-limit.js';
import { type Child, lineOf, memoryOf, start, untilOk } from './support/children.js';
import { median, percentile, rounded, spread } from './support/figures.js';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  type Rig,
  SENDER,
  startOperator,
  startRig,
  startService,
} from './support/rig.js';

export interface DispatchOptions {
  readonly count: number;
  readonly latency: number;
  readonly concurrency: number;
  readonly backend: 'redis' | 'postgres';
  readonly workers: number;
  readonly receipts: boolean;
  readonly rounds: number;
}

interface Run {
  readonly perSecond: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly lateP99Ms: number;
}

const LIMIT_QUEUE = 'bench-limit';
/** As long as a typical reminder. */
const BODY =
  'SPIP 92 Nanterre, RAPPEL : demain mardi 14 avril 2026 a 9h30, 18 rue des Cordiers, Nanterre. Infos : 01 99 00 51 92'.padEnd(
    150,
    '.',
  );

/**
 * Messages per second that reach the operator, from the first to the last of a batch that falls due at once, as the
 * operator's own log tells it; against a bare loop on the same queue.
 */
export async function benchDispatch(options: DispatchOptions): Promise<object> {
  const rig = await startRig(options.backend);
  try {
    const operator = await startOperator(rig, { latencyMs: options.latency, receipts: options.receipts });
    const workers = await startWorkers(rig, options, operator.url);
    const limit = await startLimit(rig, options, operator.url);
    const [ours, bare]: [Run[], Run[]] = [[], []];
    // The first round warms both up and is not counted.
    for (let round = 0; round <= options.rounds; round++) {
      const order = round % 2 === 0 ? ['ours', 'limit'] : ['limit', 'ours'];
      for (const side of order) {
        const run = side === 'ours' ? await runOurs(rig, options, operator.url) : await limit.run(round);
        tell(side, round, run);
        if (round > 0) (side === 'ours' ? ours : bare).push(run);
      }
    }
    return verdict(
      ours,
      bare,
      workers.map(({ pid }) => memoryOf(pid, 'VmHWM')),
    );
  } finally {
    await rig.stop();
  }
}

async function startWorkers(rig: Rig, options: DispatchOptions, operatorUrl: string): Promise<Child[]> {
  const port = await freePort();
  const env = {
    PUBLIC_BASE_URL: `http://127.0.0.1:${port}`,
    SMS_PROVIDERS: 'twilio',
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_SENDER: SENDER,
    TWILIO_API_BASE_URL: operatorUrl,
    SEND_WINDOW: '00:00-23:59',
    SEND_CONCURRENCY: String(options.concurrency),
  };
  if (options.receipts) {
    const web = await startService(rig, 'web', { ...env, PORT: String(port) });
    rig.keep(web.child);
    await untilOk(`http://127.0.0.1:${port}/health/live`, 20_000);
  }
  const workers: Child[] = [];
  for (let i = 0; i < options.workers; i++) {
    const { child, url } = await startService(rig, 'worker', env);
    workers.push(rig.keep(child));
    await untilOk(`${url}/health/ready`, 30_000);
  }
  return workers;
}

async function runOurs(rig: Rig, { count }: DispatchOptions, operatorUrl: string): Promise<Run> {
  const rows: { n: number }[] = await rig.dataSource.query(`SELECT count(*)::integer AS n FROM person`);
  const first = rows[0]?.n ?? 0;
  await rig.dataSource.transaction((tx) =>
    seedVolume(tx, { persons: count, convocations: count, dueNow: count }),
  );
  const dueAt = Date.now();
  await settled(() => isDrained(rig), count);
  const phones: { phone: string }[] = await rig.dataSource.query(
    `SELECT phone_e164 AS phone FROM person WHERE substr(appi_number, 5)::integer >= $1`,
    [first],
  );
  return judge(
    await logOf(operatorUrl),
    phones.map(({ phone }) => phone),
    dueAt,
  );
}

/** Nothing is left on its way; `uncertain` ones are left to the judge. */
async function isDrained(rig: Rig): Promise<boolean> {
  const rows: { waits: boolean }[] = await rig.dataSource.query(
    `SELECT EXISTS (SELECT FROM message WHERE state IN ('queued', 'sending') OR state = 'planned' AND due_at <= app_now()) AS waits`,
  );
  return rows[0]?.waits === false;
}

async function startLimit(
  rig: Rig,
  options: DispatchOptions,
  operatorUrl: string,
): Promise<{ run(round: number): Promise<Run> }> {
  const limit: LimitOptions = {
    queue: LIMIT_QUEUE,
    concurrency: options.concurrency,
    databaseUrl: rig.ownerUrl,
    ...(rig.redisUrl === undefined ? {} : { redisUrl: rig.redisUrl }),
    operatorUrl,
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    sender: SENDER,
    receipts: options.receipts,
  };
  const done = new Map<number, number>();
  for (let i = 0; i < options.workers; i++) {
    const child = rig.keep(start('bench/dispatch-limit.js', { BENCH_LIMIT: JSON.stringify(limit) }));
    child.process.on('message', (count) => done.set(child.pid, Number(count)));
    await lineOf(child, /(limit ready)/);
  }
  const queue = limitQueue(rig);
  rig.keep({ stop: () => queue.close() });
  const total = () => [...done.values()].reduce((sum, count) => sum + count, 0);
  return { run: (round) => runLimit(queue, options, operatorUrl, round, total) };
}

function limitQueue(rig: Rig): Pick<Queue, 'addBulk' | 'close'> {
  return rig.redisUrl === undefined
    ? new Queue(
        LIMIT_QUEUE,
        { connection: { connectionString: rig.ownerUrl, max: 2 } },
        createPostgresBackend,
      )
    : new Queue(LIMIT_QUEUE, { connection: { url: rig.redisUrl } });
}

async function runLimit(
  queue: Pick<Queue, 'addBulk'>,
  { count }: DispatchOptions,
  operatorUrl: string,
  round: number,
  total: () => number,
): Promise<Run> {
  const before = total();
  const phones = Array.from({ length: count }, (_, i) => limitPhone(round * count + i));
  const jobs = phones.map((to) => ({
    name: 'send',
    data: { to, body: BODY },
    opts: { attempts: 1, removeOnComplete: true, removeOnFail: { count: 1000 } },
  }));
  const dueAt = Date.now();
  // By 2 000, as many as the service's relay puts ahead of its workers.
  for (let from = 0; from < jobs.length; from += 2_000) await queue.addBulk(jobs.slice(from, from + 2_000));
  await settled(() => total() - before >= count, count);
  return judge(await logOf(operatorUrl), phones, dueAt);
}

/** Valid French mobiles of which none ends in 90 to 99, apart from those of the service's persons. */
function limitPhone(rank: number): string {
  return `+3364${String(Math.floor(rank / 90) * 100 + (rank % 90)).padStart(7, '0')}`;
}

async function settled(met: () => boolean | Promise<boolean>, count: number): Promise<void> {
  const patience = 60_000 + count * 50;
  const end = performance.now() + patience;
  while (!(await met())) {
    if (performance.now() > end) return;
    await waitFor(() => false, 200);
  }
}

async function logOf(operatorUrl: string): Promise<LogEntry[]> {
  return (await (await fetch(`${operatorUrl}/log`)).json()) as LogEntry[];
}

/** Judged from the operator's log only. */
function judge(log: readonly LogEntry[], phones: readonly string[], dueAt: number): Run {
  const times = new Map<string, number[]>(phones.map((phone) => [phone, []]));
  for (const entry of log)
    if (entry.kind === 'create' && entry.accepted) times.get(entry.to)?.push(Date.parse(entry.at));
  const received = [...times.values()];
  const all = received.flat();
  const [first, last] = [
    all.reduce((a, b) => Math.min(a, b), Infinity),
    all.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  return {
    perSecond: (1000 * (all.length - 1)) / Math.max(1, last - first),
    lost: received.filter((at) => at.length === 0).length,
    duplicated: received.reduce((sum, at) => sum + Math.max(0, at.length - 1), 0),
    lateP99Ms: percentile(
      all.map((at) => Math.max(0, at - dueAt)),
      0.99,
    ),
  };
}

function tell(side: string, round: number, run: Run): void {
  const isVoid = run.lost + run.duplicated > 0 ? ' VOID' : '';
  const name = round === 0 ? 'warm-up' : `round ${round}`;
  process.stdout.write(
    `${name}, ${side}: ${rounded(run.perSecond)}/s, lost ${run.lost}, duplicated ${run.duplicated}${isVoid}\n`,
  );
}

function verdict(ours: readonly Run[], bare: readonly Run[], memory: readonly number[]): object {
  const right = (runs: readonly Run[]) =>
    runs.filter(({ lost, duplicated }) => lost + duplicated === 0).map(({ perSecond }) => perSecond);
  const [oursPerSecond, limitPerSecond] = [right(ours), right(bare)];
  if (oursPerSecond.length > 0) process.stdout.write(`ours: ${spread(oursPerSecond, '/s')}\n`);
  if (limitPerSecond.length > 0) process.stdout.write(`limit: ${spread(limitPerSecond, '/s')}\n`);
  return {
    ours_per_s: figure(median(oursPerSecond)),
    limit_per_s: figure(median(limitPerSecond)),
    ratio: figure(median(oursPerSecond) / median(limitPerSecond), 3),
    naive_per_s: null,
    naive_rss_mb: null,
    rss_mb: figure(Math.max(...memory)),
    lost: ours.reduce((sum, run) => sum + run.lost, 0),
    duplicated: ours.reduce((sum, run) => sum + run.duplicated, 0),
    late_p99_ms: figure(median(ours.map(({ lateP99Ms }) => lateP99Ms)), 0),
  };
}

function figure(value: number, decimals = 1): number | null {
  return Number.isFinite(value) ? rounded(value, decimals) : null;
}
