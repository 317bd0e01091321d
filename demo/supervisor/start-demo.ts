import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { holdPort, isPortFree } from '../support/free-port.js';
import type { DemoCredentials } from '../world/seed-demo.js';
import { Child } from './child.js';
import { type DemoFile, writeDemoFile } from './demo-file.js';
import { type DemoSecrets, demoSecrets, serviceEnvironment } from './environment.js';
import { type DemoDatabase, openDatabase } from './open-database.js';
import { choosePorts, local, type Ports } from './ports.js';
import { portTaken, untilReady } from './readiness.js';
import { RunLock } from './run-lock.js';

export interface DemoOptions {
  readonly port: number;
  /** Everything the demo keeps. */
  readonly directory: string;
  /** Of the caller: its variables win over the demo's own. */
  readonly env: NodeJS.ProcessEnv;
  readonly tell: (line: string) => void;
  /** Another database than the caller's or the embedded one. */
  readonly database?: () => Promise<DemoDatabase>;
  /** Another world than the demo's. */
  readonly seed?: (database: DemoDatabase, secretKeys: readonly string[]) => Promise<DemoCredentials>;
}

export type ChildName = 'web' | 'worker' | 'simulator' | 'mail';

export interface RunningDemo {
  readonly file: DemoFile;
  readonly database: DemoDatabase;
  readonly children: Readonly<Record<ChildName, Child>>;
  readonly operatorAccount: { readonly accountSid: string; readonly authToken: string };
  /** The service first, then what it talks to, PostgreSQL last. */
  stop(): Promise<void>;
}

/** The service answers within 25 s when asked to stop. */
const STOP_WITHIN_MS = 26_000;

/**
 * Starts the whole service on this machine and waits until it works.
 * @throws Error saying what to do, after having stopped what was started
 */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const directory = resolve(options.directory);
  mkdirSync(join(directory, 'logs'), { recursive: true });
  const demo = new Demo(directory, options);
  try {
    return await demo.start();
  } catch (error) {
    await demo.stop();
    throw error;
  }
}

class Demo {
  private readonly lock: RunLock;
  private readonly children: Child[] = [];
  private database: DemoDatabase | undefined;
  private holdsLock = false;
  /** Of the web process, until it can listen itself. */
  private givePort = async () => {};

  constructor(
    private readonly directory: string,
    private readonly options: DemoOptions,
  ) {
    this.lock = new RunLock(directory);
  }

  async start(): Promise<RunningDemo> {
    await this.lock.take();
    this.holdsLock = true;
    await this.takePort();
    const secrets = demoSecrets(this.directory);
    const ports = await choosePorts(this.options.port);
    // Read while PostgreSQL is set up: it takes as long.
    const reading = import('./database.js');
    this.database = await (this.options.database?.() ?? openDatabase(this.directory, this.options.env));
    const env = this.environment(ports, secrets, this.database);
    const surroundings = this.surroundings(ports, env);
    const { credentials, ...service } = await this.service(ports, env, this.database, await reading);
    const children = { ...service, ...surroundings };
    await Promise.all([
      untilReady(children.simulator, `${local(ports.simulator)}/control`),
      untilReady(children.mail, `${local(ports.mail)}/messages`),
      untilReady(children.worker, `${local(ports.worker)}/health/ready`),
    ]);
    const file = writeDemoFile(this.directory, ports, env, credentials);
    return {
      ...{ file, database: this.database, children },
      operatorAccount: {
        accountSid: env['TWILIO_ACCOUNT_SID'] ?? '',
        authToken: file.twilioAuthToken,
      },
      stop: () => this.stop(),
    };
  }

  private surroundings(ports: Ports, env: NodeJS.ProcessEnv): { simulator: Child; mail: Child } {
    const simulator = this.child('simulator', 'operator-simulator/main.js', env, [
      '--port',
      String(ports.simulator),
      '--link-port',
      String(ports.link),
      '--data',
      join(this.directory, 'operator.jsonl'),
    ]);
    const mail = this.child('mail', 'mail-catcher/main.js', env, [
      '--port',
      String(ports.mail),
      '--smtp-port',
      String(ports.smtp),
      '--data',
      join(this.directory, 'mails.jsonl'),
    ]);
    return { simulator, mail };
  }

  /**
   * Two processors have work all the time: the web process reads its programs during the migrations and starts while
   * the world is written; then the worker reads its own. It begins last, or it would send what is not all there yet.
   */
  private async service(
    ports: Ports,
    env: NodeJS.ProcessEnv,
    database: DemoDatabase,
    { migrateDatabase, seedDatabase }: typeof import('./database.js'),
  ): Promise<{ web: Child; worker: Child; credentials: DemoCredentials }> {
    const secretKeys = (env['SECRET_KEYS'] ?? '').split(',');
    const web = this.process('web', ports.web, env);
    await migrateDatabase(database, env['APP_ENV'] === 'test' ? 'test' : 'demo', secretKeys);
    await this.givePort();
    web.begin();
    const seeding = (this.options.seed ?? seedDatabase)(database, secretKeys);
    const answering = untilReady(web, `${local(ports.web)}/health/ready`);
    await Promise.race([seeding, answering]);
    const worker = this.process('worker', ports.worker, env);
    const [credentials] = await Promise.all([seeding, answering, seeding.then(() => worker.begin())]);
    return { web, worker, credentials };
  }

  private process(role: 'web' | 'worker', port: number, env: NodeJS.ProcessEnv): Child {
    return this.child(role, '../src/main.js', { ...env, APP_ROLE: role, PORT: String(port) }, [], true);
  }

  async stop(): Promise<void> {
    const service = this.children.filter(({ name }) => name === 'web' || name === 'worker');
    const surroundings = this.children.filter((child) => !service.includes(child));
    await Promise.all(service.map((child) => child.stop(STOP_WITHIN_MS)));
    await Promise.all(surroundings.map((child) => child.stop(5_000)));
    await this.givePort();
    await this.database?.stop();
    if (this.holdsLock) this.lock.release();
  }

  /** After the lock: it ends what a killed run left on this port. Held, or a demo that starts meanwhile sees it free. */
  private async takePort(): Promise<void> {
    const { port } = this.options;
    if (port === 0) return;
    if (!(await isPortFree(port))) throw portTaken(port);
    this.givePort = await holdPort(port).catch(() => {
      throw portTaken(port);
    });
  }

  private environment(ports: Ports, secrets: DemoSecrets, database: DemoDatabase): NodeJS.ProcessEnv {
    const addresses = {
      baseUrl: local(ports.web),
      simulatorUrl: local(ports.simulator),
      linkUrl: local(ports.link),
      smtpUrl: `smtp://127.0.0.1:${ports.smtp}`,
      databaseUrl: database.url,
      ownerUrl: database.ownerUrl,
    };
    return serviceEnvironment(this.options.env, addresses, secrets);
  }

  private child(
    name: ChildName,
    script: string,
    env: NodeJS.ProcessEnv,
    args: readonly string[] = [],
    waits = false,
  ): Child {
    const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
    const child = new Child({
      name,
      script: path,
      args,
      waits,
      env,
      logFile: join(this.directory, 'logs', `${name}.log`),
      onSpawn: (pid) => this.lock.add(pid, path),
      onCrash: () => this.options.tell(`${name} ended unexpectedly, starting it again`),
    });
    this.children.push(child);
    return child;
  }
}
