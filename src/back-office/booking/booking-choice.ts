import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { convocationsOfPerson } from '../../convocations/convocation.queries.js';
import { isDate, isTime } from '../../organizations/domain/opening.js';
import {
  type AppointmentTypeView,
  type BookableAgenda,
  bookableAgendas,
} from '../../organizations/organization.queries.js';
import { openSlots, type SlotFilter, type SlotView } from '../../organizations/slot.queries.js';
import type { PersonView } from '../../persons/person.queries.js';
import type { BookingForm } from './booking-form.js';

const SEATS = 27;

/** What has been said so far, and the first fitting value of what was not. */
export interface Chosen {
  readonly type: AppointmentTypeView | undefined;
  readonly agendas: readonly BookableAgenda[];
  readonly agenda: BookableAgenda | undefined;
  readonly seats: readonly SlotView[];
  readonly seat: string;
  readonly date: string;
  readonly time: string;
  readonly notify: boolean;
}

/** What the person was last summoned for, when this role may book it: most convocations follow another. */
export async function asLastTime(
  tx: EntityManager,
  actor: Actor,
  person: PersonView,
  form: BookingForm,
  types: readonly AppointmentTypeView[],
): Promise<BookingForm> {
  const [last] = await convocationsOfPerson(tx, actor, person, 1);
  if (last === undefined || !types.some(({ id }) => id === last.typeCode)) return form;
  return { ...form, typeCode: last.typeCode, agendaId: form.agendaId || last.agendaId };
}

/** The hour and the place that a convocation would promise. */
export interface Promised {
  readonly agendaId: string;
  readonly agendaName: string;
  readonly placeName: string;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
}

/** @param form a code or a seat that is not offered counts as not said */
export async function choose(
  tx: EntityManager,
  actor: Actor,
  types: readonly AppointmentTypeView[],
  form: BookingForm,
): Promise<Chosen> {
  const type = types.find(({ id }) => id === form.typeCode) ?? usualType(types);
  const agendas = type === undefined ? [] : await bookableAgendas(tx, actor, type.id);
  const agenda =
    agendas.find(({ id }) => id === form.agendaId) ?? (await usualAgenda(tx, actor, type, agendas));
  const filter = { typeCode: type?.id ?? '', agendaId: agenda?.id, limit: SEATS };
  const seats = type === undefined || agenda === undefined ? [] : await freeSeats(tx, actor, filter);
  const free = type !== undefined && !type.needsSlot;
  const known = seats.some(({ id }) => id === form.seat) || (form.seat === 'free' && free);
  const seat = known ? form.seat : (seats[0]?.id ?? (free ? 'free' : ''));
  return {
    type,
    agendas,
    agenda,
    seats,
    seat,
    date: form.date,
    time: form.time,
    notify: form.notify !== 'false',
  };
}

/** Of a type that the actor may book, soonest first. */
async function freeSeats(tx: EntityManager, actor: Actor, filter: SlotFilter): Promise<readonly SlotView[]> {
  const { items } = await openSlots(tx, actor, { ...filter, onlyFree: true });
  return items;
}

/** Where the next seat is, for a type that needs one; else the first of the actor's own service. */
async function usualAgenda(
  tx: EntityManager,
  actor: Actor,
  type: AppointmentTypeView | undefined,
  agendas: readonly BookableAgenda[],
): Promise<BookableAgenda | undefined> {
  const [seat] = type?.needsSlot === true ? await freeSeats(tx, actor, { typeCode: type.id, limit: 1 }) : [];
  return (
    agendas.find(({ id }) => id === seat?.agendaId) ??
    agendas.find(({ organizationId }) => organizationId === actor.organizationId) ??
    agendas[0]
  );
}

/** What a service books most: the first type it may book outside hearings, else the first. */
function usualType(types: readonly AppointmentTypeView[]): AppointmentTypeView | undefined {
  return types.find(({ isAssigned, placeKind }) => isAssigned || placeKind === 'tj') ?? types[0];
}

/** Null until a seat is chosen, or a free hour that exists. */
export function promiseOf({ agenda, seats, seat, date, time }: Chosen): Promised | null {
  const slot = seats.find(({ id }) => id === seat);
  if (slot !== undefined) return slot;
  if (agenda === undefined || seat !== 'free' || !isDate(date) || !isTime(time)) return null;
  const { id: agendaId, name: agendaName, placeName, timeZone } = agenda;
  return { agendaId, agendaName, placeName, date, time, timeZone };
}
