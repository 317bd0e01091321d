import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPostgresBackend, type Job, Worker } from 'bullmq';
import twilio from 'twilio';
import { LeanHttp } from '../src/notifications/providers/lean-http.js';

/**
 * The limit of `bench dispatch`: a bare BullMQ loop, with the queue, the concurrency and the Twilio client of the
 * service and nothing else. It reads no row, checks nothing, records nothing; killed, it would lose or double.
 */
export interface LimitOptions {
  readonly queue: string;
  readonly concurrency: number;
  readonly databaseUrl: string;
  readonly redisUrl?: string;
  readonly operatorUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly sender: string;
  readonly receipts: boolean;
}

const options = JSON.parse(process.env['BENCH_LIMIT'] ?? '{}') as LimitOptions;
const callback = options.receipts ? await sink() : undefined;
const client = twilio(options.accountSid, options.authToken, {
  httpClient: new LeanHttp(options.concurrency, 40_000),
  autoRetry: false,
});
client.api.baseUrl = options.operatorUrl;

let done = 0;
const handle = async ({ data }: Job<{ to: string; body: string }>) => {
  await client.messages.create({
    to: data.to,
    body: data.body,
    from: options.sender,
    validityPeriod: 36_000,
    ...(callback === undefined ? {} : { statusCallback: callback }),
  });
  done++;
};
const settings = {
  concurrency: options.concurrency,
  lockDuration: 90_000,
  stalledInterval: 30_000,
  maxStalledCount: 1,
};
const worker =
  options.redisUrl === undefined
    ? new Worker(
        options.queue,
        handle,
        { ...settings, connection: { connectionString: options.databaseUrl, max: 4 } },
        createPostgresBackend,
      )
    : new Worker(options.queue, handle, {
        ...settings,
        connection: { url: options.redisUrl, maxRetriesPerRequest: null },
      });
worker.on('failed', (_job, error) => process.stderr.write(`limit: ${error.message}\n`));
await worker.waitUntilReady();
process.stdout.write('limit ready\n');
setInterval(() => process.send?.(done), 50);
process.once('SIGTERM', () => process.exit(0));

/** Receipts are answered, not read. */
async function sink(): Promise<string> {
  const server = createServer((request, response) =>
    request.resume().once('end', () => response.writeHead(204).end()),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/receipt`;
}
