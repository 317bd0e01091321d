import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { lockService } from '../rollouts/register-store.js';

/** Takes back what one import brought; the import itself stays in the history. */
@Injectable()
export class UndoBaseline {
  constructor(private readonly clock: Clock) {}

  /** Undoing twice changes nothing more. @returns id of the service. @throws Forbidden, NotFound */
  async execute(tx: EntityManager, command: { readonly importId: string }, actor: Actor): Promise<string> {
    const { importId } = command;
    if (!isUuid(importId)) throw new NotFound('import');
    const rows: { organization_id: string }[] = await tx.query(
      'SELECT organization_id FROM baseline_import WHERE id = $1',
      [importId],
    );
    const organizationId = rows[0]?.organization_id;
    if (organizationId === undefined) throw new NotFound('import');
    await lockService(tx, organizationId, actor, await this.clock.now(tx));
    await tx.query('DELETE FROM baseline_count WHERE import_id = $1', [importId]);
    await tx.query(
      `UPDATE baseline_import SET undone_at = app_now(), undone_by_agent_id = $2
        WHERE id = $1 AND undone_at IS NULL`,
      [importId, actor.agentId],
    );
    return organizationId;
  }
}
