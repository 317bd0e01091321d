import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Journal } from '../../access/journal.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import { archiveFaults } from '../domain/console-faults.js';
import { countFuture } from './future-convocations.query.js';
import { findManagedPlace } from './place-console.queries.js';

/** Nobody is summoned there any more; what happened there stays. */
@Injectable()
export class ArchivePlace {
  constructor(private readonly journal: Journal) {}

  /** @throws NotFound, ValidationFailed while convocations are to come there */
  async execute(tx: EntityManager, placeId: string, actor: Actor): Promise<void> {
    const { id, organizationId } = await findManagedPlace(tx, actor, placeId);
    await tx.query('SELECT FROM place WHERE id = $1 FOR UPDATE', [id]);
    const faults = archiveFaults(await countFuture(tx, { placeId: id }));
    if (faults.length > 0) throw new ValidationFailed(faults);
    await tx.query('UPDATE place SET archived_at = app_now() WHERE id = $1 AND archived_at IS NULL', [id]);
    await this.journal.record(tx, {
      ...{ action: 'organization.changed', objectId: id, organizationId },
      detail: { change: 'place-archived' },
    });
  }
}
