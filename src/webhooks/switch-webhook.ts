import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Journal } from '../access/journal.js';
import { findManagedEndpoint } from './webhook.queries.js';

/** Off: nothing is noted for it and nothing leaves. On again: what was waiting leaves, a later try too. */
@Injectable()
export class SwitchWebhook {
  constructor(private readonly journal: Journal) {}

  /** As it was already: nothing. @throws NotFound */
  async execute(tx: EntityManager, endpointId: string, isOn: boolean, actor: Actor): Promise<void> {
    const { id, organizationId, disabledAt } = await findManagedEndpoint(tx, actor, endpointId);
    if ((disabledAt === null) === isOn) return;
    await tx.query(
      isOn
        ? `UPDATE webhook_endpoint SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL WHERE id = $1`
        : `UPDATE webhook_endpoint SET disabled_at = app_now(), disabled_reason = 'agent' WHERE id = $1`,
      [id],
    );
    if (isOn)
      await tx.query(
        `UPDATE webhook_delivery SET due_at = app_now()
          WHERE endpoint_id = $1 AND status = 'waiting' AND due_at > app_now()`,
        [id],
      );
    await this.journal.record(tx, {
      ...{ action: 'webhook.changed', objectId: id, organizationId },
      detail: { change: isOn ? 'enabled' : 'disabled' },
    });
  }
}
