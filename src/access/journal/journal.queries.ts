import type { EntityManager } from 'typeorm';
import { decodeCursor, encodeCursor, type Page, pageOf } from '../../shared/page.js';
import { type JournalAction, MANY_FILES_A_DAY } from '../domain/journal-actions.js';

/** One entry, with the names its reader may see. */
export interface JournalLine {
  readonly id: string;
  readonly at: Date;
  readonly action: JournalAction;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly objectId: string | null;
  /** Null: a program, or nobody. */
  readonly agentName: string | null;
  readonly agentId: string | null;
  /** Administrator who acted under that name. */
  readonly impersonatorName: string | null;
  readonly byProgram: boolean;
  readonly organizationName: string | null;
  readonly personId: string | null;
  /** Null: a person whom the reader's service does not follow. */
  readonly personName: string | null;
}

/** Somebody who opened a file, and how often. */
export interface FileReader {
  /** Null: a program. */
  readonly agentName: string | null;
  readonly organizationName: string | null;
  readonly times: number;
  readonly days: number;
  readonly lastAt: Date;
}

const PAGE = 100;
const MOST_READERS = 50;
const CURSOR = [
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
];

const LINE = `e.id, e.at, e.action, coalesce(e.detail, '{}') AS detail, e.object_id AS "objectId",
  agent.first_name || ' ' || agent.last_name AS "agentName", e.agent_id AS "agentId",
  master.first_name || ' ' || master.last_name AS "impersonatorName", e.api_key_id IS NOT NULL AS "byProgram",
  o.name AS "organizationName", e.person_id AS "personId", p.first_name || ' ' || p.last_name AS "personName"`;
const NAMES = `LEFT JOIN named_agent agent ON agent.id = e.agent_id LEFT JOIN named_agent master ON master.id = e.impersonator_id
  LEFT JOIN organization o ON o.id = e.organization_id LEFT JOIN person p ON p.id = e.person_id`;

/** What happened with one file, latest first, 100 at a time. The caller has made sure that its reader may. */
export function journalOfPerson(
  tx: EntityManager,
  personId: string,
  cursor: string | null,
): Promise<Page<JournalLine>> {
  return lines(tx, ['person_id'], personId, cursor);
}

/** What one agent did, under the own name or as an administrator under another; latest first, 100 at a time. */
export function journalOfAgent(
  tx: EntityManager,
  agentId: string,
  cursor: string | null,
): Promise<Page<JournalLine>> {
  return lines(tx, ['agent_id', 'impersonator_id'], agentId, cursor);
}

/** Who opened this file since `NAMED_MONTHS`, latest first; at most 50. */
export async function readersOfFile(tx: EntityManager, personId: string): Promise<FileReader[]> {
  return tx.query(
    `SELECT agent.first_name || ' ' || agent.last_name AS "agentName", o.name AS "organizationName", r.times, r.days,
       r.last_at AS "lastAt"
     FROM (SELECT agent_id, organization_id, count(*)::int AS times, count(DISTINCT (at AT TIME ZONE 'UTC')::date)::int AS days,
             max(at) AS last_at
           FROM journal_entry
           WHERE person_id = $1 AND (agent_id IS NOT NULL OR api_key_id IS NOT NULL)
             AND action IN ('file.read', 'file.changed', 'contact.revealed', 'certificate.issued', 'journal.read')
           GROUP BY agent_id, organization_id ORDER BY max(at) DESC LIMIT ${MOST_READERS}) AS r
     LEFT JOIN named_agent agent ON agent.id = r.agent_id LEFT JOIN organization o ON o.id = r.organization_id
     ORDER BY r.last_at DESC`,
    [personId],
  );
}

/** An agent who opened unusually many files in the last 24 hours. */
export interface ManyReader {
  readonly agentId: string;
  readonly agentName: string;
  readonly files: number;
}

/** Those above `MANY_FILES_A_DAY`, most files first; read by an index of that day's looks alone. */
export async function manyReaders(tx: EntityManager): Promise<ManyReader[]> {
  return tx.query(
    `SELECT r.agent_id AS "agentId", agent.first_name || ' ' || agent.last_name AS "agentName", r.files
     FROM (SELECT agent_id, count(DISTINCT person_id)::int AS files FROM journal_entry
           WHERE action = 'file.read' AND agent_id IS NOT NULL AND at > app_now() - interval '1 day'
           GROUP BY agent_id HAVING count(DISTINCT person_id) > $1) AS r
     JOIN named_agent agent ON agent.id = r.agent_id ORDER BY r.files DESC, r.agent_id`,
    [MANY_FILES_A_DAY],
  );
}

/** Each column has its own index, newest first: never more than two pages are read. */
async function lines(
  tx: EntityManager,
  columns: readonly ('person_id' | 'agent_id' | 'impersonator_id')[],
  id: string,
  cursor: string | null,
): Promise<Page<JournalLine>> {
  const after = cursor === null ? null : decodeCursor(cursor, CURSOR);
  const older = after === null ? '' : 'AND (at, id) < ($2::timestamptz, $3::uuid)';
  const found = columns.map(
    (column) =>
      `(SELECT * FROM journal_entry WHERE ${column} = $1 ${older} ORDER BY at DESC, id DESC LIMIT ${PAGE + 1})`,
  );
  const rows: JournalLine[] = await tx.query(
    `SELECT ${LINE} FROM (SELECT * FROM (${found.join(' UNION ALL ')}) AS found
       ORDER BY at DESC, id DESC LIMIT ${PAGE + 1}) AS e ${NAMES}
     ORDER BY e.at DESC, e.id DESC`,
    [id, ...(after ?? [])],
  );
  return pageOf(rows, PAGE, (last) => encodeCursor([last.at.toISOString(), last.id]));
}
