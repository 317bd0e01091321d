import { createServer, type Server } from 'node:http';
import { holdPort, isPortFree } from '../support/free-port.js';
import { type Starting, untilReady } from './readiness.js';

describe('a process that starts', () => {
  let server: Server;
  let port: number;
  let asked: () => void;
  beforeEach(async () => {
    asked = () => undefined;
    server = createServer((_request, response) => {
      asked();
      response.end('ready');
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    ({ port } = server.address() as { port: number });
  });
  afterEach(() => server.close());

  const child = (more: Partial<Starting> = {}) => ({
    ...{ name: 'web', crashCount: 0, isServing: true, hasLostPort: false, lastWords: () => 'its last words' },
    ...more,
  });
  const ready = (starting: Starting) => untilReady(starting, `http://127.0.0.1:${port}/health/ready`);

  it('is ready when it answers, also after a crash', async () => {
    await ready(child());
    await ready(child({ crashCount: 1 }));
  });

  it('is not ready by the answer of another program on its port', async () => {
    const refused = child({ isServing: false });
    asked = () => Object.assign(refused, { crashCount: 1, hasLostPort: true });
    await expect(ready(refused)).rejects.toThrow(`Port ${port} is taken by another program`);
  });

  it('is not ready while it does not listen', async () => {
    const restarted = child({ isServing: false, crashCount: 1 });
    let answers = 0;
    asked = () => {
      answers += 1;
      if (answers === 2) restarted.isServing = true;
    };
    await ready(restarted);
    expect(answers).toBe(2);
  });

  it('is given up after three crashes, with its last words', async () => {
    await expect(ready(child({ crashCount: 3 }))).rejects.toThrow('its last words');
  });

  it('finds its port taken while another one holds it', async () => {
    await expect(holdPort(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    server.close();
    const give = await holdPort(port);
    expect(await isPortFree(port)).toBe(false);
    await expect(holdPort(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await give();
    expect(await isPortFree(port)).toBe(true);
  });
});
