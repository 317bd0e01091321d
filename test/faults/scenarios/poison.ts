import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { loadEnv } from '../../../config/load-env.js';
import { JobQueue } from '../../../src/platform/queue.js';
import { HOSTILE_TEXTS } from '../../support/hostile-corpus.js';
import { BOTH, ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';

const GOOD = 20;

/** A template that cannot be written, places with hostile names, a text of many parts: the others leave. */
async function texts(rig: Rig): Promise<void> {
  const bad = await rig.plan(3);
  await rig.query(
    `INSERT INTO template (organization_id, type_code, kind, text)
     VALUES ($1, 'suivi-spip', 'reminder', 'RDV {ce.qui.n.existe.pas} le {rdv.date')`,
    [bad.organizationId],
  );
  const names = HOSTILE_TEXTS.filter((text) => text.trim() !== '' && !/[\0\ud800-\udfff]/.test(text)).slice(
    0,
    40,
  );
  for (const name of names) {
    const { placeId } = await rig.plan(1);
    await rig.query('UPDATE place SET name = $2, address = $2 WHERE id = $1', [placeId, name]);
  }
  const long = await rig.plan(1);
  await rig.query('UPDATE place SET name = $2, address = $2 WHERE id = $1', [
    long.placeId,
    'Très long lieu '.repeat(60),
  ]);
  await rig.plan(GOOD);
  const engine = await rig.engine();
  await rig.recover(engine, '2 minutes');
  const failed = await rig.count(`state = 'failed' AND reason = 'template-unrenderable'`);
  equal(failed, 3, 'messages that cannot be written, failed');
  equal(await rig.count(`state NOT IN ('accepted', 'failed')`), 0, 'messages that neither left nor failed');
  ensure(rig.operator.accepted.length >= GOOD + names.length, 'good messages were held up');
}

interface Producer {
  addBulk(jobs: { name: string; data: unknown; opts: object }[]): Promise<unknown>;
}

const POISON_DATA: readonly unknown[] = [
  { messageId: randomUUID(), epoch: 1 },
  { messageId: 'not an id', epoch: 1 },
  { messages: [{ messageId: 'not an id', epoch: 1 }] },
  { messages: [{ messageId: randomUUID(), epoch: 'many' }] },
  { messages: [{ messageId: randomUUID(), epoch: 1e300 }] },
  { messages: null },
  { messages: 7 },
  {},
  [],
  'text',
];

async function jobs(rig: Rig): Promise<void> {
  const worker = await rig.worker();
  const queue = new JobQueue(loadEnv({ ...rig.env }));
  const { producer } = queue as unknown as { producer(): Producer };
  const opts = { removeOnComplete: true, removeOnFail: true };
  const names = ['send', 'of-a-later-release'];
  await producer
    .call(queue)
    .addBulk(POISON_DATA.map((data, index) => ({ name: names[index % 2] ?? 'send', data, opts })));
  await queue.onApplicationShutdown();
  if (rig.redisUrl !== undefined) await pushGhost(rig.redisUrl);
  await rig.plan(GOOD);
  await rig.quiet(30_000);
  ensure(worker.isRunning, 'the worker ended');
  equal(await worker.stop(), 0, 'exit code');
  equal(rig.operator.accepted.length, GOOD, 'texts, without waiting for the sweeper');
}

/** An id in the list of waiting jobs that has no job. */
async function pushGhost(url: string): Promise<void> {
  const client = new Redis(url);
  for (const key of await client.keys('msj-*:wait')) await client.lpush(key, 'ghost');
  client.disconnect();
}

export const POISON: readonly Fault[] = [
  {
    id: 'F36',
    title: 'texts that cannot be written, hostile names, many parts',
    promise: 'that one fails and is told, the others leave',
    tier: 'core',
    backends: ['postgres'],
    mayExpire: true,
    run: texts,
  },
  {
    id: 'F37',
    title: 'jobs with unknown, broken or foreign content',
    promise: 'acknowledged; no loop, no delay for the others',
    tier: 'core',
    backends: BOTH,
    run: jobs,
  },
];
