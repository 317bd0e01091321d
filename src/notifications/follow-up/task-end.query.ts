import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isUuid } from '../../shared/ids.js';
import { MY_TASKS, taskScope } from './task.queries.js';

/** How a closed task ended. */
export interface TaskEnd {
  readonly personId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly at: Date;
  /** Null: the service itself. */
  readonly byName: string | null;
  /** As the history keeps it: kind, outcome, note. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Null while it is open, and where the actor may not look. */
export async function taskEnd(tx: EntityManager, actor: Actor, taskId: string): Promise<TaskEnd | null> {
  if (!isUuid(taskId)) return null;
  const rows: TaskEnd[] = await tx.query(
    `SELECT p.id AS "personId", p.first_name AS "firstName", p.last_name AS "lastName", t.closed_at AS at,
            closer.first_name || ' ' || closer.last_name AS "byName",
            coalesce(told.detail, jsonb_build_object('kind', t.kind, 'outcome', t.outcome)) AS detail
       FROM agent_task t
       JOIN person p ON p.id = t.person_id
       LEFT JOIN named_agent closer ON closer.id = t.closed_by_agent_id
       LEFT JOIN LATERAL (
         SELECT h.detail FROM history_entry h
          WHERE h.person_id = t.person_id AND h.event = 'task.closed' AND h.detail->>'kind' = t.kind
            AND h.convocation_id IS NOT DISTINCT FROM t.convocation_id AND h.at = t.closed_at
          LIMIT 1) AS told ON true
      WHERE t.id = $4 AND t.closed_at IS NOT NULL AND ${MY_TASKS}`,
    [...taskScope(actor), taskId],
  );
  return rows[0] ?? null;
}
