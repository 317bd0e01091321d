import { Temporal } from 'temporal-polyfill';
import { DomainError } from './domain-error.js';

/** A point on the UTC time line: what is stored (timestamptz) and compared. */
export type Instant = Temporal.Instant;

/** What an agent types and a person reads: ISO date, `HH:mm`, IANA zone of the place. Never compared directly. */
export interface LocalTime {
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
}

/** The typed hour does not exist that day at the place (clocks go forward). */
export class NonexistentLocalTime extends DomainError {
  readonly code = 'nonexistent-local-time';
  override readonly field = 'time';
  constructor() {
    super('this hour does not exist on that day at the place');
  }
}

/** From a row (node-postgres gives Date) to what the domain speaks. */
export function instantOf(date: Date): Instant {
  return Temporal.Instant.fromEpochMilliseconds(date.getTime());
}

/**
 * The instant of a wall clock typed by a person; in the repeated hour of autumn, the first of the two.
 * @throws NonexistentLocalTime in the hour skipped in spring
 */
export function toInstant(local: LocalTime): Instant {
  const typed = Temporal.PlainDateTime.from(`${local.date}T${local.time}`);
  const zoned = typed.toZonedDateTime(local.timeZone, { disambiguation: 'compatible' });
  if (!zoned.toPlainDateTime().equals(typed)) throw new NonexistentLocalTime();
  return zoned.toInstant();
}

/** A batch of messages asks the same instant at the same few places: kept as long as that instant lives. */
const knownLocal = new WeakMap<Instant, Map<string, LocalTime>>();

/** The wall clock of an instant at a place, to the minute. */
export function toLocal(instant: Instant, timeZone: string): LocalTime {
  const places = knownLocal.get(instant) ?? new Map<string, LocalTime>();
  const local = places.get(timeZone) ?? wallClock(instant.toZonedDateTimeISO(timeZone));
  knownLocal.set(instant, places.set(timeZone, local));
  return local;
}

/** The wall clock it shows, to the minute. */
export function wallClock(zoned: Temporal.ZonedDateTime): LocalTime {
  const [date = '', time = ''] = zoned.toPlainDateTime().toString({ smallestUnit: 'minute' }).split('T');
  return { date, time, timeZone: zoned.timeZoneId };
}

/** Whether this is an IANA time zone name known here (`Europe/Paris`); bare offsets such as `+02:00` are not. */
export function isTimeZone(id: string): boolean {
  if (!/^[A-Za-z]/.test(id)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id);
    return true;
  } catch {
    return false;
  }
}
