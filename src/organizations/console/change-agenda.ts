import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Journal } from '../../access/journal.js';
import { violatedConstraint } from '../../platform/transaction.js';
import { NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { archiveFaults, nameFaults } from '../domain/console-faults.js';
import { countFuture } from './future-convocations.query.js';
import { findManagedPlace, type ManagedPlace } from './place-console.queries.js';

export type ChangeAgendaCommand = { readonly placeId: string } & (
  | { readonly act: 'add'; readonly name: string }
  | { readonly act: 'rename'; readonly agendaId: string; readonly name: string }
  | { readonly act: 'archive'; readonly agendaId: string }
);

/** Agendas of a place: one more, another name, or no longer in use. */
@Injectable()
export class ChangeAgenda {
  constructor(private readonly journal: Journal) {}

  /** @throws NotFound, ValidationFailed (a name that is taken, convocations to come) */
  async execute(tx: EntityManager, command: ChangeAgendaCommand, actor: Actor): Promise<void> {
    const place = await findManagedPlace(tx, actor, command.placeId, 'agenda.manage');
    if (command.act === 'archive') await archive(tx, place, command.agendaId);
    else await name(tx, place, command);
    await this.journal.record(tx, {
      ...{ action: 'organization.changed', organizationId: place.organizationId },
      objectId: command.act === 'add' ? place.id : command.agendaId,
      detail: { change: `agenda-${command.act}` },
    });
  }
}

async function name(
  tx: EntityManager,
  place: ManagedPlace,
  command: Exclude<ChangeAgendaCommand, { act: 'archive' }>,
): Promise<void> {
  const wished = command.name;
  const faults = nameFaults(wished).map((one) => ({ ...one, field: 'agendaName' }));
  if (faults.length > 0) throw new ValidationFailed(faults);
  try {
    if (command.act === 'add')
      await tx.query('INSERT INTO agenda (place_id, name) VALUES ($1, $2)', [place.id, wished]);
    else
      await tx.query('UPDATE agenda SET name = $2 WHERE id = $1', [
        ownAgenda(place, command.agendaId),
        wished,
      ]);
  } catch (error) {
    if (violatedConstraint(error) !== 'agenda_place_id_name_key') throw error;
    throw new ValidationFailed([
      { field: 'agendaName', code: 'taken', message: 'another agenda has this name' },
    ]);
  }
}

async function archive(tx: EntityManager, place: ManagedPlace, agendaId: string): Promise<void> {
  const id = ownAgenda(place, agendaId);
  await tx.query('SELECT FROM agenda WHERE id = $1 FOR UPDATE', [id]);
  const faults = archiveFaults(await countFuture(tx, { agendaId: id }));
  if (faults.length > 0) throw new ValidationFailed(faults);
  await tx.query('UPDATE agenda SET archived_at = app_now() WHERE id = $1 AND archived_at IS NULL', [id]);
}

/** @throws NotFound for an agenda of another place */
function ownAgenda(place: ManagedPlace, agendaId: string): string {
  if (!place.agendas.some(({ id }) => id === agendaId)) throw new NotFound('agenda');
  return agendaId;
}
