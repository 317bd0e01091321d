import { Temporal } from 'temporal-polyfill';
import type { OrganizationKind } from '../../access/domain/roles.js';
import { DomainError, ValidationFailed } from '../../shared/domain-error.js';
import { type Instant, type LocalTime, toInstant } from '../../shared/time.js';
import { type Calendar, isHoliday, isWeekend } from './calendar.js';

/** The hour has already struck at the place. */
export class InThePast extends DomainError {
  readonly code = 'in-the-past';
  override readonly field = 'date';
  constructor() {
    super('this hour is past');
  }
}

/** More than one year ahead, counted in days at the place. */
export class TooFarAhead extends DomainError {
  readonly code = 'too-far-ahead';
  override readonly field = 'date';
  constructor() {
    super('more than one year ahead');
  }
}

export type ClosedReason = 'weekend' | 'holiday' | 'closing-day';

/** Nobody is summoned that day at this place for this type. */
export class ClosedDay extends DomainError {
  readonly code = 'closed-day';
  override readonly field = 'date';
  constructor(readonly reason: ClosedReason) {
    super(`closed that day: ${reason}`);
  }
}

/** This role does not book this type, or this place does not hold it. */
export class TypeNotAllowed extends DomainError {
  readonly code = 'type-not-allowed';
  override readonly field = 'typeCode';
  constructor(typeCode: string) {
    super(`type ${typeCode} is not possible here`);
  }
}

/** What decides whether a place works on a day. */
export interface WorkingDays {
  readonly calendar: Calendar;
  /** ISO dates the place itself closes. */
  readonly closingDays: readonly string[];
}

/** @returns why the place is closed that day, or null on a working day */
export function closedReason(date: string, days: WorkingDays): ClosedReason | null {
  if (isWeekend(date)) return 'weekend';
  if (isHoliday(days.calendar, date)) return 'holiday';
  return days.closingDays.includes(date) ? 'closing-day' : null;
}

/**
 * The instant of an hour typed for a slot or a convocation.
 * @param now the only "now" of the rule
 * @throws ValidationFailed, NonexistentLocalTime, InThePast, TooFarAhead or ClosedDay
 */
export function openingInstant(
  local: LocalTime,
  type: { readonly onWeekends: boolean },
  days: WorkingDays,
  now: Instant,
): Instant {
  refuseMalformed(local);
  const instant = toInstant(local);
  if (Temporal.Instant.compare(instant, now) <= 0) throw new InThePast();
  const lastDay = now.toZonedDateTimeISO(local.timeZone).toPlainDate().add({ years: 1 }).toString();
  if (local.date > lastDay) throw new TooFarAhead();
  const reason = type.onWeekends ? null : closedReason(local.date, days);
  if (reason !== null) throw new ClosedDay(reason);
  return instant;
}

/** The roles of each kind of service that book a type, and what its place must be. */
export interface TypeRules {
  readonly isHearingExit: boolean;
  readonly placeKind: OrganizationKind | null;
  readonly bookedByTj: readonly string[];
  readonly bookedBySpip: readonly string[];
}

/** Central administrators book every type. */
export function mayBookType(
  type: TypeRules,
  who: { role: string; organizationKind: OrganizationKind },
): boolean {
  if (who.role === 'admin') return true;
  return (who.organizationKind === 'tj' ? type.bookedByTj : type.bookedBySpip).includes(who.role);
}

/** True when a place of this kind of service may hold the type. */
export function mayHoldType(type: Pick<TypeRules, 'placeKind'>, kind: OrganizationKind): boolean {
  return type.placeKind === null || type.placeKind === kind;
}

/** False when only central administrators could ever book the type at a place of this kind of service. */
export function isBookedAt(type: Omit<TypeRules, 'placeKind'>, kind: OrganizationKind): boolean {
  const { bookedByTj, bookedBySpip } = type;
  const own = kind === 'tj' ? bookedByTj : bookedBySpip;
  return own.length > 0 || (type.isHearingExit && bookedByTj.length + bookedBySpip.length > 0);
}

/** True for an existing day, `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

/** True for a wall clock, `HH:mm`. */
export function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

function refuseMalformed(local: LocalTime): void {
  const errors = [];
  if (!isDate(local.date)) errors.push({ field: 'date', code: 'date', message: 'not a day, YYYY-MM-DD' });
  if (!isTime(local.time)) errors.push({ field: 'time', code: 'time', message: 'not an hour, HH:mm' });
  if (errors.length > 0) throw new ValidationFailed(errors);
}
