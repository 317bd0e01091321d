import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../../demo/support/free-port.js';
import { commandLine, isAlive, waitFor } from '../../demo/support/processes.js';
import { scratchFolder } from '../support/scratch.js';

const SCRIPT = resolve('dist/demo/main.js');

jest.setTimeout(600_000);
const READY_WITHIN_MS = 150_000;

interface Run {
  readonly process: ChildProcess;
  output(): string;
  /** Ended, and all it said was heard. */
  readonly closed: Promise<unknown>;
}

interface DemoFile {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly apiKeys: readonly { organization: string; key: string }[];
  readonly simulatorUrl: string;
  readonly mailUrl: string;
  readonly twilioAuthToken: string;
  readonly agents: readonly { email: string; password: string; role: string; organization: string }[];
}

/** The built demo, as `npm run demo` starts it. Each step goes on from where the one before left the folder. */
describe('npm run demo', () => {
  const directory = scratchFolder('demo');
  const runs: Run[] = [];
  let port: number;
  let first: DemoFile;

  beforeAll(async () => {
    port = await freePort();
  });
  afterAll(async () => {
    for (const run of runs) if (run.process.exitCode === null) run.process.kill('SIGTERM');
    await waitFor(() => processesOf(directory).length === 0, 60_000);
    rmSync(directory, { recursive: true, force: true });
  });

  const start = (onPort = port, folder = directory): Run => {
    let output = '';
    const env = { ...process.env, DATABASE_URL: '', REDIS_URL: '', NODE_ENV: '' };
    const child = spawn(process.execPath, [SCRIPT, '--port', String(onPort), '--data-dir', folder], {
      env,
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const run: Run = { process: child, output: () => output, closed: once(child, 'close') };
    runs.push(run);
    return run;
  };
  const ready = async (run: Run): Promise<DemoFile> => {
    await waitFor(() => run.output().includes('ready ') || run.process.exitCode !== null, READY_WITHIN_MS);
    expect(run.output()).toMatch(new RegExp(`^ready http://127\\.0\\.0\\.1:${port}$`, 'm'));
    return JSON.parse(readFileSync(join(directory, 'demo.json'), 'utf8')) as DemoFile;
  };
  const ended = async (run: Run): Promise<number | null> => {
    await run.closed;
    return run.process.exitCode;
  };

  it('starts everything and says where', async () => {
    const run = start();
    first = await ready(run);
    expect(first).toMatchObject({
      baseUrl: `http://127.0.0.1:${port}`,
      twilioAuthToken: expect.stringMatching(/^\S{16,}$/),
    });
    expect(run.output()).toContain(first.simulatorUrl);
    for (const address of [
      `${first.baseUrl}/health/ready`,
      first.simulatorUrl,
      `${first.simulatorUrl}/messages`,
      first.mailUrl,
    ])
      expect((await fetch(address)).status).toBe(200);
    const answer = await fetch(`${first.baseUrl}/api/v1/organizations`, {
      headers: { authorization: `Bearer ${first.apiKey}` },
    });
    const { items } = (await answer.json()) as { items: { name: string }[] };
    expect(items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(first.apiKeys.map(({ organization }) => organization)),
    );
    expect(first.agents.length).toBeGreaterThan(30);
  });

  it('refuses a second demo on the same folder, and a port that is taken', async () => {
    const second = start(await freePort());
    expect(await ended(second)).toBe(1);
    expect(second.output()).toContain('already running on this folder');
    const third = start(port, join(directory, 'elsewhere'));
    expect(await ended(third)).toBe(1);
    expect(third.output()).toContain(`Port ${port} is taken`);
    expect((await fetch(`${first.baseUrl}/health/ready`)).status).toBe(200);
  });

  it('brings a killed worker back', async () => {
    const before = worker(directory);
    process.kill(before, 'SIGKILL');
    expect(await waitFor(() => worker(directory) > 0 && worker(directory) !== before, 60_000)).toBe(true);
  });

  it('starts again over a run that was killed, with the same keys, and leaves no process of it', async () => {
    const killed = runs[0]?.process;
    killed?.kill('SIGKILL');
    await waitFor(() => killed?.signalCode !== null, 60_000);
    const orphans = processesOf(directory);
    expect(orphans.length).toBeGreaterThan(2);
    const run = start();
    const again = await ready(run);
    expect(again).toMatchObject({
      apiKey: first.apiKey,
      apiKeys: first.apiKeys,
      twilioAuthToken: first.twilioAuthToken,
    });
    expect(orphans.filter(isAlive)).toEqual([]);
    expect(existsSync(join(directory, 'postgres', 'data', 'PG_VERSION'))).toBe(true);
  });

  it('stops everything when asked, and ends with 0', async () => {
    const run = runs.at(-1);
    run?.process.kill('SIGINT');
    expect(run === undefined ? null : await ended(run)).toBe(0);
    expect(processesOf(directory)).toEqual([]);
  });
});

/** Processes the demo noted in its folder, and its PostgreSQL, still alive. */
function processesOf(directory: string): number[] {
  const noted = (notes(directory)?.children ?? []).map(({ pid }) => pid);
  const lock = join(directory, 'postgres', 'data', 'postmaster.pid');
  const server = existsSync(lock) ? [Number(readFileSync(lock, 'utf8').split('\n')[0])] : [];
  return [...noted, ...server].filter(isAlive);
}

/** The worker is the second of the two processes of the service. */
function worker(directory: string): number {
  const service = (notes(directory)?.children ?? []).filter(({ script }) => script.endsWith('/src/main.js'));
  const alive = service.filter(({ pid }) => isAlive(pid) && commandLine(pid) !== '');
  return alive.length < 2 ? 0 : (alive.at(-1)?.pid ?? 0);
}

function notes(directory: string): { children: { pid: number; script: string }[] } | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, 'demo.pid'), 'utf8')) as {
      children: { pid: number; script: string }[];
    };
  } catch {
    return undefined;
  }
}
