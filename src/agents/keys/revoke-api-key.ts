import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Journal } from '../../access/journal.js';
import { findApiKey } from './api-key.queries.js';

/** From now on nobody calls with this key. */
@Injectable()
export class RevokeApiKey {
  constructor(private readonly journal: Journal) {}

  /** A key that is revoked already stays as it is. @throws NotFound */
  async execute(tx: EntityManager, keyId: string, actor: Actor): Promise<void> {
    const { id, organizationId, publicId } = await findApiKey(tx, actor, keyId);
    const [, changed]: [unknown, number] = await tx.query(
      'UPDATE api_key SET revoked_at = app_now(), revoked_by = $2 WHERE id = $1 AND revoked_at IS NULL',
      [id, actor.agentId],
    );
    if (changed === 0) return;
    await this.journal.record(tx, {
      action: 'api-key.revoked',
      objectId: id,
      organizationId,
      detail: { publicId },
    });
  }
}
