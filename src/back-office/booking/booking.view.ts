import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { Actor } from '../../access/actor.js';
import type { ConvocationView } from '../../convocations/convocation.queries.js';
import { PreviewMessages } from '../../notifications/plans/preview-messages.js';
import { holdOf } from '../../notifications/surety/sending-hold.js';
import { type BookableAgenda, listAppointmentTypes } from '../../organizations/organization.queries.js';
import type { SlotView } from '../../organizations/slot.queries.js';
import { findPerson, type PersonView } from '../../persons/person.queries.js';
import { hourInWords, relativeDay } from '../../shared/french-dates.js';
import { NonexistentLocalTime, toLocal } from '../../shared/time.js';
import type { OptionGroup } from '../../ui/select-field.js';
import { capital, cityOf, dayOfYear, moment } from '../../ui/typography.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { birthWords, fullName } from '../persons/person-words.js';
import { asLastTime, choose, type Chosen, type Promised, promiseOf } from './booking-choice.js';
import type { BookingForm } from './booking-form.js';
import type { BookingView } from './booking.page.js';
import { previewView } from './preview.view.js';
import type { SeatChoice } from './seats.js';

export type BookingContent = Omit<BookingView, 'frame' | 'problems'>;

const CARDS = 3;

/** The booking page as it stands after what has been said so far: what is missing takes its first fitting value. */
@Injectable()
export class BookingPages {
  constructor(
    private readonly env: Env,
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
      if (preview === undefined) return null;
      const isHeld = (await holdOf(tx, this.env.APP_ENV)) !== null;
      return { ...previewView(preview, person, office), isHeld };
    } catch (error) {
      if (error instanceof NonexistentLocalTime) return null;
      throw error;
    }
  }
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
