import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../support/scratch.js';
import { Child } from '../../demo/supervisor/child.js';

const TAKEN = 'Error: listen EADDRINUSE: address already in use :::3000';

describe('a process of the demo that ends by itself', () => {
  const folder = scratchFolder('child');
  const children: Child[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) await child.stop(1_000);
  });

  /** @returns once it ended, saying this; its log holds what was written before */
  const ended = async (name: string, says: string, before = ''): Promise<Child> => {
    const script = join(folder, `${name}.cjs`);
    const logFile = join(folder, `${name}.log`);
    writeFileSync(script, `console.error(${JSON.stringify(says)}); process.exitCode = 1;`);
    writeFileSync(logFile, before);
    return new Promise((resolve) => {
      const env = { PATH: process.env['PATH'] };
      const onCrash = () => resolve(child);
      const child = new Child({ name, script, env, logFile, onSpawn: () => undefined, onCrash });
      children.push(child);
    });
  };

  it('lost its port when it says so', async () => {
    const web = await ended('web', TAKEN);
    expect(web.hasLostPort).toBe(true);
    expect(web.lastWords()).toBe(TAKEN);
  });

  it('did not because an earlier run had', async () => {
    const web = await ended('web', 'no database', `earlier\n${TAKEN}\n`);
    expect(web.hasLostPort).toBe(false);
    expect(web.lastWords()).toBe('no database');
  });

  it.each(['worker', 'simulator', 'mail'])('%s lost none that a person chose', async (name) => {
    const child = await ended(name, TAKEN);
    expect(child.hasLostPort).toBe(false);
    expect(child.lastWords()).toBe(TAKEN);
  });
});
