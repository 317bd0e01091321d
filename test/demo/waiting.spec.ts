import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { scratchFolder } from '../support/scratch.js';

const WAITING = resolve('dist/demo/supervisor/waiting.js');

describe('a process of the demo that waits for its word', () => {
  const folder = scratchFolder('waiting');

  it('tells that it listens, also at the second port that it tries', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const script = join(folder, 'second.mjs');
    writeFileSync(
      script,
      `import { createServer } from 'node:net';
       const server = createServer();
       server.once('error', () => server.listen(0));
       server.listen(${port});
       process.once('disconnect', () => server.close());`,
    );
    const child = fork(WAITING, [script], { silent: true });
    const [told, ended] = [once(child, 'message'), once(child, 'exit')];
    child.send('begin');
    const [[word], [code]] = await Promise.all([told, ended]);
    other.close();
    expect({ word, code }).toEqual({ word: 'listening', code: 0 });
  });
});
