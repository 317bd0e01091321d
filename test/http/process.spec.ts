import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '../support/engine.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const ROOT = join(__dirname, '../..');
const MAIN = join(ROOT, 'dist/src/main.js');

interface Process {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly baseUrl: string;
}

interface Program {
  readonly command: string;
  readonly words: readonly string[];
}

const BUILT: Program = { command: process.execPath, words: [MAIN] };

/** The built ESM output, as `npm start` runs it. */
describe('the production process', () => {
  let database: TestDatabase;
  let running: Process | undefined;
  beforeAll(async () => {
    if (!existsSync(MAIN)) execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT });
    database = await createTestDatabase();
  });
  afterEach(() => endGroup(running?.child));
  afterAll(() => database.drop());

  async function start(
    more: Readonly<Record<string, string>> = {},
    { command, words }: Program = BUILT,
  ): Promise<Process> {
    const env = {
      PATH: process.env['PATH'] ?? '',
      ...{ APP_ENV: 'test', PORT: '0', PUBLIC_BASE_URL: 'http://127.0.0.1', SECRET_KEYS: 's'.repeat(40) },
      DATABASE_URL: database.url,
      ...more,
    };
    const child = spawn(command, words, {
      cwd: ROOT,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => (output += part.toString()));
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', () => {
        const found = /"port":(\d+),"msg":"started"/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('close', () => reject(new Error(output)));
    });
    running = { child, output: () => output, baseUrl: `http://127.0.0.1:${port}` };
    return running;
  }

  it.each(['web', 'worker', 'all'])('starts as %s, says what is off, and stops when asked', async (role) => {
    const { child, output, baseUrl } = await start({ APP_ROLE: role });
    expect(output()).toContain('SMS_PROVIDERS is absent');
    expect(output()).toContain('SMTP_URL is absent');
    expect(output()).toContain('REDIS_URL is absent');
    expect((await fetch(`${baseUrl}/health/live`)).status).toBe(200);
    expect((await fetch(`${baseUrl}/api/v1/places`)).status).toBe(role === 'worker' ? 404 : 401);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    expect(output()).toContain('"msg":"stopped"');
  });

  it.each(['start', 'start:worker'])(
    'stops by itself when npm run %s is asked to, and not npm alone',
    async (script) => {
      const { child, output } = await start({}, { command: 'npm', words: ['run', script] });
      child.kill('SIGTERM');
      await once(child, 'close');
      expect(output()).toContain('"msg":"stopped"');
    },
  );

  it('is ready as a worker once the relay has run', async () => {
    const { baseUrl } = await start({ APP_ROLE: 'worker' });
    let ready: { status: number; body: any } = { status: 0, body: {} };
    await eventually(async () => {
      const answer = await fetch(`${baseUrl}/health/ready`);
      ready = { status: answer.status, body: await answer.json() };
      return ready.status === 200;
    });
    expect(ready.body).toMatchObject({
      status: 'ready',
      checks: { relay: 'running', queue: 'up' },
      off: ['sms', 'email'],
    });
  });

  it('says that an operator outside the loopback reaches nobody here', async () => {
    const { output } = await start({
      ...{ APP_ROLE: 'worker', SMS_PROVIDERS: 'twilio', TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 't' },
      ...{ TWILIO_SENDER: 'MonSuiviJus', SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'msj@suivi.example' },
    });
    expect(output()).toContain('TWILIO_API_BASE_URL is not on the loopback');
    expect(output()).toContain('SMTP_URL is not on the loopback');
  });

  it('names every faulty variable and none of their values', async () => {
    const refused = await start({ SECRET_KEYS: 'hush-hush', SMS_SENDER: 'x', PORT: 'many' }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(Error);
    const told = (refused as Error).message;
    expect(told).toContain('PORT, SECRET_KEYS, SMS_SENDER');
    expect(told).not.toContain('hush-hush');
  });

  it('refuses to be ready on the database of another environment', async () => {
    const { baseUrl } = await start({ APP_ENV: 'staging', APP_ROLE: 'web' });
    const answer = await fetch(`${baseUrl}/health/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ status: 'not-ready', checks: { environment: 'mismatch' } });
  });
});

/** Whatever a shell or npm left behind too. */
function endGroup(child: ChildProcess | undefined): void {
  try {
    if (child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
