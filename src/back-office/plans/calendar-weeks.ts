import { Temporal } from 'temporal-polyfill';
import { capital, NBSP, plainDate } from '../../ui/typography.js';
import { LEFT_OUT, type Sample } from './plan-samples.js';

export interface CalendarDay {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** « 1ᵉʳ juin » on the first day shown and at each first of a month, else « 2 ». */
  readonly label: string;
  /** « Rappel, la veille à 9 h 30 », in the order they leave; the appointment itself is one of them. */
  readonly marks: readonly string[];
  /** Nothing leaves that day. */
  readonly isClosed: boolean;
  /** Before the booking, or after the appointment and what follows it. */
  readonly isOutside: boolean;
}

/** Seven days from a Monday, or as many whole weeks without anything. */
export type CalendarRow = { readonly days: readonly CalendarDay[] } | { readonly emptyWeeks: number };

/** Fewer empty weeks than this are shown. */
const MANY = 2;

/** What a plan does to the weeks from a booking to its appointment. */
export function calendarOf(
  sample: Sample,
  isClosed: (date: string) => boolean = () => false,
): readonly CalendarRow[] {
  const booked = Temporal.PlainDate.from(sample.bookedOn);
  const last = Temporal.PlainDate.from(lastDay(sample));
  const monday = booked.subtract({ days: booked.dayOfWeek - 1 });
  const weeks = Math.floor(monday.until(last, { largestUnit: 'day' }).days / 7) + 1;
  const rows = Array.from({ length: weeks }, (_, at) =>
    weekOf(sample, monday.add({ days: 7 * at }), isClosed),
  );
  return folded(rows);
}

function weekOf(
  sample: Sample,
  monday: Temporal.PlainDate,
  isClosed: (date: string) => boolean,
): readonly CalendarDay[] {
  return Array.from({ length: 7 }, (_, at) => {
    const day = monday.add({ days: at });
    const date = day.toString();
    const [number = '', month = ''] = plainDate(date).split('\u00a0');
    const isNamed = day.day === 1 || date === sample.bookedOn;
    return {
      date,
      label: isNamed ? `${number}\u00a0${month}` : number,
      marks: marksOf(sample, date),
      isClosed: isClosed(date),
      isOutside: date < sample.bookedOn || date > lastDay(sample),
    };
  });
}

/** Of the appointment, or of what follows an absence. */
function lastDay({ date, texts }: Sample): string {
  return texts.reduce((last, text) => (text.date > last ? text.date : last), date);
}

function marksOf(sample: Sample, date: string): readonly string[] {
  const texts = sample.texts.filter((text) => text.date === date);
  const words = (isAfter: boolean) =>
    texts
      .filter((text) => text.isAfter === isAfter)
      .map(({ title, hour, isLeftOut }) =>
        isLeftOut ? `${title}${NBSP}: ${LEFT_OUT}` : `${title}${isAfter ? `${NBSP}:` : ' à'} ${hour}`,
      );
  const appointment = date === sample.date ? [`Rendez-vous à ${sample.hour}`] : [];
  return [...words(false), ...appointment, ...words(true)].map(capital);
}

function folded(weeks: readonly (readonly CalendarDay[])[]): readonly CalendarRow[] {
  const rows: CalendarRow[] = [];
  let empty: (readonly CalendarDay[])[] = [];
  for (const days of weeks) {
    if (days.every(({ marks }) => marks.length === 0)) {
      empty.push(days);
      continue;
    }
    rows.push(...asRows(empty), { days });
    empty = [];
  }
  return [...rows, ...asRows(empty)];
}

function asRows(empty: readonly (readonly CalendarDay[])[]): readonly CalendarRow[] {
  return empty.length < MANY ? empty.map((days) => ({ days })) : [{ emptyWeeks: empty.length }];
}
