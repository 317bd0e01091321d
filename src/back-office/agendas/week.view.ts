import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { listAppointmentTypes } from '../../organizations/organization.queries.js';
import { type AgendaDay, agendaWeek } from '../../organizations/slot.queries.js';
import { hourInWords } from '../../shared/french-dates.js';
import { namedOptions } from '../../ui/select-field.js';
import { capital, cityOf, dayOfYear, plainDate } from '../../ui/typography.js';
import { type Office, OfficeHours } from '../office-hours.js';
import type { OpenValues, WeekDay, WeekView } from './week.page.js';

export type WeekContent = Omit<WeekView, 'frame' | 'done' | 'problems'>;

const WEEKDAYS = ['Lundi', 'Mardi', 'Mercredi', 'Jeudi', 'Vendredi', 'Samedi', 'Dimanche'];
const CLOSED = { weekend: 'Week-end', holiday: 'Jour férié', 'closing-day': 'Fermé' } as const;

@Injectable()
export class WeekPages {
  constructor(private readonly officeHours: OfficeHours) {}

  /** @param week any date of it; null: this week @param form what was typed, when it was refused @throws NotFound */
  async content(
    tx: EntityManager,
    actor: Actor,
    agendaId: string,
    week: string | null,
    form: { readonly values: OpenValues; readonly weekdays: readonly string[] } | null,
  ): Promise<WeekContent> {
    const office = await this.officeHours.of(tx, actor);
    const { agenda, monday, manageable, days } = await agendaWeek(
      tx,
      actor,
      agendaId,
      week ?? workingWeek(office.today),
    );
    const types = manageable ? await listAppointmentTypes(tx, actor) : [];
    const options = namedOptions(types);
    const zone = agenda.timeZone === office.timeZone ? '' : `, heure de ${cityOf(agenda.timeZone)}`;
    return {
      agendaId,
      title: agenda.name,
      about: `${agenda.placeName}${zone}`,
      monday,
      weekLabel: `Semaine du ${plainDate(monday)}`,
      before: moved(monday, -7),
      after: moved(monday, 7),
      days: shown(days).map((day) => dayView(day, office)),
      manageable,
      types: options,
      values: form?.values ?? freshValues(options[0]?.value ?? '', monday, office),
      weekdays: WEEKDAYS.map((label, at) => {
        const value = String(at + 1);
        return { value, label, checked: form === null ? at === 0 : form.weekdays.includes(value) };
      }),
    };
  }
}

/** On a week-end, the week that people look at is the next one. */
function workingWeek(today: string): string {
  const { dayOfWeek } = Temporal.PlainDate.from(today);
  return dayOfWeek > 5 ? moved(today, 8 - dayOfWeek) : today;
}

function freshValues(typeCode: string, monday: string, office: Office): OpenValues {
  const from = monday > office.today ? monday : moved(office.today, 1);
  return { typeCode, from, weeks: '4', times: '', durationMinutes: '30', capacity: '1' };
}

/** A week-end without slots is not worth two columns. */
function shown(days: readonly AgendaDay[]): readonly AgendaDay[] {
  return days.filter(({ slots }, at) => at < 5 || slots.length > 0);
}

function dayView({ date, closed, slots }: AgendaDay, office: Office): WeekDay {
  return {
    date,
    label: capital(dayOfYear(date)),
    closed: closed === null ? null : (closed.label ?? CLOSED[closed.reason]),
    slots: slots.map((slot) => ({
      id: slot.id,
      hour: hourInWords(slot.time),
      typeName: slot.typeName,
      left: slot.seatsLeft,
      capacity: slot.capacity,
      closed: slot.closed,
      past: slot.startsAt.getTime() <= office.now.epochMilliseconds,
    })),
  };
}

function moved(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}
