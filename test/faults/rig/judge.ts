import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { findingInWords } from '../../../src/access/domain/journal-findings.js';
import { JournalKeys } from '../../../src/access/journal/journal-keys.js';
import { VerifyJournal } from '../../../src/access/journal/verify-journal.js';
import { auditDatabase } from '../../../src/notifications/surety/auditor.js';
import { TEST_SECRET_KEY } from '../../support/database.js';
import type { LinkText } from '../../support/plain-link.js';
import type { OperatorMessage } from '../../support/plain-operator.js';

/** A text that an operator took. */
type Text = OperatorMessage | LinkText;

/** What came of every message, by the operator's own log against the database. */
export interface Figures {
  readonly lost: number;
  /** Not counting what is flagged as a possible duplicate. */
  readonly duplicated: number;
  readonly uncertainLeft: number;
}

interface MessageRow {
  readonly id: string;
  readonly state: string;
  readonly isDue: boolean;
  readonly flagged: boolean;
  /** By which operators name the calls for it: the digest of a token, or the call itself. */
  readonly tokens: readonly string[];
}

const TAKEN = ['accepted', 'delivered', 'undelivered'];
const DROPPED = ['expired', 'failed'];
const WAITING = ['planned', 'queued', 'sending'];
const SET_ASIDE = ['withdrawn', 'suppressed'];

/** What a fault makes right that would be a loss in another. */
export interface Allowed {
  /** A message that expired or failed is no loss here: the auditor sees to it that an agent is told. */
  readonly mayExpire: boolean;
  /** Nor one that was due and was set aside: the promise was changed under way. */
  readonly mayWithdraw: boolean;
}

export async function judge(
  dataSource: DataSource,
  texts: readonly Text[],
  allowed: Allowed,
): Promise<Figures> {
  const byToken = countByToken(texts);
  const messages = await readMessages(dataSource);
  let [lost, duplicated, uncertainLeft] = [0, 0, 0];
  for (const message of messages) {
    const received = message.tokens.reduce((sum, token) => sum + (byToken.get(token) ?? 0), 0);
    if (isLost(message, received, allowed)) lost++;
    if (received > (message.flagged ? 2 : 1)) duplicated += received - 1;
    if (message.state === 'uncertain') uncertainLeft++;
  }
  return { lost, duplicated: duplicated + strays(messages, byToken), uncertainLeft };
}

function isLost({ state, isDue }: MessageRow, received: number, allowed: Allowed): boolean {
  if (TAKEN.includes(state)) return received === 0;
  if (WAITING.includes(state)) return isDue;
  if (SET_ASIDE.includes(state)) return isDue && received === 0 && !allowed.mayWithdraw;
  return DROPPED.includes(state) && received === 0 && !allowed.mayExpire;
}

/** Texts whose attempt nobody committed: they must not exist, and count as too many. */
function strays(messages: readonly MessageRow[], byToken: ReadonlyMap<string, number>): number {
  const known = new Set(messages.flatMap((message) => message.tokens));
  return [...byToken].reduce((sum, [token, count]) => (known.has(token) ? sum : sum + count), 0);
}

function countByToken(texts: readonly Text[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(tokenOf(text), (counts.get(tokenOf(text)) ?? 0) + 1);
  return counts;
}

/** The digest that the database keeps of the token in the callback address; the call, where there is no such address. */
function tokenOf(text: Text): string {
  if ('attemptId' in text) return text.attemptId;
  const token = text.callback?.split('/').at(-1) ?? '';
  return createHash('sha256').update(token).digest('hex');
}

function readMessages(dataSource: DataSource): Promise<MessageRow[]> {
  return dataSource.query(
    `SELECT m.id, m.state, m.due_at <= app_now() AS "isDue", m.possible_duplicate AS flagged,
            array_remove(array_agg(encode(a.token_hash, 'hex')) || array_agg(a.id::text), NULL) AS tokens
       FROM message m LEFT JOIN delivery_attempt a ON a.message_id = m.id GROUP BY m.id`,
  );
}

/** Every breach of I1 to I8 that the database can tell, as sentences. */
export async function audit(dataSource: DataSource): Promise<readonly string[]> {
  const breaches = await dataSource.transaction((tx) => auditDatabase(tx));
  return [
    ...breaches.map(({ invariant, sentence, count }) => `${invariant}: ${sentence} (${count})`),
    ...(await journalFaults(dataSource)),
  ];
}

/** I6: each call is told by the journal, once, and the journal is what it was. Links are made by workers, if one lives. */
async function journalFaults(dataSource: DataSource): Promise<readonly string[]> {
  const verifier = new VerifyJournal(new JournalKeys({ SECRET_KEYS: [TEST_SECRET_KEY] }));
  const { firstBad } = await dataSource.transaction('REPEATABLE READ', (tx) => verifier.execute(tx));
  const isBad = firstBad !== null && firstBad.problem !== 'unlinked-entry';
  const untold: unknown[] = await dataSource.query(
    `WITH told AS (
       SELECT object_id, detail ->> 'attempt' AS number, count(*) AS n FROM journal_entry
        WHERE action = 'message.sent' GROUP BY 1, 2
     )
     SELECT FROM delivery_attempt a LEFT JOIN told ON told.object_id = a.message_id AND told.number = a.number::text
      WHERE coalesce(told.n, 0) <> 1`,
  );
  return [
    ...(isBad ? [`I6: ${findingInWords(firstBad)}`] : []),
    ...(untold.length > 0 ? [`I6: calls that the journal does not tell once (${untold.length})`] : []),
  ];
}

const CANARY = /(?:\+|\b)336\d{8}\b|\bEssai\b/;

/** I8: no number and no name of a person where none may be. @returns places where one was found */
export async function leaks(
  dataSource: DataSource,
  outputs: readonly string[],
  texts: readonly OperatorMessage[],
  redisUrl: string | undefined,
): Promise<readonly string[]> {
  const found: string[] = [];
  if (outputs.some((output) => CANARY.test(output))) found.push('a log');
  if (texts.some(({ callback }) => CANARY.test(callback ?? ''))) found.push('a callback address');
  if (await isInQueueTables(dataSource)) found.push('the tables of the queue');
  if (redisUrl !== undefined && (await isInRedis(redisUrl))) found.push('Redis');
  return found.map((place) => `I8: personal data in ${place}`);
}

async function isInQueueTables(dataSource: DataSource): Promise<boolean> {
  const tables: { name: string }[] = await dataSource.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname = 'bullmq' AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')`,
  );
  for (const { name } of tables) {
    const rows: unknown[] = await dataSource.query(
      `SELECT FROM ${name} t WHERE t::text ~ '\\+336\\d{8}|Essai' LIMIT 1`,
    );
    if (rows.length > 0) return true;
  }
  return false;
}

async function isInRedis(url: string): Promise<boolean> {
  const client = new Redis(url, { maxRetriesPerRequest: 3 });
  client.on('error', () => undefined);
  try {
    for (const key of await client.keys('*'))
      if (
        (await client.type(key)) === 'hash' &&
        CANARY.test(Object.values(await client.hgetall(key)).join(' '))
      )
        return true;
    return false;
  } finally {
    client.disconnect();
  }
}
