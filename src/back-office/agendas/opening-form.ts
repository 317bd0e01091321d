import { Temporal } from 'temporal-polyfill';
import { isDate } from '../../organizations/domain/opening.js';
import type { OpenSlotsCommand } from '../../organizations/open-slots.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import type { OpenValues } from './week.page.js';

const MOST_WEEKS = 52;

/** Dates and hours that a form of days, weeks and hours names. @throws ValidationFailed */
export function openingOf(
  values: OpenValues,
  weekdays: readonly string[],
): Omit<OpenSlotsCommand, 'agendaId'> {
  const { typeCode, from, weeks, durationMinutes, capacity } = values;
  if (!isDate(from)) throw invalid('date', 'not a day');
  const count = whole(weeks);
  if (count < 1 || count > MOST_WEEKS) throw invalid('weeks', 'between 1 and 52 weeks');
  return {
    typeCode,
    dates: datesOf(from, count, weekdays),
    times: values.times.split(/[\s,;]+/).flatMap((time) => (time === '' ? [] : [timeOf(time)])),
    durationMinutes: whole(durationMinutes),
    capacity: whole(capacity),
  };
}

function datesOf(from: string, weeks: number, weekdays: readonly string[]): string[] {
  const first = Temporal.PlainDate.from(from);
  const days = Array.from({ length: weeks * 7 }, (_, days) => first.add({ days }));
  return days.filter(({ dayOfWeek }) => weekdays.includes(String(dayOfWeek))).map((date) => date.toString());
}

/** « 9h30 », « 9:30 », « 9h » and « 09:30 » all say the same. */
function timeOf(typed: string): string {
  const [, hour = '', minute = '00'] = /^(\d{1,2})[h:]?(\d{2})?$/i.exec(typed) ?? [];
  const time = `${hour.padStart(hour === '' ? 0 : 2, '0')}:${minute}`;
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) throw invalid('times', 'not an hour');
  return time;
}

/** NaN for anything else: the use case refuses it by its bounds. */
function whole(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
}

function invalid(field: string, message: string): ValidationFailed {
  return new ValidationFailed([{ field: field === 'date' ? 'from' : field, code: 'range', message }]);
}
