import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { loadType } from '../organizations/agenda-rules.js';
import { Forbidden } from '../shared/domain-error.js';
import { PersonArchived } from '../persons/domain/person.js';
import { follow } from '../persons/followers.js';
import { recordHistory } from '../persons/history.js';
import { Clock } from '../platform/clock.js';
import { violatedConstraint } from '../platform/transaction.js';
import { promiseOf } from './book-convocation.js';
import { type Appointment, appointmentAt, type BookingTarget } from './booking-target.js';
import { type ConvocationView, findConvocation } from './convocation.queries.js';
import { AlreadyBooked, isSamePromise, stateAfter } from './domain/convocation.rules.js';
import { lockConvocation, type LockedConvocation } from './locked-convocation.js';
import { MessagePlanner } from './message-planner.port.js';
import { moveSeat } from './seats.js';
import { mayReschedule } from './visibility.js';

export type RescheduleConvocationCommand = BookingTarget & {
  readonly convocationId: string;
  /** Tells the person the new date, hour or place. */
  readonly notify: boolean;
};

/** The row stays, the seat moves, the old promise goes to history; all of it or nothing. */
@Injectable()
export class RescheduleConvocation {
  constructor(
    private readonly clock: Clock,
    private readonly planner: MessagePlanner,
  ) {}

  /**
   * @throws NotFound, Forbidden, PersonArchived, IllegalTransition, TooLate, and every refusal of a booking
   */
  async execute(
    tx: EntityManager,
    command: RescheduleConvocationCommand,
    actor: Actor,
  ): Promise<ConvocationView> {
    const now = await this.clock.now(tx);
    const convocation = await lockConvocation(tx, actor, command.convocationId);
    if (!mayReschedule(actor, convocation)) throw new Forbidden('convocation.reschedule');
    stateAfter(convocation, 'reschedule', now);
    if (convocation.personArchived) throw new PersonArchived();
    const type = await loadType(tx, convocation.typeCode);
    const appointment = await appointmentAt(tx, actor, type, command, now);
    const isOther = !isSamePromise(convocation, { ...appointment, placeId: appointment.agenda.placeId });
    await moveSeat(tx, convocation.slotId, appointment.slotId);
    await write(tx, convocation, appointment, isOther);
    await follow(tx, convocation.personId, [appointment.agenda.organizationId]);
    await this.record(tx, convocation, appointment, actor);
    // Another seat at the same hour and place: what was planned for this promise still holds.
    if (isOther)
      await this.planner.plan(tx, {
        convocationId: convocation.id,
        change: 'rescheduled',
        notify: command.notify,
      });
    return findConvocation(tx, actor, convocation.id);
  }

  private async record(
    tx: EntityManager,
    old: LockedConvocation,
    appointment: Appointment,
    actor: Actor,
  ): Promise<void> {
    const { date, time, timeZone, placeId, agendaId, slotId, promiseVersion } = old;
    await recordHistory(tx, actor, {
      event: 'convocation.rescheduled',
      personId: old.personId,
      convocationId: old.id,
      detail: {
        from: { date, time, timeZone, placeId, agendaId, slotId, promiseVersion },
        to: promiseOf(appointment),
      },
    });
  }
}

async function write(
  tx: EntityManager,
  convocation: LockedConvocation,
  { agenda, slotId, date, time, timeZone, startsAt, durationMinutes }: Appointment,
  isOtherPromise: boolean,
): Promise<void> {
  try {
    await tx.query(
      `UPDATE convocation SET agenda_id = $2, place_id = $3, organization_id = $4, slot_id = $5, local_date = $6,
         local_time = $7, time_zone = $8, starts_at = $9, duration_minutes = $10,
         promise_version = promise_version + $11, updated_at = greatest(app_now(), updated_at + interval '1 ms')
       WHERE id = $1 AND state = 'booked'`,
      [
        convocation.id,
        agenda.id,
        agenda.placeId,
        agenda.organizationId,
        slotId,
        date,
        time,
        timeZone,
        startsAt.toString(),
        durationMinutes,
        isOtherPromise ? 1 : 0,
      ],
    );
  } catch (error) {
    if (violatedConstraint(error) === 'convocation_once') throw new AlreadyBooked();
    throw error;
  }
}
