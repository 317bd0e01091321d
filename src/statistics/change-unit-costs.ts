import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { scopeOf } from '../access/domain/rights.js';
import { NotFound } from '../shared/domain-error.js';
import type { UnitCosts } from './domain/savings.js';

export interface ChangeUnitCostsCommand extends UnitCosts {
  readonly organizationId: string;
}

/** What an absence costs a service, as the service itself says. */
@Injectable()
export class ChangeUnitCosts {
  /** @throws NotFound for a service that the actor does not administer */
  async execute(tx: EntityManager, command: ChangeUnitCostsCommand, actor: Actor): Promise<void> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO service_unit_cost (organization_id, letter_cents, registered_cents, hour_cents, letters_per_absence,
         registered_per_absence, minutes_per_absence, updated_at, updated_by_agent_id)
       SELECT o.id, $4, $5, $6, $7, $8, $9, app_now(), $10
         FROM organization o WHERE o.id = $1 AND ($2::boolean OR o.id = ANY($3::uuid[]))
       ON CONFLICT (organization_id) DO UPDATE SET letter_cents = excluded.letter_cents,
         registered_cents = excluded.registered_cents, hour_cents = excluded.hour_cents,
         letters_per_absence = excluded.letters_per_absence,
         registered_per_absence = excluded.registered_per_absence,
         minutes_per_absence = excluded.minutes_per_absence, updated_at = excluded.updated_at,
         updated_by_agent_id = excluded.updated_by_agent_id
       RETURNING organization_id`,
      [
        command.organizationId,
        ...scopeOf(actor, 'rollout.manage'),
        command.letterCents,
        command.registeredCents,
        command.hourCents,
        command.lettersPerAbsence,
        command.registeredPerAbsence,
        command.minutesPerAbsence,
        actor.agentId,
      ],
    );
    if (rows.length === 0) throw new NotFound('organization');
  }
}
