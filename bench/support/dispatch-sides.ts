import { createPostgresBackend, Queue } from 'bullmq';
import { freePort } from '../../demo/support/free-port.js';
import { mobileOf, seedVolume } from '../../src/cli/seed-volume.js';
import type { LimitOptions } from '../dispatch-limit.js';
import { type Child, lineOf, memoryOf, start, untilOk } from './children.js';
import { BODY, type DispatchOptions, judge, phonesOf, type Run, settled, type Side } from './dispatch-run.js';
import { rounded } from './figures.js';
import { ACCOUNT_SID, AUTH_TOKEN, type Rig, SENDER, startService } from './rig.js';

const LIMIT_QUEUE = 'bench-limit';
/** Messages due from which the memory of the workers is told as the backlog shrinks. */
const LARGE_RUN = 20_000;

const OPERATOR = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, sender: SENDER };

/** The service: its workers, and its web process when the operator reports. */
export async function startWorkers(
  rig: Rig,
  options: Pick<DispatchOptions, 'concurrency' | 'receipts' | 'workers'> & { readonly pace?: number },
  operatorUrl: string,
): Promise<Child[]> {
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
    ...(options.pace === undefined ? {} : { TWILIO_MESSAGES_PER_SECOND: String(options.pace) }),
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

/** Persons and reminders of their own for each run, due at once. */
export async function runOurs(
  rig: Rig,
  { count, receipts }: Pick<DispatchOptions, 'count' | 'receipts'>,
  operatorUrl: string,
  workers: readonly Child[],
): Promise<Run> {
  const rows: { n: number }[] = await rig.dataSource.query(`SELECT count(*)::integer AS n FROM person`);
  const first = rows[0]?.n ?? 0;
  await rig.dataSource.transaction(async (tx) => {
    await seedVolume(tx, { persons: count, convocations: count, dueNow: count });
    await rig.checkpoint();
  });
  const dueAt = Date.now();
  const watch = new MemoryWatch(rig, count, workers);
  await settled(async () => {
    await watch.look();
    return isDrained(rig);
  }, count);
  if (receipts) await settled(async () => (await unconfirmed(rig, dueAt)) === 0, count);
  const ranks: { n: number }[] = await rig.dataSource.query(
    `SELECT substr(appi_number, 5)::integer AS n FROM person WHERE substr(appi_number, 5)::integer >= $1`,
    [first],
  );
  const run = await judge(
    operatorUrl,
    ranks.map(({ n }) => mobileOf(n)),
    { dueAt, ...(await hoursOf(rig, dueAt)) },
  );
  return { ...run, memoryMb: watch.tenths, unconfirmed: receipts ? await unconfirmed(rig, dueAt) : 0 };
}

/** Texts of this run of which no receipt is recorded. */
async function unconfirmed(rig: Rig, dueAt: number): Promise<number> {
  const rows: { n: number }[] = await rig.dataSource.query(
    `SELECT count(*)::integer AS n FROM message
      WHERE state = 'accepted' AND claimed_at >= to_timestamp($1::double precision / 1000)`,
    [dueAt],
  );
  return rows[0]?.n ?? 0;
}

/** From its first claim (the second waited for is not work, the one at the end is) to the last acceptance written. */
async function hoursOf(rig: Rig, dueAt: number): Promise<{ takenUpAt: number; recordedAt: number }> {
  const rows: { claimed: Date | null; accepted: Date | null }[] = await rig.dataSource.query(
    `SELECT min(claimed_at) AS claimed, max(accepted_at) AS accepted FROM message
      WHERE claimed_at >= to_timestamp($1::double precision / 1000)`,
    [dueAt],
  );
  const { claimed, accepted } = rows[0] ?? { claimed: null, accepted: null };
  return { takenUpAt: claimed?.getTime() ?? dueAt, recordedAt: accepted?.getTime() ?? dueAt };
}

/** Whether the memory of a worker follows the backlog: for large runs only, counting costs. */
class MemoryWatch {
  readonly tenths: number[] = [];

  constructor(
    private readonly rig: Rig,
    private readonly count: number,
    private readonly workers: readonly Child[],
  ) {}

  async look(): Promise<void> {
    if (this.count < LARGE_RUN) return;
    const rows: { n: number }[] = await this.rig.dataSource.query(
      `SELECT count(*)::integer AS n FROM message WHERE state IN ('planned', 'queued')`,
    );
    const handedOver = this.count - (rows[0]?.n ?? 0);
    while (handedOver >= ((this.tenths.length + 1) * this.count) / 10) this.tenths.push(this.now());
  }

  private now(): number {
    return rounded(Math.max(...this.workers.map(({ pid }) => memoryOf(pid, 'VmRSS'))));
  }
}

/** Nothing is left on its way; `uncertain` ones are left to the judge. By partial indexes: asking must cost nothing. */
async function isDrained(rig: Rig): Promise<boolean> {
  const rows: { waits: boolean }[] = await rig.dataSource.query(
    `SELECT EXISTS (SELECT FROM message WHERE state = 'queued')
         OR EXISTS (SELECT FROM message WHERE state IN ('sending', 'uncertain') AND state = 'sending')
         OR EXISTS (SELECT FROM message WHERE state = 'planned' AND lane IN (0, 1) AND due_at <= app_now()) AS waits`,
  );
  return rows[0]?.waits === false;
}

/** A bare BullMQ loop. */
export async function startLimit(rig: Rig, options: DispatchOptions, operatorUrl: string): Promise<Side> {
  const limit: LimitOptions = {
    ...OPERATOR,
    queue: LIMIT_QUEUE,
    concurrency: options.concurrency,
    databaseUrl: rig.ownerUrl,
    ...(rig.redisUrl === undefined ? {} : { redisUrl: rig.redisUrl }),
    operatorUrl,
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
  return { run: (round) => runLimit(queue, options.count, operatorUrl, round, total) };
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
  count: number,
  operatorUrl: string,
  round: number,
  total: () => number,
): Promise<Run> {
  const before = total();
  const phones = phonesOf(4, round, count);
  const jobs = phones.map((to) => ({
    name: 'send',
    data: { to, body: BODY },
    opts: { attempts: 1, removeOnComplete: true, removeOnFail: { count: 1000 } },
  }));
  const dueAt = Date.now();
  // By 2 000, as many as the service's relay puts ahead of its workers.
  for (let from = 0; from < jobs.length; from += 2_000) await queue.addBulk(jobs.slice(from, from + 2_000));
  await settled(() => total() - before >= count, count);
  return judge(operatorUrl, phones, { dueAt, takenUpAt: dueAt });
}
