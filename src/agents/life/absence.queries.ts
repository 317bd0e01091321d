import type { EntityManager } from 'typeorm';

export interface AbsenceView {
  readonly id: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly replacementName: string;
  readonly isNow: boolean;
}

/**
 * SQL array of the agents for whom `agent` (a parameter or a column) stands in now. Theirs is the same service: what
 * they may see does not change, only whose it is.
 */
export function replacedBy(agent: string): string {
  return `ARRAY(SELECT x.agent_id FROM agent_absence x
    WHERE x.replacement_id = ${agent}::uuid AND x.starts_at <= app_now() AND x.ends_at > app_now())`;
}

/** Not over yet, soonest first. */
export function absencesOf(tx: EntityManager, agentId: string): Promise<AbsenceView[]> {
  return tx.query(
    `SELECT x.id, x.starts_on AS "startsOn", x.ends_on AS "endsOn", r.first_name || ' ' || r.last_name AS "replacementName",
            x.starts_at <= app_now() AS "isNow"
       FROM agent_absence x JOIN agent r ON r.id = x.replacement_id
      WHERE x.agent_id = $1 AND x.ends_at > app_now() ORDER BY x.starts_at`,
    [agentId],
  );
}

/** Somebody the agent stands in for, and until when (`YYYY-MM-DD`). */
export interface StandIn {
  readonly agentId: string;
  readonly name: string;
  readonly endsOn: string;
}

export function standsInFor(tx: EntityManager, agentId: string | null): Promise<StandIn[]> {
  return tx.query(
    `SELECT a.id AS "agentId", a.first_name || ' ' || a.last_name AS name, x.ends_on AS "endsOn"
       FROM agent_absence x JOIN agent a ON a.id = x.agent_id
      WHERE x.replacement_id = $1 AND x.starts_at <= app_now() AND x.ends_at > app_now() ORDER BY x.ends_at, a.search_key`,
    [agentId],
  );
}
