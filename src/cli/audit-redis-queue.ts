import { Redis } from 'ioredis';
import type { Breach } from '../notifications/surety/auditor.js';
import { QUEUE_NAME } from '../platform/queue.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A number as people or operators write it; digits within an id are none. */
const NUMBER = /\+\d{8}|(?:^|[^\w-])0(?:0\d{8}|[1-9]\d{8}\b)/;
/** What a job of BullMQ says in words. */
const WORDS = ['failedReason', 'stacktrace', 'returnvalue', 'progress'];
const SHOWN = 20;

/** I8 where SQL cannot see: what the jobs of every queue of ours on this Redis hold. */
export async function auditRedisQueue(url: string): Promise<readonly Breach[]> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return breachesOf(await faultyJobs(client));
  } finally {
    client.disconnect();
  }
}

async function faultyJobs(client: Redis): Promise<readonly string[]> {
  const faulty: string[] = [];
  for await (const found of client.scanStream({
    match: `msj-*:${QUEUE_NAME}:send-*`,
    count: 500,
    type: 'hash',
  }))
    for (const key of found as string[]) {
      const job = await client.hgetall(key);
      const words = WORDS.map((field) => job[field] ?? '').join(' ');
      if (!isOurs(job.data) || job.name !== 'send' || NUMBER.test(words))
        faulty.push(key.split(':').at(-1) ?? key);
    }
  return faulty;
}

/** `{ messages: [{ messageId, epoch }] }` and nothing more; a job that is gone meanwhile is none. */
function isOurs(data: string | undefined): boolean {
  if (data === undefined) return true;
  try {
    const { messages, ...more } = JSON.parse(data) as { messages?: unknown };
    return Array.isArray(messages) && messages.every(isIdAndEpoch) && Object.keys(more).length === 0;
  } catch {
    return false;
  }
}

function isIdAndEpoch(value: unknown): boolean {
  const { messageId, epoch, ...more } = value as { messageId?: unknown; epoch?: unknown };
  return (
    typeof messageId === 'string' &&
    UUID.test(messageId) &&
    Number.isSafeInteger(epoch) &&
    Number(epoch) < 10_000_000 &&
    Object.keys(more).length === 0
  );
}

function breachesOf(ids: readonly string[]): readonly Breach[] {
  if (ids.length === 0) return [];
  const sentence = 'a job of the queue on Redis holds something else than ids and epochs';
  return [{ invariant: 'I8', sentence, ids: ids.slice(0, SHOWN), count: ids.length }];
}
