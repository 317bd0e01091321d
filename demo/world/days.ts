import { Temporal } from 'temporal-polyfill';
import { type Calendar, isHoliday } from '../../src/organizations/domain/calendar.js';

/** The first day of which the demo world knows anything: a Monday. */
export const FIRST_DAY = '2023-01-02';

/** Calendar arithmetic is asked a hundred thousand times while the world is made: one table answers. */
const days: string[] = [FIRST_DAY];
const numbers = new Map<string, number>([[FIRST_DAY, 0]]);
const open = new Map<string, boolean>();

/** @param date not before `FIRST_DAY`, and neither is the answer */
export function plusDays(date: string, shift: number): string {
  return dayAt(numberOf(date) + shift);
}

export function plusMonths(date: string, months: number): string {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

/** Whole calendar months from the month of one date to that of another; below 0 before it. */
export function monthsBetween(from: string, to: string): number {
  return (
    12 * (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7))
  );
}

export function firstOfMonth(date: string): string {
  return `${date.slice(0, 7)}-01`;
}

/** Dates from `first` to `last`, both included. */
export function daysBetween(first: string, last: string): string[] {
  const between: string[] = [];
  for (let day = first; day <= last; day = plusDays(day, 1)) between.push(day);
  return between;
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(date: string): number {
  return (numberOf(date) % 7) + 1;
}

/** Offices are open on weekdays that are not holidays of the territory. */
export function isWorkingDay(calendar: Calendar, date: string): boolean {
  const question = `${calendar} ${date}`;
  const known = open.get(question) ?? (weekdayOf(date) <= 5 && !isHoliday(calendar, date));
  open.set(question, known);
  return known;
}

/** The last working day up to `date`. */
export function workingDayUpTo(calendar: Calendar, date: string): string {
  return isWorkingDay(calendar, date) ? date : workingDayUpTo(calendar, plusDays(date, -1));
}

/** The first working day from `date` on. */
export function workingDayFrom(calendar: Calendar, date: string): string {
  return isWorkingDay(calendar, date) ? date : workingDayFrom(calendar, plusDays(date, 1));
}

function numberOf(date: string): number {
  while ((days.at(-1) ?? '') < date) extend();
  const found = numbers.get(date);
  if (found === undefined) throw new RangeError(`${date} is before the demo world`);
  return found;
}

function dayAt(number: number): string {
  while (days.length <= number) extend();
  const found = days[number];
  if (found === undefined) throw new RangeError('before the demo world');
  return found;
}

function extend(): void {
  const next = Temporal.PlainDate.from(days.at(-1) ?? FIRST_DAY)
    .add({ days: 1 })
    .toString();
  numbers.set(next, days.length);
  days.push(next);
}
