import pg from 'pg';
import type { NaiveOptions } from '../dispatch-naive.js';
import { type Child, lineOf, memoryOf, start } from './children.js';
import { BODY, type DispatchOptions, judge, phonesOf, type Run, type Side } from './dispatch-run.js';
import { ACCOUNT_SID, AUTH_TOKEN, type Rig, SENDER } from './rig.js';

/** The way of the neighbours; its memory is that of its process at its highest. */
export async function startNaive(
  rig: Rig,
  options: DispatchOptions,
  operatorUrl: string,
): Promise<Side & { readonly memoryMb: () => number }> {
  const client = new pg.Client({ connectionString: rig.ownerUrl });
  await client.connect();
  await client.query(`
    CREATE TABLE bench_naive_due (id serial PRIMARY KEY, phone text, body text);
    CREATE TABLE bench_naive_sent (due_id integer, sid text, sent_at timestamptz DEFAULT now())`);
  rig.keep({ stop: () => client.end() });
  const naive: NaiveOptions = {
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    sender: SENDER,
    databaseUrl: rig.ownerUrl,
    operatorUrl,
    receipts: options.receipts,
  };
  const child = rig.keep(start('bench/dispatch-naive.js', { BENCH_NAIVE: JSON.stringify(naive) }));
  await lineOf(child, /(naive ready)/);
  return {
    run: (round) => runNaive(rig, client, child, { count: options.count, operatorUrl, round }),
    memoryMb: () => memoryOf(child.pid, 'VmHWM'),
  };
}

async function runNaive(
  rig: Rig,
  client: pg.Client,
  child: Child,
  {
    count,
    operatorUrl,
    round,
  }: { readonly count: number; readonly operatorUrl: string; readonly round: number },
): Promise<Run> {
  const phones = phonesOf(5, round, count);
  await client.query(
    'INSERT INTO bench_naive_due (phone, body) SELECT phone, $2 FROM unnest($1::text[]) AS phone',
    [phones, BODY],
  );
  await rig.checkpoint();
  const dueAt = Date.now();
  const failed = await sentByNaive(child, count);
  const recordedAt = Date.now();
  if (failed > 0) process.stdout.write(`naive: ${failed} requests failed and were given up\n`);
  // What it gave up it would find again the next minute: not here.
  await client.query('TRUNCATE bench_naive_due, bench_naive_sent');
  return judge(operatorUrl, phones, { dueAt, takenUpAt: dueAt, recordedAt });
}

/** @returns how many of `count` it gave up: all of them when so many requests at once cost it its life */
function sentByNaive({ process: naive }: Child, count: number): Promise<number> {
  if (naive.exitCode !== null || naive.signalCode !== null) return Promise.resolve(count);
  return new Promise((answered) => {
    const gone = () => answered(count);
    naive.once('exit', gone);
    naive.once('message', (refused) => {
      naive.off('exit', gone);
      answered(Number(refused));
    });
    naive.send('run');
  });
}
