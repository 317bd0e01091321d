import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';
import { listen } from './listen.js';

@Module({})
class Empty {}

describe('a process whose PORT is taken', () => {
  let neighbour: Server;
  let app: NestExpressApplication;
  let PORT: number;
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });

  beforeEach(async () => {
    neighbour = createServer((_request, response) => response.end('neighbour'));
    await new Promise<void>((resolve) => neighbour.listen(0, resolve));
    PORT = (neighbour.address() as AddressInfo).port;
    app = await NestFactory.create<NestExpressApplication>(Empty, { logger: false });
    lines.length = 0;
  });
  afterEach(async () => {
    await app.close();
    await new Promise((resolve) => neighbour.close(resolve));
  });

  it('answers elsewhere and says where, as a worker', async () => {
    const port = await listen(app, { APP_ROLE: 'worker', PORT }, log);
    expect(port).not.toBe(PORT);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    expect(JSON.parse(lines.join(''))).toMatchObject({ level: 40, taken: PORT, port });
  });

  it.each(['web', 'all'] as const)('does not start as %s', async (role) => {
    await expect(listen(app, { APP_ROLE: role, PORT }, log)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(lines).toEqual([]);
  });

  it('keeps a free one', async () => {
    await new Promise((resolve) => neighbour.close(resolve));
    expect(await listen(app, { APP_ROLE: 'worker', PORT }, log)).toBe(PORT);
    expect(lines).toEqual([]);
  });
});
