import type { EntityManager } from 'typeorm';
import { findContacts } from '../../platform/contacts.js';
import type { RecentMessage } from '../providers/message-gateway.port.js';
import type { Mark } from './database-witness.js';

/** Of an operator's list of newest texts; `no-list`: it keeps none. */
export type Outcome = 'explained' | 'unexplained' | 'no-list' | 'no-answer';

/** SQL: before this, whatever left is accounted for. */
const ACCOUNTED = `greatest((SELECT installed_at FROM environment), (SELECT max(real_released_at) FROM sending_hold))`;

/** SQL: tells one start of a server, and one database of it, from another. */
export const SERVER_SEEN = `concat_ws('/', extract(epoch FROM pg_postmaster_start_time()),
  (SELECT oid FROM pg_database WHERE datname = current_database()))`;

export async function serverNow(tx: EntityManager): Promise<string> {
  const rows: { server: string }[] = await tx.query(`SELECT ${SERVER_SEEN} AS server`);
  return rows[0]?.server ?? '';
}

/**
 * The cluster, its timeline and the database in it: another one after a recovery from the archive, a fail-over, or a
 * dump restored beside or elsewhere; the same after a restart, and after a snapshot of the whole disk.
 * @throws where the server does not tell (some managed ones)
 */
export async function clusterNow(tx: EntityManager): Promise<string | null> {
  const rows: { cluster: string }[] = await tx.query(
    `SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
              left(pg_walfile_name(pg_current_wal_lsn()), 8),
              (SELECT oid FROM pg_database WHERE datname = current_database())) AS cluster`,
  );
  return rows[0]?.cluster ?? null;
}

/**
 * Messages the operator took after everything we know of (installation, last release, our last attempt), and that no
 * attempt of ours explains: neither by its id, nor by a call to that number at that time whose answer was lost.
 * @param recipients `known-here`: those to a number that is registered here; the sender may be somebody else's too
 */
export async function countUnexplained(
  tx: EntityManager,
  operator: string,
  messages: readonly RecentMessage[],
  recipients: 'known-here' | 'anybody',
): Promise<number> {
  const contacts = await findContacts(
    tx,
    'phone',
    messages.map((message) => message.recipient),
  );
  const rows: { n: number }[] = await tx.query(
    `SELECT count(*)::int AS n
       FROM unnest($2::text[], $3::uuid[], $4::timestamptz[]) AS listed(sid, recipient_id, created_at)
      WHERE created_at > ${ACCOUNTED}
        AND ($5 OR EXISTS (SELECT FROM person WHERE phone_id = listed.recipient_id))
        AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.operator = $1 AND a.real_started_at >= created_at)
        AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.operator = $1 AND a.operator_message_id = sid)
        AND NOT EXISTS (SELECT FROM delivery_attempt a
                         WHERE a.recipient_id = listed.recipient_id AND a.operator_message_id IS NULL
                           AND a.real_started_at BETWEEN created_at - interval '2 minutes'
                                                     AND created_at + interval '2 minutes')`,
    [
      operator,
      messages.map((message) => message.operatorMessageId),
      messages.map((message) => contacts.get(message.recipient) ?? null),
      messages.map((message) => message.createdAt.toString()),
      recipients === 'anybody',
    ],
  );
  return rows[0]?.n ?? 0;
}

export interface MarksFound {
  /** Attempts that this database knows. */
  readonly known: readonly string[];
  /** How many it does not know, and nothing accounts for. */
  readonly missing: number;
}

export async function findMarks(tx: EntityManager, marks: readonly Mark[]): Promise<MarksFound> {
  const rows: MarksFound[] = await tx.query(
    `SELECT coalesce(array_agg(a.id::text) FILTER (WHERE a.id IS NOT NULL), '{}') AS known,
            count(*) FILTER (WHERE a.id IS NULL AND mark.at > ${ACCOUNTED})::int AS missing
       FROM unnest($1::uuid[], $2::timestamptz[]) AS mark(id, at) LEFT JOIN delivery_attempt a ON a.id = mark.id`,
    [marks.map(({ attemptId }) => attemptId), marks.map(({ at }) => at)],
  );
  return rows[0] ?? { known: [], missing: 0 };
}

/** @returns where this database was when it was compared last, or null */
export async function comparedAt(tx: EntityManager, operator: string): Promise<string | null> {
  const rows: { cluster: string | null }[] = await tx.query(
    'SELECT cluster FROM operator_comparison WHERE operator = $1',
    [operator],
  );
  return rows[0]?.cluster ?? null;
}

/**
 * Writes the outcome down, and where it was found.
 * @param cluster null: unknown, or to be judged later; the one before stays
 */
export async function rememberComparison(
  tx: EntityManager,
  operator: string,
  outcome: Outcome,
  cluster: string | null,
): Promise<void> {
  await tx.query(
    `INSERT INTO operator_comparison (operator, outcome, cluster) VALUES ($1, $2, $3)
     ON CONFLICT (operator) DO UPDATE
       SET outcome = excluded.outcome, compared_at = now(), cluster = coalesce(excluded.cluster, operator_comparison.cluster)`,
    [operator, outcome, cluster],
  );
}
