import { Temporal } from 'temporal-polyfill';
import { planMessages, type PlannedMessage, type PlanInput } from '../../src/notifications/domain/cadence.js';
import { parseWindow } from '../../src/notifications/domain/send-window.js';
import type { Instant } from '../../src/shared/time.js';

export const OFFICE = parseWindow('08:00-20:00');
const LONG_AGO = Temporal.Instant.from('2025-06-01T10:00:00Z');

/** What a test says of a convocation; the rest is usual: in Paris, booked long ago, one reminder the day before. */
export interface Asked extends Partial<Omit<PlanInput, 'promise' | 'startsAt' | 'bookedAt'>> {
  /** Promised wall clock at the place, `2026-04-14 09:30`. */
  readonly at: string;
  readonly zone?: string;
  readonly bookedAt?: Instant;
  readonly offsets?: readonly number[];
}

/** What is planned for such a convocation. */
export function plan({
  at,
  zone = 'Europe/Paris',
  bookedAt = LONG_AGO,
  offsets = [1],
  ...rest
}: Asked): readonly PlannedMessage[] {
  const [date = '', time = ''] = at.split(' ');
  const promise = { date, time, timeZone: zone };
  const startsAt = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone).toInstant();
  const reminders = offsets.map((offsetDays) => ({ offsetDays }));
  return planMessages({ promise, startsAt, bookedAt, announce: null, window: OFFICE, reminders, ...rest });
}

/** The same, a line a message: kind, days before, local date and time, why not at the promised hour. */
export const told = (asked: Asked): readonly string[] =>
  plan(asked).map(({ kind, offsetDays, localDate, localTime, reason }) =>
    [kind, offsetDays, localDate, localTime, reason].join(' '),
  );

export const paris = (text: string): Instant =>
  Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Paris').toInstant();

/** Days on which nothing leaves: Sundays. */
export const sunday = (date: string): boolean => Temporal.PlainDate.from(date).dayOfWeek === 7;
