import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A call as the other program received it. */
export interface ReceivedCall {
  readonly body: string;
  readonly signature: string;
  readonly payload: { id: string; event: string; state: string; convocationId: string | null };
}

export interface Receiver {
  readonly url: string;
  readonly calls: ReceivedCall[];
  /** Resolves once it has received so many calls. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, call: number) => void;

export const answers =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end('thank you');

/** Never answers; its connection ends when it is closed. */
export const hangs: Answer = () => undefined;

/** Another program of the ministry, on the loopback. */
export async function aReceiver(answer: Answer = answers(204)): Promise<Receiver> {
  const calls: ReceivedCall[] = [];
  const sockets = new Set<Socket>();
  let tell: () => void = () => undefined;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      calls.push({
        body,
        signature: String(request.headers['msj-signature']),
        payload: body === '' ? null : JSON.parse(body),
      });
      answer(response, calls.length);
      tell();
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/suivi`,
    calls,
    received: (count) =>
      new Promise<void>((resolve) => {
        tell = () => calls.length >= count && resolve();
        tell();
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
