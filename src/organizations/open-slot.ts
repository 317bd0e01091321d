import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Clock } from '../platform/clock.js';
import { loadManagedAgenda, loadTypeToOpen, workingDays } from './agenda-rules.js';
import { isDate, openingInstant } from './domain/opening.js';
import { findSlot, type SlotView } from './slot.queries.js';
import { refuseSlotShape } from './slot-shape.js';

export interface OpenSlotCommand {
  readonly agendaId: string;
  readonly typeCode: string;
  /** Wall clock at the place. */
  readonly date: string;
  readonly time: string;
  readonly durationMinutes: number;
  readonly capacity: number;
}

@Injectable()
export class OpenSlot {
  constructor(private readonly clock: Clock) {}

  /**
   * @throws Forbidden, NotFound, ValidationFailed, TypeNotAllowed, NonexistentLocalTime, InThePast, TooFarAhead,
   * ClosedDay
   */
  async execute(tx: EntityManager, command: OpenSlotCommand, actor: Actor): Promise<SlotView> {
    refuseSlotShape(command);
    const agenda = await loadManagedAgenda(tx, actor, command.agendaId);
    const type = await loadTypeToOpen(tx, actor, agenda, command.typeCode);
    const local = { date: command.date, time: command.time, timeZone: agenda.timeZone };
    const days = await workingDays(tx, agenda.placeId, isDate(command.date) ? [command.date] : []);
    const startsAt = openingInstant(local, type, days, await this.clock.now(tx));
    const rows: { id: string }[] = await tx.query(
      `INSERT INTO slot (agenda_id, type_code, local_date, local_time, time_zone, starts_at, duration_minutes, capacity)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
      [
        agenda.id,
        type.code,
        local.date,
        local.time,
        local.timeZone,
        startsAt.toString(),
        command.durationMinutes,
        command.capacity,
      ],
    );
    return findSlot(tx, actor, rows[0]?.id ?? '');
  }
}
