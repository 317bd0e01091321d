import twilio from 'twilio';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

/**
 * The way of the neighbours (Anchorage's courtbot and those made after it): every minute, read all that is due, fire
 * one request each, all at once, with the vendor's client as it comes, and insert one record afterwards. Nothing is
 * locked and nothing is written before the call: run twice, or killed and run again, it sends twice.
 */
export interface NaiveOptions {
  readonly databaseUrl: string;
  readonly operatorUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly sender: string;
  readonly receipts: boolean;
}

interface Due {
  readonly id: string;
  readonly phone: string;
  readonly body: string;
}

const options = JSON.parse(process.env['BENCH_NAIVE'] ?? '{}') as NaiveOptions;
const client = twilio(options.accountSid, options.authToken);
client.api.baseUrl = options.operatorUrl;
const pool = new pg.Pool({ connectionString: options.databaseUrl, max: 10 });
const callback = options.receipts ? await sink() : undefined;

process.on('message', () => void run());
process.stdout.write('naive ready\n');
process.once('SIGTERM', () => process.exit(0));

async function run(): Promise<void> {
  const { rows } = await pool.query<Due>(
    `SELECT id, phone, body FROM bench_naive_due AS due
      WHERE NOT EXISTS (SELECT FROM bench_naive_sent WHERE due_id = due.id)`,
  );
  const results = await Promise.allSettled(rows.map(remind));
  process.send?.(results.filter(({ status }) => status === 'rejected').length);
}

async function remind({ id, phone, body }: Due): Promise<void> {
  const sent = await client.messages.create({
    to: phone,
    from: options.sender,
    body,
    ...(callback === undefined ? {} : { statusCallback: callback }),
  });
  await pool.query('INSERT INTO bench_naive_sent (due_id, sid) VALUES ($1, $2)', [id, sent.sid]);
}

/** Receipts are answered, not read. */
async function sink(): Promise<string> {
  const server = createServer((request, response) =>
    request.resume().once('end', () => response.writeHead(204).end()),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/receipt`;
}
