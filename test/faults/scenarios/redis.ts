import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';
import { newDirectory, startOwnRedis } from '../rig/servers.js';
import { TcpProxy } from '../rig/tcp-proxy.js';
import { openOffice } from './office.js';

const DUE = 200;
/** Fall due just before the end of its file is lost. */
const MORE = 50;

/** A Redis of this fault alone behind an address that stays when it comes back elsewhere. */
class BreakableRedis {
  private constructor(
    private readonly directory: string,
    private server: Awaited<ReturnType<typeof startOwnRedis>>,
    private readonly proxy: TcpProxy,
  ) {}

  static async in(rig: Rig): Promise<BreakableRedis> {
    const directory = newDirectory();
    rig.keep({ stop: async () => rmSync(directory, { recursive: true, force: true }) });
    const server = await startOwnRedis(directory);
    const proxy = rig.keep(await TcpProxy.before(Number(new URL(server.url).port)));
    const redis = rig.keep(new BreakableRedis(directory, server, proxy));
    rig.redisUrl = proxy.inFrontOf(server.url);
    return redis;
  }

  async ask(...command: [string, ...string[]]): Promise<unknown> {
    const client = new Redis(this.server.url);
    const [name, ...rest] = command;
    const answer = await client.call(name, ...rest);
    client.disconnect();
    return answer;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    this.proxy.resetAll();
  }

  /** @param lostBytes cut from the end of its append-only file: the last second before the death */
  async die(lostBytes: number): Promise<void> {
    process.kill(this.server.pid, 'SIGKILL');
    await this.stop();
    const folder = join(this.directory, 'appendonlydir');
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.incr.aof'))) {
      const file = join(folder, name);
      truncateSync(file, Math.max(0, statSync(file).size - lostBytes));
    }
  }

  async comeBack(): Promise<void> {
    this.server = await startOwnRedis(this.directory);
    this.proxy.targetPort = Number(new URL(this.server.url).port);
  }
}

/** The operator takes its time, so that the fault falls into the middle of the work. */
async function halfway(rig: Rig): Promise<void> {
  await rig.until('half of the texts have left', () => rig.operator.accepted.length > DUE / 4);
}

function slowly(rig: Rig, milliseconds: number): void {
  rig.operator.beforeAnswer = () => new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function emptied(rig: Rig): Promise<void> {
  const redis = await BreakableRedis.in(rig);
  const office = await openOffice(rig);
  slowly(rig, 50);
  await rig.plan(DUE);
  await rig.worker({ SEND_CONCURRENCY: '5' });
  await halfway(rig);
  await redis.ask('FLUSHALL');
  equal((await office.page('/')).status, 200, 'a page of an agent who is signed in');
  await rig.travel('6 minutes');
  await rig.quiet();
  equal(rig.operator.accepted.length, DUE, 'texts');
}

async function down(rig: Rig): Promise<void> {
  const redis = await BreakableRedis.in(rig);
  const office = await openOffice(rig);
  const worker = await rig.worker();
  await redis.stop();
  await rig.plan(DUE);
  const outageMs = rig.options.slow ? 600_000 : 12_000;
  const until = performance.now() + outageMs;
  while (performance.now() < until) {
    equal((await office.book()).status, 201, 'booking while Redis is down');
    await office.pause();
  }
  equal((await office.search()).status, 200, 'search while Redis is down');
  equal(rig.operator.accepted.length, 0, 'texts while Redis is down');
  ensure(worker.isRunning, 'the worker ended');
  await redis.comeBack();
  await rig.travel('6 minutes');
  await rig.quiet(90_000);
  ensure(worker.isRunning, 'the worker ended');
  equal(await rig.count(`kind = 'reminder' AND state = 'accepted'`), DUE, 'reminders once Redis is back');
}

async function full(rig: Rig): Promise<void> {
  const redis = await BreakableRedis.in(rig);
  const engine = await rig.engine();
  await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
  await rig.plan(DUE);
  const refused = await engine.run('relay').then(
    () => null,
    (error: unknown) => String(error),
  );
  ensure(refused !== null, 'the relay did not notice that Redis refuses');
  equal(await rig.count(`state = 'planned'`), DUE, 'messages that wait, planned');
  await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
  await rig.recover(engine);
  equal(rig.operator.accepted.length, DUE, 'texts once there is room');
}

async function evicting(rig: Rig): Promise<void> {
  const redis = await BreakableRedis.in(rig);
  await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  const worker = rig.launch('worker', { PORT: '0' });
  equal(await worker.end(), 1, 'exit code of a worker whose Redis evicts');
  ensure(worker.output.includes('noeviction'), 'it does not say what to set');
}

async function lastSecondLost(rig: Rig): Promise<void> {
  const redis = await BreakableRedis.in(rig);
  slowly(rig, 50);
  await rig.plan(DUE);
  await rig.worker({ SEND_CONCURRENCY: '5' });
  await halfway(rig);
  await rig.plan(MORE);
  await rig.until('the newest are queued', async () => (await rig.count(`state = 'planned'`)) === 0);
  // Their jobs were written last, and go.
  await redis.die(16_384);
  await redis.comeBack();
  await rig.travel('6 minutes');
  await rig.quiet(90_000);
  equal(rig.operator.accepted.length, DUE + MORE, 'texts');
}

const one = { tier: 'core', backends: ['redis'] } as const;

export const REDIS: readonly Fault[] = [
  {
    ...one,
    id: 'F17',
    title: 'FLUSHALL in full load',
    promise: 'nothing lost; agents stay signed in',
    run: emptied,
  },
  {
    ...one,
    id: 'F18',
    title: 'Redis down (12 s; 10 min with --slow)',
    promise: 'web works; then drained, without a restart',
    run: down,
  },
  {
    ...one,
    id: 'F19',
    title: 'Redis has no memory left',
    promise: 'messages stay planned, then leave',
    run: full,
  },
  {
    ...one,
    id: 'F20',
    title: 'Redis evicts keys',
    promise: 'the worker refuses to start and says why',
    run: evicting,
  },
  {
    ...one,
    id: 'F21',
    title: 'kill -9 of Redis, the end of its file cut off',
    promise: 'nothing lost or doubled',
    run: lastSecondLost,
  },
];
