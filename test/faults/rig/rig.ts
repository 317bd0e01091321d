import { DataSource } from 'typeorm';
import { isPortFree } from '../../../demo/support/free-port.js';
import { waitFor } from '../../../demo/support/processes.js';
import { databaseOptions } from '../../../src/platform/database.js';
import { keepKeys, Sealing } from '../../../src/platform/sealing.js';
import { asWorker, type TestDatabase } from '../../support/database.js';
import { type Engine, startEngine } from '../../support/engine.js';
import { type LinkText, PlainLink } from '../../support/plain-link.js';
import { type OperatorMessage, PlainOperator } from '../../support/plain-operator.js';
import type { BackendKind } from '../fault.js';
import { type Chance, chance } from './chance.js';
import { planReminders, type Planned, type PlanWishes } from './plan.js';
import { BreakableServers, type Servers } from './servers.js';
import { ServiceProcess, type Special } from './service-process.js';

export interface RigOptions {
  readonly backend: BackendKind;
  readonly seed: number;
  /** True under `--slow`: larger numbers, longer outages. */
  readonly slow: boolean;
}

let nextPort = 15_000 + (process.pid % 1000) * 10;

/** Below the ports that the system hands out by itself, so that nobody else takes it before our process does. */
async function portOfOurs(): Promise<number> {
  for (;;) {
    nextPort = nextPort >= 32_000 ? 15_000 : nextPort + 1;
    // Its own from here on: others ask while this one is looked at.
    const port = nextPort;
    if (await isPortFree(port)) return port;
  }
}

/** Stands in for everything around the service: a database of its own, an operator that judges, processes. */
export class Rig {
  readonly operator = new PlainOperator();
  /** The second operator; asked only by a fault that names it. */
  readonly link = new PlainLink();
  readonly processes: ServiceProcess[] = [];
  /** Said under the line of this fault, whatever its verdict. */
  readonly notes: string[] = [];
  readonly chance: Chance;
  /** Where the web process listens, and what callbacks name. */
  publicUrl = '';
  private readonly parts: { stop(): Promise<unknown> }[] = [];

  private constructor(
    readonly servers: Servers,
    readonly options: RigOptions,
    readonly database: TestDatabase & { readonly name: string },
    /** Undefined: the queue lives in PostgreSQL. A fault that breaks its Redis puts another address here. */
    public redisUrl: string | undefined,
  ) {
    this.chance = chance(options.seed);
  }

  static async open(servers: Servers, options: RigOptions): Promise<Rig> {
    const name = await servers.createDatabase();
    const url = servers.url('application', name);
    const dataSource = await keepKeys(
      new DataSource(asWorker(databaseOptions(url, 4, 'msj-faults'))),
      new Sealing({ SECRET_KEYS: ['k'.repeat(32)] }),
    ).initialize();
    const database = {
      name,
      url,
      ownerUrl: servers.url('owner', name),
      dataSource,
      drop: async () => {
        await dataSource.destroy();
        await servers.dropDatabase(name);
      },
    };
    const redisUrl = options.backend === 'redis' ? servers.redis?.url : undefined;
    if (options.backend === 'redis' && redisUrl === undefined) throw new Error('no Redis on this machine');
    const rig = new Rig(servers, options, database, redisUrl);
    rig.keep(rig.operator);
    await rig.operator.start();
    rig.keep(rig.link);
    await rig.link.start();
    rig.publicUrl = `http://127.0.0.1:${await portOfOurs()}`;
    return rig;
  }

  /** What both operators took. */
  get texts(): readonly (OperatorMessage | LinkText)[] {
    return [...this.operator.accepted, ...this.link.accepted];
  }

  /** @throws when the fault did not ask for a PostgreSQL of its own */
  get breakable(): BreakableServers {
    if (this.servers instanceof BreakableServers) return this.servers;
    throw new Error('this fault shares its PostgreSQL with the others');
  }

  /** Stopped with the rig, the last one first. */
  keep<T extends { stop(): Promise<unknown> }>(part: T): T {
    this.parts.push(part);
    return part;
  }

  /** A process of the service, not awaited. `more` wins over what every process has. */
  launch(
    role: 'web' | 'worker' | 'all',
    more: Readonly<Record<string, string>> = {},
    special: Special = {},
  ): ServiceProcess {
    const port = more['PORT'] ?? new URL(this.publicUrl).port;
    const env = { ...this.env, APP_ROLE: role, PORT: port, ...more };
    const child = new ServiceProcess(env, `http://127.0.0.1:${port}`, special);
    this.processes.push(child);
    this.keep({ stop: () => child.stop('SIGKILL') });
    return child;
  }

  /** A worker armed to die on its own. @returns what ended it */
  async dyingWorker(
    failpoints: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<string | number> {
    const port = String(await portOfOurs());
    return this.launch('worker', { PORT: port, FAILPOINTS: failpoints, ...more }).end();
  }

  /** A worker on any free port, answering. */
  async worker(more: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const port = String(await portOfOurs());
    return this.launch('worker', { PORT: port, ...more }).started();
  }

  /** The web process, answering where callbacks come. */
  web(more: Readonly<Record<string, string>> = {}, special: Special = {}): Promise<ServiceProcess> {
    return this.launch('web', more, special).started();
  }

  /** The sending half in this process, its tasks run by hand; for faults that are not about processes. */
  async engine(more: Readonly<Record<string, string>> = {}): Promise<Engine> {
    return this.keep(await startEngine(this.database, this.operator, { ...this.env, ...more }));
  }

  /** Persons of a service of their own, with one reminder each, due now. */
  plan(count: number, wishes: PlanWishes = {}): Promise<Planned> {
    return planReminders(this.database.dataSource, count, wishes);
  }

  /** Moves the clock of every process forward. */
  async travel(interval: string): Promise<void> {
    await this.query(
      `INSERT INTO clock_offset (shift) VALUES ($1::interval)
       ON CONFLICT (only_row) DO UPDATE SET shift = clock_offset.shift + excluded.shift`,
      [interval],
    );
  }

  query<T>(sql: string, values: readonly unknown[] = []): Promise<T[]> {
    return this.database.dataSource.query(sql, [...values]);
  }

  async count(condition: string, values: readonly unknown[] = []): Promise<number> {
    const rows = await this.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM message WHERE ${condition}`,
      values,
    );
    return rows[0]?.n ?? -1;
  }

  /** @throws when the condition does not come true in time */
  async until(what: string, condition: () => boolean | Promise<boolean>, patienceMs = 60_000): Promise<void> {
    if (!(await waitFor(condition, patienceMs)))
      throw new Error(`${what}: not within ${patienceMs / 1000} s`);
  }

  /** Nothing is due, on its way or in doubt any more. */
  quiet(patienceMs = 60_000): Promise<void> {
    return this.until('nothing waits any more', async () => (await this.waiting()) === 0, patienceMs);
  }

  private waiting(): Promise<number> {
    return this.count(
      `state IN ('queued', 'sending', 'uncertain') OR (state = 'planned' AND due_at <= app_now() + interval '1 hour')`,
    );
  }

  /** Each task of a worker that has to do with messages, once. */
  async tasks(engine: Engine): Promise<void> {
    for (const task of ['sweep', 'resolve', 'follow-up', 'relay'] as const) await engine.run(task);
  }

  /** Past every deadline of a claim and of a doubt, then the tasks of a worker by hand until nothing waits. */
  async recover(engine: Engine, interval = '6 minutes', patienceMs = 60_000): Promise<void> {
    await this.travel(interval);
    await this.until(
      'nothing waits any more',
      async () => {
        await this.tasks(engine);
        return (await this.waiting()) === 0;
      },
      patienceMs,
    );
  }

  async close(): Promise<void> {
    for (const part of [...this.parts].reverse()) await part.stop().catch(() => undefined);
    await this.database.drop();
  }

  /** What makes LINK Mobility the only operator of a process. */
  get linkAlone(): Readonly<Record<string, string>> {
    return { ...this.linkSecond, SMS_PROVIDERS: 'link-mobility' };
  }

  /** … or the one that takes over. */
  get linkSecond(): Readonly<Record<string, string>> {
    return {
      SMS_PROVIDERS: 'twilio,link-mobility',
      LINK_MOBILITY_ACCOUNT: PlainLink.account,
      LINK_MOBILITY_PASSWORD: PlainLink.password,
      LINK_MOBILITY_SENDER: 'MonSuiviJus',
      LINK_MOBILITY_API_BASE_URL: this.link.url,
      LINK_MOBILITY_CALLBACK_TOKEN: PlainLink.callbackToken,
    };
  }

  get env(): Readonly<Record<string, string>> {
    return {
      APP_ENV: 'test',
      PUBLIC_BASE_URL: this.publicUrl,
      DATABASE_URL: this.database.url,
      SECRET_KEYS: 'k'.repeat(32),
      SMS_PROVIDERS: 'twilio',
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: this.operator.authToken,
      TWILIO_SENDER: 'MonSuiviJus',
      TWILIO_API_BASE_URL: this.operator.url,
      SEND_WINDOW: '00:00-23:59',
      LOG_LEVEL: 'warn',
      ...(this.redisUrl === undefined ? {} : { REDIS_URL: this.redisUrl }),
    };
  }
}
