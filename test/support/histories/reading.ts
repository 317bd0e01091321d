import { Temporal } from 'temporal-polyfill';
import type { Got } from './phones.js';
import type { Appointment, OfficeWorld, Promised, Service } from './world.js';

export type Kind = 'summons' | 'reminder' | 'cancellation' | 'rescheduling' | 'after-absence';

/** One appointment of a text. */
export interface Told {
  readonly appointment: Appointment;
  readonly promised: Promised;
}

/** A text as a person who knows the office reads it. */
export interface Read {
  readonly got: Got;
  readonly kind: Kind;
  readonly told: readonly Told[];
}

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
/** Days of the law in every territory, for the years of the histories. */
const HOLIDAYS = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];
const MOVING = ['2026-04-06', '2026-05-14', '2026-05-25', '2027-03-29', '2027-05-06', '2027-05-17'];
export const BEFORE: readonly Kind[] = ['summons', 'reminder', 'rescheduling'];
export const HOLDS: Readonly<Record<Kind, Appointment['state']>> = {
  ...{ summons: 'booked', reminder: 'booked', rescheduling: 'booked' },
  ...{ cancellation: 'cancelled', 'after-absence': 'missed' },
};

/** Undefined: it tells an hour that nobody promised. */
export function understood(world: OfficeWorld, got: Got): Read | undefined {
  const clocks = [...new Set([...got.body.matchAll(CLOCK)].map(clockOf))];
  const told = clocks.flatMap((clock) => world.promiseOf(clock) ?? []);
  return told.length === 0 || told.length < clocks.length ? undefined : { got, kind: kindOf(got.body), told };
}

/** The first hour that a text tells. */
export function firstTold(world: OfficeWorld, body: string): Told | undefined {
  const [first] = [...body.matchAll(CLOCK)].map(clockOf);
  return first === undefined ? undefined : world.promiseOf(first);
}

/** Never within the token of a link, which is drawn at random. */
const CLOCK = /(?<![\w/-])(\d{1,2})h(\d{2})(?![\w-])/g;

function clockOf([, hours = '', minutes = '']: RegExpMatchArray): string {
  return `${hours.padStart(2, '0')}:${minutes}`;
}

function kindOf(body: string): Kind {
  if (/RAPPEL/.test(body)) return 'reminder';
  if (/annul/.test(body)) return 'cancellation';
  if (/d.plac.e? au/.test(body)) return 'rescheduling';
  return /manqu/.test(body) ? 'after-absence' : 'summons';
}

export function isOpen({ timeZone, hours: [from, to], closes }: Service, at: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const clock = local.toPlainTime().toString({ smallestUnit: 'minute' });
  const date = local.toPlainDate().toString();
  const isClosed =
    closes && (local.dayOfWeek === 7 || HOLIDAYS.includes(date.slice(5)) || MOVING.includes(date));
  return clock >= from && clock <= to && !isClosed;
}

export function nextOpen(service: Service, from: number): number {
  for (let at = from; ; at += 5 * MINUTE) if (isOpen(service, at)) return at;
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}
