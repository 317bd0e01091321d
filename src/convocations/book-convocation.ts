import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { holds } from '../access/domain/rights.js';
import { type AppointmentTypeRules, loadType } from '../organizations/agenda-rules.js';
import { mayBookType, TypeNotAllowed } from '../organizations/domain/opening.js';
import { PersonArchived } from '../persons/domain/person.js';
import { follow } from '../persons/followers.js';
import { recordHistory } from '../persons/history.js';
import { FOLLOWED, followScope } from '../persons/person.queries.js';
import { Clock } from '../platform/clock.js';
import { NotFound } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { type Appointment, appointmentAt, type BookingTarget } from './booking-target.js';
import { type ConvocationView, findConvocation } from './convocation.queries.js';
import { AlreadyBooked, isAssignedToBooker } from './domain/convocation.rules.js';
import { MessagePlanner } from './message-planner.port.js';
import { takeSeat } from './seats.js';

export type BookConvocationCommand = BookingTarget & {
  readonly personId: string;
  readonly typeCode: string;
  /** Sends the summons; the reminder is planned either way. */
  readonly notify: boolean;
};

/** Seat, promise, messages and history in one transaction. */
@Injectable()
export class BookConvocation {
  constructor(
    private readonly clock: Clock,
    private readonly planner: MessagePlanner,
  ) {}

  /**
   * @throws NotFound, PersonArchived, TypeNotAllowed, ValidationFailed, NonexistentLocalTime, InThePast,
   * TooFarAhead, ClosedDay, SlotClosed, SlotFull, AlreadyBooked
   */
  async execute(tx: EntityManager, command: BookConvocationCommand, actor: Actor): Promise<ConvocationView> {
    const { personId, notify } = command;
    await refuseArchived(tx, actor, personId);
    const type = await loadType(tx, command.typeCode);
    if (!mayBookType(type, actor)) throw new TypeNotAllowed(type.code);
    const appointment = await appointmentAt(tx, actor, type, command, await this.clock.now(tx));
    await refuseUnrelatedPlace(tx, actor, personId, appointment, type.code);
    if (appointment.slotId !== null) await takeSeat(tx, appointment.slotId);
    const convocationId = await insert(tx, personId, type, appointment, actor);
    await follow(tx, personId, [appointment.agenda.organizationId]);
    await recordHistory(tx, actor, {
      event: 'convocation.booked',
      personId,
      convocationId,
      detail: { typeCode: type.code, notify, ...promiseOf(appointment) },
    });
    await this.planner.plan(tx, { convocationId, change: 'booked', notify });
    return findConvocation(tx, actor, convocationId);
  }
}

/** The promise as history keeps it. */
export function promiseOf(appointment: Appointment): Readonly<Record<string, unknown>> {
  const { agenda, date, time, timeZone, slotId } = appointment;
  return { date, time, timeZone, placeId: agenda.placeId, agendaId: agenda.id, slotId };
}

/** The row stays as it is until the end of the transaction. */
async function refuseArchived(tx: EntityManager, actor: Actor, personId: string): Promise<void> {
  if (!isUuid(personId)) throw new NotFound('person');
  const rows: { archived: boolean }[] = await tx.query(
    `SELECT p.archived_at IS NOT NULL AS archived FROM person p WHERE p.id = $3 AND ${FOLLOWED} FOR SHARE OF p`,
    [...followScope(actor, 'person.summon'), personId],
  );
  const person = rows[0];
  if (person === undefined) throw new NotFound('person');
  if (person.archived) throw new PersonArchived();
}

/**
 * An inter-ressort office sees the openings of all France; it summons to a service of its jurisdiction, or to one
 * that follows the person.
 * @throws TypeNotAllowed
 */
async function refuseUnrelatedPlace(
  tx: EntityManager,
  actor: Actor,
  personId: string,
  { agenda }: Appointment,
  typeCode: string,
): Promise<void> {
  const near = [actor.organizationId, ...actor.linkedOrganizationIds];
  if (holds(actor, 'convocation.book', 'everywhere') || near.includes(agenda.organizationId)) return;
  const followed: unknown[] = await tx.query(
    'SELECT FROM person_organization WHERE person_id = $1 AND organization_id = $2',
    [personId, agenda.organizationId],
  );
  if (followed.length === 0) throw new TypeNotAllowed(typeCode);
}

async function insert(
  tx: EntityManager,
  personId: string,
  type: AppointmentTypeRules,
  { agenda, slotId, date, time, timeZone, startsAt, durationMinutes }: Appointment,
  actor: Actor,
): Promise<string> {
  const rows: { id: string }[] = await tx.query(
    `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, slot_id, local_date,
       local_time, time_zone, starts_at, duration_minutes, created_by_organization_id, created_by_agent_id,
       assigned_to_agent_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (person_id, agenda_id, starts_at) WHERE state = 'booked' DO NOTHING RETURNING id`,
    [
      personId,
      type.code,
      agenda.id,
      agenda.placeId,
      agenda.organizationId,
      slotId,
      date,
      time,
      timeZone,
      startsAt.toString(),
      durationMinutes,
      actor.organizationId,
      actor.agentId,
      isAssignedToBooker(type, actor.role) ? actor.agentId : null,
    ],
  );
  const row = rows[0];
  if (row === undefined) throw new AlreadyBooked();
  return row.id;
}
