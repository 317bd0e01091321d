import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reaches } from '../../access/domain/rights.js';
import { Journal } from '../../access/journal.js';
import { Clock } from '../../platform/clock.js';
import { NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { toInstant, toLocal } from '../../shared/time.js';
import { dayAfter, type Days, refuseDays } from '../domain/agent-absence.js';

export interface PlanAbsenceCommand extends Days {
  readonly agentId: string;
  readonly replacementId: string;
}

interface Locked {
  readonly id: string;
  readonly organizationId: string;
  readonly timeZone: string;
}

/** Writes down that an agent is away and who stands in: worklist and tasks go there for these days, no longer. */
@Injectable()
export class PlanAbsence {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** One's own, or that of an agent one manages. @throws NotFound, ValidationFailed */
  async execute(tx: EntityManager, command: PlanAbsenceCommand, actor: Actor): Promise<void> {
    const { agentId, replacementId, startsOn, endsOn } = command;
    const { organizationId, timeZone } = await lockAgent(tx, actor, agentId);
    refuseDays(command, toLocal(await this.clock.now(tx), timeZone).date);
    await refuseReplacement(tx, replacementId, agentId, organizationId);
    const midnight = (date: string) => toInstant({ date, time: '00:00', timeZone }).toString();
    const span = [midnight(startsOn), midnight(dayAfter(endsOn))] as const;
    await refuseOverlap(tx, agentId, replacementId, span);
    await tx.query(
      `INSERT INTO agent_absence (agent_id, replacement_id, starts_on, ends_on, starts_at, ends_at, written_by_agent_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [agentId, replacementId, startsOn, endsOn, ...span, actor.agentId],
    );
    const detail = { startsOn, endsOn, replacementId };
    await this.journal.record(tx, {
      action: 'agent.absence-changed',
      objectId: agentId,
      organizationId,
      detail,
    });
  }

  /** Back earlier, or planned by mistake: ends now, or never was. @throws NotFound */
  async end(tx: EntityManager, { absenceId }: { readonly absenceId: string }, actor: Actor): Promise<string> {
    const rows: { agentId: string }[] = isUuid(absenceId)
      ? await tx.query(
          'SELECT agent_id AS "agentId" FROM agent_absence WHERE id = $1 AND ends_at > app_now()',
          [absenceId],
        )
      : [];
    const agentId = rows[0]?.agentId;
    if (agentId === undefined) throw new NotFound('absence');
    const { organizationId } = await lockAgent(tx, actor, agentId);
    await tx.query('DELETE FROM agent_absence WHERE id = $1 AND starts_at > app_now()', [absenceId]);
    await tx.query('UPDATE agent_absence SET ends_at = app_now() WHERE id = $1 AND ends_at > app_now()', [
      absenceId,
    ]);
    const detail = { ended: true };
    await this.journal.record(tx, {
      action: 'agent.absence-changed',
      objectId: agentId,
      organizationId,
      detail,
    });
    return agentId;
  }
}

/** Two who plan at once follow one another. @throws NotFound */
async function lockAgent(tx: EntityManager, actor: Actor, agentId: string): Promise<Locked> {
  const rows: Locked[] = isUuid(agentId)
    ? await tx.query(
        `SELECT a.id, a.organization_id AS "organizationId", o.time_zone AS "timeZone"
           FROM agent a JOIN organization o ON o.id = a.organization_id
          WHERE a.id = $1 AND a.disabled_at IS NULL FOR UPDATE OF a`,
        [agentId],
      )
    : [];
  const agent = rows[0];
  if (agent === undefined) throw new NotFound('agent');
  if (agentId !== actor.agentId && !reaches(actor, 'agent.manage', agent.organizationId))
    throw new NotFound('agent');
  return agent;
}

/** @throws ValidationFailed unless it is a colleague at work in the same service */
async function refuseReplacement(
  tx: EntityManager,
  replacementId: string,
  agentId: string,
  organizationId: string,
): Promise<void> {
  const rows: unknown[] =
    isUuid(replacementId) && replacementId !== agentId
      ? await tx.query(
          'SELECT FROM agent WHERE id = $1 AND organization_id = $2 AND disabled_at IS NULL FOR SHARE',
          [replacementId, organizationId],
        )
      : [];
  if (rows.length === 0) throw invalid('replacementId', 'colleague');
}

/** @throws ValidationFailed when the agent is away already, or the replacement is, on one of these days */
async function refuseOverlap(
  tx: EntityManager,
  agentId: string,
  replacementId: string,
  span: readonly [string, string],
): Promise<void> {
  const rows: { agentId: string }[] = await tx.query(
    `SELECT agent_id AS "agentId" FROM agent_absence
      WHERE agent_id IN ($1, $2) AND starts_at < $4::timestamptz AND ends_at > $3::timestamptz`,
    [agentId, replacementId, ...span],
  );
  if (rows.some((row) => row.agentId === agentId)) throw invalid('startsOn', 'overlap');
  if (rows.length > 0) throw invalid('replacementId', 'away');
}

function invalid(field: string, code: string): ValidationFailed {
  return new ValidationFailed([{ field, code, message: code }]);
}
