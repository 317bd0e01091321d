import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { PersonView } from '../persons/person.queries.js';
import type { ConvocationView } from './convocation.queries.js';
import { VISIBLE_CONVOCATION, visibleScope } from './visibility.js';
import { prepared } from '../platform/prepared.js';

export interface HistoryView {
  readonly id: string;
  readonly at: Date;
  readonly event: string;
  readonly personId: string;
  readonly convocationId: string | null;
  /** Null when a program, the person or the service itself acted. */
  readonly agentName: string | null;
  readonly byProgram: boolean;
  readonly detail: Readonly<Record<string, unknown>>;
}

const MOST = 200;

/**
 * What happened to one person or one convocation, latest first, at most 200; of other services' convocations
 * nothing is shown.
 * @param subject as `findPerson` or `findConvocation` found it: who may not see it has none to give
 */
export function historyOf(
  tx: EntityManager,
  actor: Actor,
  subject: PersonView | ConvocationView,
): Promise<HistoryView[]> {
  const sql = 'personId' in subject ? OF_CONVOCATION : OF_PERSON;
  return tx.query(sql, [...visibleScope(actor), subject.id]);
}

const historySql = (column: string) =>
  prepared(`
SELECT h.id, h.at, h.event, h.person_id AS "personId", h.convocation_id AS "convocationId",
       agent.first_name || ' ' || agent.last_name AS "agentName", h.api_key_id IS NOT NULL AS "byProgram", h.detail
  FROM history_entry h
  LEFT JOIN named_agent agent ON agent.id = h.agent_id
  LEFT JOIN convocation c ON c.id = h.convocation_id
 WHERE ${column} = $6 AND (h.convocation_id IS NULL OR ${VISIBLE_CONVOCATION})
 ORDER BY h.at DESC, h.id DESC LIMIT ${MOST}`);
const OF_PERSON = historySql('h.person_id');
const OF_CONVOCATION = historySql('h.convocation_id');
