import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock.js';
import { periodFault } from './domain/rollout.js';
import { lockService, LONGEST_NOTE, refused } from './register-store.js';

export interface SetTargetCommand {
  readonly organizationId: string;
  /** Null: the service aims at nothing any more. */
  readonly target: {
    /** -0.3 is thirty per cent fewer absences; above -1, below 0, at most three decimals kept. */
    readonly relativeChange: number;
    readonly fromOn: string;
    readonly untilOn: string;
    readonly note: string;
  } | null;
}

/** What a service aims at, one target at a time; the one before stays in the history. */
@Injectable()
export class SetTarget {
  constructor(private readonly clock: Clock) {}

  /** @throws Forbidden, NotFound, ValidationFailed (`relativeChange`, `fromOn`, `untilOn`, `targetNote`) */
  async execute(
    tx: EntityManager,
    { organizationId, target }: SetTargetCommand,
    actor: Actor,
  ): Promise<void> {
    const today = await lockService(tx, organizationId, actor, await this.clock.now(tx));
    if (target !== null) refuseTarget(target, today);
    await tx.query(
      `UPDATE rollout_target SET withdrawn_at = app_now(), withdrawn_by_agent_id = $2
        WHERE organization_id = $1 AND withdrawn_at IS NULL`,
      [organizationId, actor.agentId],
    );
    if (target === null) return;
    await tx.query(
      `INSERT INTO rollout_target (organization_id, relative_change, from_on, until_on, note, created_by_agent_id)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [organizationId, target.relativeChange, target.fromOn, target.untilOn, target.note, actor.agentId],
    );
  }
}

function refuseTarget(target: NonNullable<SetTargetCommand['target']>, today: string): void {
  const { relativeChange, fromOn, untilOn, note } = target;
  if (!(relativeChange >= -0.99 && relativeChange <= -0.01)) throw refused('relativeChange', 'range');
  const fault = periodFault({ startedOn: fromOn, stoppedOn: untilOn }, today);
  if (fault !== null) throw refused(fault === 'startedOn' ? 'fromOn' : 'untilOn', 'date');
  if (note.length > LONGEST_NOTE) throw refused('targetNote', 'max-length');
}
