import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reach } from '../../access/domain/rights.js';
import type { Role } from '../../access/domain/roles.js';
import type { AlertLevel } from '../domain/agent-alert.js';

export interface AlertView {
  readonly id: string;
  readonly level: AlertLevel;
  readonly text: string;
  readonly organizationName: string | null;
  readonly roles: readonly Role[];
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly state: 'coming' | 'shown' | 'over' | 'withdrawn';
  readonly authorName: string;
  /** Agents it addresses who closed it. */
  readonly readers: number;
  readonly addressed: number;
}

/**
 * SQL column of a session query whose agent is `a`: the alerts to show on top of the page, as JSON, or `[]`. Part of
 * the session's own query: a page without alerts costs none.
 */
export const ALERTS_OF_AGENT = `(SELECT coalesce(json_agg(json_build_object('id', t.id, 'level', t.level, 'text', t.text)
    ORDER BY t.starts_at DESC, t.id), '[]')
  FROM agent_alert t WHERE t.withdrawn_at IS NULL AND t.starts_at <= app_now() AND t.ends_at > app_now()
   AND (t.organization_id IS NULL OR t.organization_id = a.organization_id)
   AND (t.roles = '{}' OR a.role = ANY(t.roles))
   AND NOT EXISTS (SELECT FROM agent_alert_read r WHERE r.alert_id = t.id AND r.agent_id = a.id)) AS alerts`;

/** Those the actor may write, newest first, at most 100. */
export function listAlerts(tx: EntityManager, actor: Actor): Promise<AlertView[]> {
  const { everywhere, organizationIds } = reach(actor, 'alert.manage');
  return tx.query(
    `SELECT t.id, t.level, t.text, o.name AS "organizationName", t.roles, t.starts_at AS "startsAt",
            t.ends_at AS "endsAt", w.first_name || ' ' || w.last_name AS "authorName",
            CASE WHEN t.withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN t.ends_at <= app_now() THEN 'over'
              WHEN t.starts_at > app_now() THEN 'coming' ELSE 'shown' END AS state,
            told.addressed, told.readers
       FROM agent_alert t LEFT JOIN organization o ON o.id = t.organization_id
       JOIN named_agent w ON w.id = t.written_by_agent_id
       CROSS JOIN LATERAL (
         SELECT count(*)::int AS addressed, count(r.agent_id)::int AS readers
           FROM agent a LEFT JOIN agent_alert_read r ON r.alert_id = t.id AND r.agent_id = a.id
          WHERE a.disabled_at IS NULL AND (t.organization_id IS NULL OR a.organization_id = t.organization_id)
            AND (t.roles = '{}' OR a.role = ANY(t.roles))) told
      WHERE $1::boolean OR t.organization_id = ANY($2::uuid[])
      ORDER BY t.created_at DESC, t.id LIMIT 100`,
    [everywhere, organizationIds],
  );
}
