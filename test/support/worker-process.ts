import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface WorkerWishes {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly operator: { readonly url: string; readonly authToken: string };
  readonly failpoints?: string;
  readonly more?: Record<string, string>;
}

/** A worker as in production: the built program in a process of its own, alone with its environment. */
export class WorkerProcess {
  readonly output: string[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown[]>;

  constructor(wishes: WorkerWishes) {
    this.child = spawn(process.execPath, [join(__dirname, '../../dist/src/main.js')], {
      env: {
        PATH: process.env['PATH'],
        APP_ENV: 'test',
        APP_ROLE: 'worker',
        PORT: '0',
        PUBLIC_BASE_URL: 'http://127.0.0.1:9',
        DATABASE_URL: wishes.databaseUrl,
        SECRET_KEYS: 'k'.repeat(32),
        SMS_PROVIDERS: 'twilio',
        TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
        TWILIO_AUTH_TOKEN: wishes.operator.authToken,
        TWILIO_SENDER: 'MonSuiviJus',
        TWILIO_API_BASE_URL: wishes.operator.url,
        SEND_WINDOW: '00:00-23:59',
        LOG_LEVEL: 'warn',
        ...(wishes.redisUrl === undefined ? {} : { REDIS_URL: wishes.redisUrl }),
        ...(wishes.failpoints === undefined ? {} : { FAILPOINTS: wishes.failpoints }),
        ...wishes.more,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => this.output.push(chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => this.output.push(chunk.toString()));
    this.ended = once(this.child, 'close');
  }

  /** Answers the signal that ended the process, or its exit code. */
  async end(): Promise<string | number> {
    const [code, signal] = (await this.ended) as [number | null, NodeJS.Signals | null];
    return signal ?? code ?? -1;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<string | number> {
    if (this.isRunning) this.child.kill(signal);
    return this.end();
  }
}
