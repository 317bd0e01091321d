import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * No system hands these out by itself, neither for a port 0 nor for an outgoing connection: between the look and
 * the use, nobody takes one but who asks for that very number.
 */
const FROM = 10_240;
const TO = 16_000;
const TRIES = 200;

const given = new Set<number>();

/**
 * A TCP port of the loopback nobody listens on at this moment, and that this process has not been given before.
 * @throws Error when none was found
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = randomInt(FROM, TO);
    if (given.has(port) || !(await isPortFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port between ${FROM} and ${TO}`);
}

/** True when a server can listen on it. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Listens on the port as the service will, so that of several who want it one alone has it; whoever connects is sent
 * away.
 * @returns gives it back
 * @throws EADDRINUSE
 */
export async function holdPort(port: number): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return () => new Promise((resolve) => server.close(() => resolve()));
}
