import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../../access/actor.js';
import { reach, reaches } from '../../access/domain/rights.js';
import { Journal } from '../../access/journal.js';
import { Clock } from '../../platform/clock.js';
import { Forbidden, NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { toInstant, toLocal } from '../../shared/time.js';
import { dayAfter, refuseDays } from '../domain/agent-absence.js';
import { type AlertFacts, alertFacts, type TypedAlert } from '../domain/agent-alert.js';

export interface PublishAlertCommand extends TypedAlert {
  /** Empty: every service, central administrators only. */
  readonly organizationId: string;
}

/** An alert ready to be shown, and how many agents it addresses. */
export interface PreparedAlert extends AlertFacts {
  readonly organizationName: string | null;
  readonly addressed: number;
  readonly span: readonly [startsAt: string, endsAt: string];
}

/** Shows a few sentences on top of each page of the agents it addresses, until each has closed it. */
@Injectable()
export class PublishAlert {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** What would be shown, to whom. @throws Forbidden, NotFound, ValidationFailed */
  async prepare(tx: EntityManager, command: PublishAlertCommand, actor: Actor): Promise<PreparedAlert> {
    const { organizationId } = command;
    if (organizationId === '' && !actsEverywhere(actor)) throw new Forbidden('alert.manage');
    if (organizationId !== '' && !(isUuid(organizationId) && reaches(actor, 'alert.manage', organizationId)))
      throw new NotFound('organization');
    const facts = alertFacts(command);
    const rows: { name: string; timeZone: string; addressed: number }[] = await tx.query(
      `SELECT o.name, o.time_zone AS "timeZone", (SELECT count(*)::int FROM agent a WHERE a.disabled_at IS NULL
          AND ($2::uuid IS NULL OR a.organization_id = $2) AND ($3::text[] = '{}' OR a.role = ANY($3))) AS addressed
         FROM organization o WHERE o.id = $1`,
      [organizationId === '' ? actor.organizationId : organizationId, organizationId || null, facts.roles],
    );
    const found = rows[0];
    if (found === undefined) throw new NotFound('organization');
    const { timeZone, name, addressed } = found;
    refuseDays(command, toLocal(await this.clock.now(tx), timeZone).date);
    const midnight = (date: string) => toInstant({ date, time: '00:00', timeZone }).toString();
    const span = [midnight(command.startsOn), midnight(dayAfter(command.endsOn))] as const;
    return { ...facts, organizationName: organizationId === '' ? null : name, addressed, span };
  }

  async execute(tx: EntityManager, command: PublishAlertCommand, actor: Actor): Promise<void> {
    const { level, text, roles, span } = await this.prepare(tx, command, actor);
    const organizationId = command.organizationId || null;
    const rows: { id: string }[] = await tx.query(
      `INSERT INTO agent_alert (level, text, organization_id, roles, starts_at, ends_at, written_by_agent_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [level, text, organizationId, roles, ...span, actor.agentId],
    );
    await this.journal.record(tx, {
      action: 'alert.published',
      objectId: rows[0]?.id ?? null,
      organizationId,
      detail: { level, roles },
    });
  }

  /** No longer shown to anybody. @throws NotFound for one of another service, or withdrawn already */
  async withdraw(tx: EntityManager, { alertId }: { readonly alertId: string }, actor: Actor): Promise<void> {
    const { everywhere, organizationIds } = reach(actor, 'alert.manage');
    const [, count]: [unknown, number] = isUuid(alertId)
      ? await tx.query(
          `UPDATE agent_alert a SET withdrawn_at = app_now()
            WHERE a.id = $3 AND a.withdrawn_at IS NULL AND ($1::boolean OR a.organization_id = ANY($2::uuid[]))`,
          [everywhere, organizationIds, alertId],
        )
      : [[], 0];
    if (count === 0) throw new NotFound('alert');
    await this.journal.record(tx, {
      action: 'alert.published',
      objectId: alertId,
      detail: { withdrawn: true },
    });
  }

  /** The agent has read it: it is shown no more. @throws NotFound for one that does not address the agent */
  async close(tx: EntityManager, { alertId }: { readonly alertId: string }, actor: Actor): Promise<void> {
    if (actor.agentId === null || actor.impersonatorId != null) throw new Forbidden('alert');
    const rows: unknown[] = isUuid(alertId)
      ? await tx.query(
          `INSERT INTO agent_alert_read (alert_id, agent_id)
           SELECT t.id, $2 FROM agent_alert t WHERE t.id = $1 AND (t.organization_id IS NULL OR t.organization_id = $3)
             AND (t.roles = '{}' OR $4 = ANY(t.roles))
           ON CONFLICT (alert_id, agent_id) DO UPDATE SET read_at = agent_alert_read.read_at RETURNING alert_id`,
          [alertId, actor.agentId, actor.organizationId, actor.role],
        )
      : [];
    if (rows.length === 0) throw new NotFound('alert');
  }
}
