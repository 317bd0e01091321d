import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { COUNTED, OUTCOME_COUNTS } from './attendance.query.js';
import type { MonthCounts } from './domain/national.js';

export interface CaseloadMonth extends MonthCounts {
  readonly personId: string;
}

export interface Caseload {
  /** Persons whose referent the agent is, followed by the agent's service. */
  readonly persons: number;
  /** By person and month of the period. */
  readonly months: readonly CaseloadMonth[];
  /** Ids: past without an outcome, oldest first, then booked ones to come, soonest first; at most `LISTED` each. */
  readonly unmarked: readonly string[];
  readonly coming: readonly string[];
}

/** Convocations listed, of each sort. */
export const LISTED = 15;

/** $1: the agent; $2: its service. Nobody else's persons, and no convocation of another service. */
const MINE = `SELECT p.id FROM person p WHERE p.referent_id = $1
  AND EXISTS (SELECT FROM person_organization f WHERE f.person_id = p.id AND f.organization_id = $2)`;

/**
 * The agent's own persons: what became of their convocations at the agent's service. Always of whoever asks: there is
 * no way to name another agent. Goes through a few hundred convocations by person, never through the whole table.
 * @param period first and last promised local dates, `YYYY-MM-DD`, both included
 */
export async function caseloadOf(
  tx: EntityManager,
  actor: Actor,
  period: { readonly from: string; readonly to: string },
): Promise<Caseload> {
  if (actor.agentId === null) return { persons: 0, months: [], unmarked: [], coming: [] };
  const scope = [actor.agentId, actor.organizationId];
  const months: CaseloadMonth[] = await tx.query(
    `SELECT c.person_id AS "personId", to_char(c.local_date, 'YYYY-MM') AS month, ${OUTCOME_COUNTS}
       FROM convocation c
      WHERE c.person_id IN (${MINE}) AND c.organization_id = $2 AND c.local_date BETWEEN $3 AND $4 AND ${COUNTED}
      GROUP BY 1, 2 ORDER BY 2, 1`,
    [...scope, period.from, period.to],
  );
  const lists: { persons: number; unmarked: string[]; coming: string[] }[] = await tx.query(
    `WITH mine AS MATERIALIZED (${MINE}), booked AS (
       SELECT c.id, c.starts_at, c.starts_at <= app_now() AS past
         FROM convocation c WHERE c.person_id IN (SELECT id FROM mine) AND c.organization_id = $2 AND c.state = 'booked')
     SELECT (SELECT count(*)::integer FROM mine) AS persons,
            ARRAY(SELECT id FROM booked WHERE past ORDER BY starts_at, id LIMIT $3) AS unmarked,
            ARRAY(SELECT id FROM booked WHERE NOT past ORDER BY starts_at, id LIMIT $3) AS coming`,
    [...scope, LISTED],
  );
  return { months, ...(lists[0] ?? { persons: 0, unmarked: [], coming: [] }) };
}
