import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { waitFor } from '../../demo/support/processes.js';

const SCRIPT = resolve('dist/demo/main.js');

interface Verdict {
  readonly story: string;
  readonly steps: readonly { name: string; ok: boolean; seen: string }[];
  readonly sms: number;
  readonly emails: number;
  readonly lost: number;
  readonly duplicated: number;
}

jest.setTimeout(180_000);

/** The built story, as `npm run demo -- --headless` plays it; the other sabotages run beside the suite. */
describe('npm run demo -- --headless', () => {
  const folder = mkdtempSync(join(tmpdir(), 'msj-stories-'));
  // PostgreSQL may run as another user.
  chmodSync(folder, 0o755);
  const children: ChildProcess[] = [];
  afterAll(async () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
    await waitFor(() => children.every((child) => !isRunning(child)), 60_000);
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (...options: string[]) => {
    let output = '';
    const env = { ...process.env, TMPDIR: folder, DATABASE_URL: '', REDIS_URL: '', NODE_ENV: '' };
    const child = spawn(process.execPath, [SCRIPT, '--headless', ...options], { env });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    children.push(child);
    return { child, output: () => output };
  };
  const play = async (...options: string[]): Promise<{ code: number | null; verdict: Verdict }> => {
    const { child, output } = start(...options);
    await waitFor(() => !isRunning(child), 150_000);
    const last = output().trimEnd().split('\n').at(-1) ?? '';
    return { code: child.exitCode, verdict: JSON.parse(last) as Verdict };
  };

  it('keeps every promise, from the booking to the absence rate, and leaves nothing behind', async () => {
    const { code, verdict } = await play();
    expect(verdict.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(verdict).toMatchObject({ story: 'ok', lost: 0, duplicated: 0, sms: 19, emails: 2 });
    expect(verdict.steps.length).toBeGreaterThan(10);
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says which promise was broken when a reminder is lost behind the back of the service', async () => {
    const { code, verdict } = await play('--sabotage', 'lose');
    expect(verdict).toMatchObject({ story: 'failed', lost: 1, duplicated: 0 });
    expect(verdict.steps.filter(({ ok }) => !ok).map(({ name }) => name)).toContain(
      'the reminder leaves at the right hour in Nanterre',
    );
    expect(code).toBe(1);
  });

  it('stops everything and leaves nothing behind when it is interrupted', async () => {
    const { child, output } = start();
    await waitFor(() => output().includes('an agent signs in') || !isRunning(child), 60_000);
    child.kill('SIGINT');
    expect(await waitFor(() => !isRunning(child), 40_000)).toBe(true);
    expect(child.exitCode).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a sabotage that it does not know', async () => {
    const { child, output } = start('--sabotage', 'weather');
    await waitFor(() => !isRunning(child), 30_000);
    expect(child.exitCode).toBe(1);
    expect(output()).toContain('lose, double, early, wrong-zone, no-receipt');
  });
});

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
