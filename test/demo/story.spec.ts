import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { waitFor } from '../../demo/support/processes.js';
import { scratchFolder } from '../support/scratch.js';

const SCRIPT = resolve('dist/demo/main.js');

jest.setTimeout(600_000);

interface Verdict {
  readonly story: string;
  readonly steps: readonly { name: string; ok: boolean; seen: string }[];
  readonly sms: number;
  readonly emails: number;
  readonly lost: number;
  readonly duplicated: number;
}

interface Play {
  /** All that one run may leave behind lies here. */
  readonly folder: string;
  readonly child: ChildProcess;
  output(): string;
  /** Ended, and all it said was heard. */
  readonly closed: Promise<unknown>;
}

/** The built story, as `npm run demo -- --headless` plays it; the other sabotages run beside the suite. */
describe('npm run demo -- --headless', () => {
  const plays: Play[] = [];
  afterAll(async () => {
    for (const { child } of plays) if (isRunning(child)) child.kill('SIGTERM');
    await waitFor(() => plays.every(({ child }) => !isRunning(child)), 60_000);
    for (const { folder } of plays) rmSync(folder, { recursive: true, force: true });
  });

  const start = (...options: string[]): Play => {
    const folder = scratchFolder('stories');
    let output = '';
    const env = { ...process.env, TMPDIR: folder, DATABASE_URL: '', REDIS_URL: '', NODE_ENV: '' };
    const child = spawn(process.execPath, [SCRIPT, '--headless', ...options], { env });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const play: Play = { folder, child, output: () => output, closed: once(child, 'close') };
    plays.push(play);
    return play;
  };
  const verdictOf = async ({ closed, output }: Play): Promise<Verdict> => {
    await closed;
    const last = output().trimEnd().split('\n').at(-1) ?? '';
    return JSON.parse(last) as Verdict;
  };
  // A story waits for its clock more than it works: two of them share the time of one.
  let whole: Play;
  let robbed: Play;
  beforeAll(() => {
    whole = start();
    robbed = start('--sabotage', 'lose');
  });

  it('keeps every promise, from the booking to the absence rate, and leaves nothing behind', async () => {
    const verdict = await verdictOf(whole);
    expect(verdict.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(verdict).toMatchObject({ story: 'ok', lost: 0, duplicated: 0, sms: 19, emails: 2 });
    expect(verdict.steps.length).toBeGreaterThan(10);
    expect(whole.child.exitCode).toBe(0);
    expect(readdirSync(whole.folder)).toEqual([]);
  });

  it('says which promise was broken when a reminder is lost behind the back of the service', async () => {
    const verdict = await verdictOf(robbed);
    expect(verdict).toMatchObject({ story: 'failed', lost: 1, duplicated: 0 });
    expect(verdict.steps.filter(({ ok }) => !ok).map(({ name }) => name)).toContain(
      'the reminder leaves at the right hour in Nanterre',
    );
    expect(robbed.child.exitCode).toBe(1);
  });

  it('stops everything and leaves nothing behind when it is interrupted', async () => {
    const { child, output, folder, closed } = start();
    await waitFor(() => output().includes('an agent signs in') || !isRunning(child), 150_000);
    child.kill('SIGINT');
    await closed;
    expect(child.exitCode).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a sabotage that it does not know', async () => {
    const { child, output, closed } = start('--sabotage', 'weather');
    await closed;
    expect(child.exitCode).toBe(1);
    expect(output()).toContain('lose, double, early, wrong-zone, no-receipt');
  });
});

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
