import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Journal } from '../../access/journal.js';
import { Conflict, ValidationFailed } from '../../shared/domain-error.js';
import { LONGEST_VALID_DAYS, overlapFaults } from '../domain/api-key.js';
import { findApiKey } from './api-key.queries.js';
import { type CreatedApiKey, insertKey } from './create-api-key.js';

export interface RotateApiKeyCommand {
  readonly keyId: string;
  /** Days for which the old key keeps working beside the new one: 0 to 7. */
  readonly overlapDays: number;
}

/** A new key with the same rights; the old one ends after the overlap, or at its own end if that comes first. */
@Injectable()
export class RotateApiKey {
  constructor(private readonly journal: Journal) {}

  /** @throws NotFound, ValidationFailed, Conflict (no longer working, or replaced already) */
  async execute(tx: EntityManager, command: RotateApiKeyCommand, actor: Actor): Promise<CreatedApiKey> {
    const faults = overlapFaults(command.overlapDays);
    if (faults.length > 0) throw new ValidationFailed(faults);
    const old = await findApiKey(tx, actor, command.keyId);
    if (old.state !== 'live') throw new Conflict('the key');
    const { name, role, scopes, organizationId } = old;
    const validDays = old.expiresAt === null ? null : LONGEST_VALID_DAYS;
    const made = await insertKey(tx, organizationId, { name, role, scopes, validDays }, actor.agentId);
    const [, changed]: [unknown, number] = await tx.query(
      `UPDATE api_key SET replaced_by = $2,
              expires_at = least(expires_at, app_now() + make_interval(days => $3::int))
        WHERE id = $1 AND replaced_by IS NULL AND revoked_at IS NULL`,
      [old.id, made.id, command.overlapDays],
    );
    if (changed === 0) throw new Conflict('the key');
    await this.journal.record(tx, {
      action: 'api-key.rotated',
      objectId: old.id,
      organizationId,
      detail: { publicId: old.publicId, by: made.publicId, overlapDays: command.overlapDays },
    });
    return made;
  }
}
