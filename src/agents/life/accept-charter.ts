import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Journal } from '../../access/journal.js';
import { Conflict, Forbidden } from '../../shared/domain-error.js';
import { CHARTER_VERSION } from '../domain/charter.js';

/** Keeps which version of the charter the agent accepted, and when. Accepting again changes nothing. */
@Injectable()
export class AcceptCharter {
  constructor(private readonly journal: Journal) {}

  /**
   * @param command version of the text that was on the page
   * @throws Conflict when another version applies meanwhile; Forbidden under somebody else's name
   */
  async execute(tx: EntityManager, command: { readonly version: number }, actor: Actor): Promise<void> {
    if (actor.agentId === null || actor.impersonatorId != null) throw new Forbidden('charter');
    if (command.version !== CHARTER_VERSION) throw new Conflict('charter');
    const [, count]: [unknown, number] = await tx.query(
      `UPDATE agent SET charter_version = $2, charter_accepted_at = app_now()
        WHERE id = $1 AND charter_version IS DISTINCT FROM $2`,
      [actor.agentId, CHARTER_VERSION],
    );
    if (count === 0) return;
    const { agentId } = actor;
    await this.journal.record(tx, {
      action: 'charter.accepted',
      objectId: agentId,
      detail: { version: CHARTER_VERSION },
    });
  }
}
