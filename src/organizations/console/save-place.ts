import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reaches } from '../../access/domain/rights.js';
import { Journal } from '../../access/journal.js';
import { violatedConstraint } from '../../platform/transaction.js';
import { NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { placeFaults, type PlaceWishes, zoneChangeFaults } from '../domain/console-faults.js';
import { countFuture } from './future-convocations.query.js';
import { findManagedPlace } from './place-console.queries.js';

export interface SavePlaceCommand extends PlaceWishes {
  /** Null: a new one. */
  readonly id: string | null;
  /** Of a new one; never changes. */
  readonly organizationId: string;
}

/** Makes a place where people are summoned, or corrects it. */
@Injectable()
export class SavePlace {
  constructor(private readonly journal: Journal) {}

  /** @returns its id @throws NotFound, ValidationFailed */
  async execute(tx: EntityManager, command: SavePlaceCommand, actor: Actor): Promise<string> {
    const before = command.id === null ? null : await findManagedPlace(tx, actor, command.id);
    const organizationId = before?.organizationId ?? command.organizationId;
    if (!isUuid(organizationId) || !reaches(actor, 'place.manage', organizationId))
      throw new NotFound('organization');
    const isMoved = before !== null && before.timeZone !== command.timeZone;
    const future = isMoved ? await countFuture(tx, { placeId: before.id }) : 0;
    const faults = [...placeFaults(command), ...zoneChangeFaults(isMoved, future)];
    if (faults.length > 0) throw new ValidationFailed(faults);
    const id = await write(tx, command, before?.id ?? null, organizationId);
    await this.journal.record(tx, {
      ...{ action: 'organization.changed', objectId: id, organizationId },
      detail: { change: before === null ? 'place-created' : 'place-changed' },
    });
    return id;
  }
}

/** @throws ValidationFailed when the service has a place of this name, NotFound for a service nobody knows */
async function write(
  tx: EntityManager,
  wishes: SavePlaceCommand,
  id: string | null,
  organizationId: string,
): Promise<string> {
  const { name, address, timeZone, phone, email, contactMethod, informationUrl } = wishes;
  const values = [name, address, timeZone, phone, email, contactMethod, informationUrl];
  try {
    if (id === null) {
      const rows: { id: string }[] = await tx.query(
        `INSERT INTO place (name, address, time_zone, phone, email, contact_method, information_url, organization_id)
         SELECT $1, $2, $3, $4, $5, $6, $7, id FROM organization WHERE id = $8 RETURNING id`,
        [...values, organizationId],
      );
      if (rows[0] === undefined) throw new NotFound('organization');
      return rows[0].id;
    }
    await tx.query(
      `UPDATE place SET name = $1, address = $2, time_zone = $3, phone = $4, email = $5, contact_method = $6,
              information_url = $7 WHERE id = $8`,
      [...values, id],
    );
    return id;
  } catch (error) {
    if (violatedConstraint(error) !== 'place_organization_id_name_key') throw error;
    throw new ValidationFailed([{ field: 'name', code: 'taken', message: 'another place has this name' }]);
  }
}
