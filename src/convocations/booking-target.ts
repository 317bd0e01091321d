import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { holds } from '../access/domain/rights.js';
import {
  type AgendaRules,
  type AppointmentTypeRules,
  loadAgenda,
  workingDays,
} from '../organizations/agenda-rules.js';
import {
  InThePast,
  isDate,
  mayHoldType,
  openingInstant,
  TypeNotAllowed,
} from '../organizations/domain/opening.js';
import { findSlot } from '../organizations/slot.queries.js';
import { ValidationFailed } from '../shared/domain-error.js';
import { type Instant, instantOf } from '../shared/time.js';

/** A seat, or a free hour of an agenda (wall clock at the place). */
export type BookingTarget =
  { readonly slotId: string } | { readonly agendaId: string; readonly date: string; readonly time: string };

/** What is about to be promised; the seat, if any, is not taken yet. */
export interface Appointment {
  readonly agenda: AgendaRules;
  readonly slotId: string | null;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly startsAt: Instant;
  readonly durationMinutes: number;
}

const FREE_HOUR_MINUTES = 30;

/**
 * @throws NotFound, TypeNotAllowed, InThePast; for a free hour also ValidationFailed, NonexistentLocalTime,
 * TooFarAhead, ClosedDay
 */
export async function appointmentAt(
  tx: EntityManager,
  actor: Actor,
  type: AppointmentTypeRules,
  target: BookingTarget,
  now: Instant,
): Promise<Appointment> {
  const appointment =
    'slotId' in target
      ? await atSlot(tx, actor, type, target.slotId, now)
      : await atFreeHour(tx, actor, type, target, now);
  refuseForeignType(actor, type, appointment.agenda);
  return appointment;
}

async function atSlot(
  tx: EntityManager,
  actor: Actor,
  type: AppointmentTypeRules,
  slotId: string,
  now: Instant,
): Promise<Appointment> {
  const slot = await findSlot(tx, actor, slotId);
  const agenda = await loadAgenda(tx, actor, slot.agendaId);
  if (slot.typeCode !== type.code) throw new TypeNotAllowed(type.code);
  const startsAt = instantOf(slot.startsAt);
  if (Temporal.Instant.compare(startsAt, now) <= 0) throw new InThePast();
  const { date, time, timeZone, durationMinutes } = slot;
  return { agenda, slotId: slot.id, date, time, timeZone, startsAt, durationMinutes };
}

async function atFreeHour(
  tx: EntityManager,
  actor: Actor,
  type: AppointmentTypeRules,
  target: Exclude<BookingTarget, { readonly slotId: string }>,
  now: Instant,
): Promise<Appointment> {
  if (type.needsSlot)
    throw new ValidationFailed([
      { field: 'slotId', code: 'required', message: 'this type takes place in a slot' },
    ]);
  const agenda = await loadAgenda(tx, actor, target.agendaId);
  refuseForeignType(actor, type, agenda);
  const local = { date: target.date, time: target.time, timeZone: agenda.timeZone };
  const days = await workingDays(tx, agenda.placeId, isDate(local.date) ? [local.date] : []);
  const startsAt = openingInstant(local, type, days, now);
  return { agenda, slotId: null, ...local, startsAt, durationMinutes: FREE_HOUR_MINUTES };
}

/** In another service than theirs, a court books hearing exits only. */
function refuseForeignType(actor: Actor, type: AppointmentTypeRules, agenda: AgendaRules): void {
  const isMine =
    holds(actor, 'convocation.book', 'everywhere') || agenda.organizationId === actor.organizationId;
  if (!mayHoldType(type, agenda.organizationKind)) throw new TypeNotAllowed(type.code);
  if (!isMine && !type.isHearingExit) throw new TypeNotAllowed(type.code);
}
