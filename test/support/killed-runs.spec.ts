import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweepKilledRuns } from './killed-runs.js';
import { MEMORY } from './scratch.js';

describe('the remains of a killed run', () => {
  const left: string[] = [];
  let server: ChildProcess | undefined;
  afterEach(() => {
    server?.kill();
    jest.restoreAllMocks();
    for (const directory of left) rmSync(directory, { recursive: true, force: true });
  });

  const runOf = (pid: number | undefined, parent: string): string => {
    const directory = mkdtempSync(join(parent, 'msj-test-'));
    left.push(directory);
    writeFileSync(join(directory, 'runner.pid'), String(pid));
    return directory;
  };
  const gone = () => spawnSync(process.execPath, ['--version']).pid;

  it.each([tmpdir(), MEMORY].filter(existsSync))(
    'are swept in %s, though it filled what memory was free',
    async (parent) => {
      jest.spyOn(process, 'availableMemory').mockReturnValue(0);
      const [killed, running] = [runOf(gone(), parent), runOf(process.pid, parent)];
      await sweepKilledRuns();
      expect(existsSync(killed)).toBe(false);
      expect(existsSync(running)).toBe(true);
    },
  );

  it('go with the servers of the stories it played', async () => {
    const killed = runOf(gone(), tmpdir());
    const data = join(killed, 'story-1', 'msj-story-1', 'postgres', 'data');
    mkdirSync(data, { recursive: true });
    // Known by its name and its directory.
    const program = join(killed, 'postgres');
    symlinkSync(process.execPath, program);
    server = spawn(program, ['-e', 'setInterval(() => {}, 1000)', '--', data]);
    const ended = once(server, 'exit');
    writeFileSync(join(data, 'postmaster.pid'), `${server.pid}\n`);
    await sweepKilledRuns();
    await ended;
    expect(existsSync(killed)).toBe(false);
  });
});
