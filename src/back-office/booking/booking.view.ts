import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { convocationsOfPerson, type ConvocationView } from '../../convocations/convocation.queries.js';
import { PreviewMessages } from '../../notifications/plans/preview-messages.js';
import {
  type AppointmentTypeView,
  type BookableAgenda,
  bookableAgendas,
  listAppointmentTypes,
} from '../../organizations/organization.queries.js';
import { openSlots, type SlotFilter, type SlotView } from '../../organizations/slot.queries.js';
import { findPerson, type PersonView } from '../../persons/person.queries.js';
import { isDate, isTime } from '../../organizations/domain/opening.js';
import { hourInWords, relativeDay } from '../../shared/french-dates.js';
import { NonexistentLocalTime, toLocal } from '../../shared/time.js';
import type { OptionGroup } from '../../ui/select-field.js';
import { capital, cityOf, dayOfYear, moment } from '../../ui/typography.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { birthWords, fullName } from '../persons/person-words.js';
import type { BookingView } from './booking.page.js';
import { previewView } from './preview.view.js';
import type { SeatChoice } from './seats.js';

export const BOOKING_FIELDS = ['typeCode', 'agendaId', 'seat', 'date', 'time', 'notify'] as const;

/** As posted; '' is what was not said yet. */
export type BookingForm = Readonly<Record<(typeof BOOKING_FIELDS)[number], string>>;

export const NOTHING_SAID: BookingForm = {
  typeCode: '',
  agendaId: '',
  seat: '',
  date: '',
  time: '',
  notify: '',
};

export type BookingContent = Omit<BookingView, 'frame' | 'problems'>;

const CARDS = 3;
const SEATS = 27;

interface Chosen {
  readonly type: AppointmentTypeView | undefined;
  readonly agendas: readonly BookableAgenda[];
  readonly agenda: BookableAgenda | undefined;
  readonly seats: readonly SlotView[];
  readonly seat: string;
  readonly date: string;
  readonly time: string;
  readonly notify: boolean;
}

/** The booking page as it stands after what has been said so far: what is missing takes its first fitting value. */
@Injectable()
export class BookingPages {
  constructor(
    private readonly officeHours: OfficeHours,
    private readonly previewMessages: PreviewMessages,
  ) {}

  /** @param moved the convocation that moves, or null for a new one @throws NotFound */
  async content(
    tx: EntityManager,
    actor: Actor,
    personId: string,
    form: BookingForm,
    moved: ConvocationView | null,
  ): Promise<BookingContent> {
    const office = await this.officeHours.of(tx, actor);
    const person = await findPerson(tx, actor, personId);
    const types = await listAppointmentTypes(tx, actor);
    const said =
      moved === null && form.typeCode === ''
        ? await asLastTime(tx, actor, person, form, types)
        : moved === null
          ? form
          : { ...form, typeCode: moved.typeCode, agendaId: form.agendaId || moved.agendaId };
    const chosen = await choose(tx, actor, types, said);
    const promise = promiseOf(chosen);
    return {
      personId,
      personName: fullName(person),
      about: `${birthWords(person.birthDate, office.today)}. Suivi\u00a0: ${person.organizations.map(({ name }) => name).join(', ')}.`,
      moves: moved === null ? null : { convocationId: moved.id, from: moment(moved, office.timeZone) },
      types: types.map(({ id, name }) => ({ code: id, name })),
      ...choices(chosen, office),
      preview: promise === null ? null : await this.preview(tx, person, chosen, promise, moved, office),
      confirm: promise === null ? null : confirmOf(chosen, promise, office),
    };
  }

  private async preview(
    tx: EntityManager,
    person: PersonView,
    { type, notify }: Chosen,
    promise: Promised,
    moved: ConvocationView | null,
    office: Office,
  ) {
    const announce = !notify ? null : moved !== null ? ('rescheduling' as const) : ('summons' as const);
    const { agendaId, date, time } = promise;
    const whose = { personId: person.id, typeCode: type?.id ?? '', movedId: moved?.id ?? null };
    const request = { ...whose, agendaId, date, time, announce };
    try {
      const preview = await this.previewMessages.execute(tx, request);
      return preview === undefined ? null : previewView(preview, person, office);
    } catch (error) {
      if (error instanceof NonexistentLocalTime) return null;
      throw error;
    }
  }
}

/** What the person was last summoned for, when this role may book it: most convocations follow another. */
async function asLastTime(
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

interface Promised {
  readonly agendaId: string;
  readonly agendaName: string;
  readonly placeName: string;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
}

async function choose(
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

function promiseOf({ agenda, seats, seat, date, time }: Chosen): Promised | null {
  const slot = seats.find(({ id }) => id === seat);
  if (slot !== undefined) return slot;
  if (agenda === undefined || seat !== 'free' || !isDate(date) || !isTime(time)) return null;
  const { id: agendaId, name: agendaName, placeName, timeZone } = agenda;
  return { agendaId, agendaName, placeName, date, time, timeZone };
}

function choices(chosen: Chosen, office: Office) {
  const { type, agendas, agenda, seats, seat, date, time, notify } = chosen;
  const cards = seats.map((slot) => seatChoice(slot, office));
  return {
    typeCode: type?.id ?? '',
    agendas: groupsOf(agendas),
    agenda: agenda?.id ?? '',
    agendaHint: agenda === undefined ? '' : agendaHint(agenda, office),
    where:
      agenda === undefined || agenda.timeZone === office.timeZone ? '' : `, à ${cityOf(agenda.timeZone)}`,
    next: cards.slice(0, CARDS),
    more: cards.slice(CARDS),
    freeAllowed: type !== undefined && !type.needsSlot && agenda !== undefined,
    ...{ seat, date, time, notify },
  };
}

function groupsOf(agendas: readonly BookableAgenda[]): OptionGroup[] {
  const places = [...new Set(agendas.map(({ placeName }) => placeName))];
  return places.map((label) => ({
    label,
    options: agendas
      .filter(({ placeName }) => placeName === label)
      .map(({ id, name }) => ({ value: id, label: `${label}, ${name}` })),
  }));
}

function agendaHint(agenda: BookableAgenda, office: Office): string {
  const there = toLocal(office.now, agenda.timeZone);
  const clock =
    agenda.timeZone === office.timeZone
      ? ''
      : ` Il y est ${hourInWords(there.time)}\u00a0; ici, ${hourInWords(office.time)}.`;
  return `${agenda.placeAddress}.${clock}`;
}

function seatChoice(slot: SlotView, office: Office): SeatChoice {
  return {
    slotId: slot.id,
    date: capital(dayOfYear(slot.date)),
    hour: hourInWords(slot.time),
    about: relativeDay(slot.date, toLocal(office.now, slot.timeZone).date),
    left: slot.seatsLeft,
    capacity: slot.capacity,
  };
}

function confirmOf({ type }: Chosen, promise: Promised, office: Office) {
  const where = `${type?.name ?? ''}, ${promise.agendaName}, ${promise.placeName}`;
  return { promise: capital(moment(promise, office.timeZone)), where };
}
