import { Temporal } from 'temporal-polyfill';
import { type Instant, type LocalTime, toLocal } from '../../shared/time.js';
import type { MessageKind } from './notification.states.js';
import { ALL_DAY, nextOpening, type SendWindow } from './send-window.js';

export interface PlanInput {
  /** What the person is told: date and hour at the place. */
  readonly promise: LocalTime;
  readonly startsAt: Instant;
  /** The only "now" of the plan. */
  readonly bookedAt: Instant;
  /** What announces the promise now; null when the person is told otherwise. */
  readonly announce: 'summons' | 'rescheduling' | null;
  /** Reminders, in calendar days before the promise; the day before by default. */
  readonly offsets?: readonly number[];
  /** Local hours in which a message may leave; null: any. */
  readonly window: SendWindow | null;
  /** Days on which nothing leaves; none by default. */
  readonly isClosed?: (date: string) => boolean;
}

/** Why a message does not leave at the hour one would expect. */
export type MoveReason = 'window' | 'gap' | 'closed-day' | 'late';

export interface PlannedMessage {
  readonly kind: MessageKind;
  readonly offsetDays: number;
  readonly dueAt: Instant;
  readonly usefulUntil: Instant;
  readonly localDate: string;
  readonly localTime: string;
  readonly reason: MoveReason | null;
}

const NEVER = () => false;
const DEFAULT_OFFSETS = [1] as const;
/** A service that closes every day of a month has no day left to remind on: the search for one ends. */
const CLOSED_DAYS_IN_A_ROW = 31;

/**
 * The announcement and the reminders of one promise, by due hour. What could leave only when it is useful no longer
 * is left out. One function for the booking page, the API and the engine.
 */
export function planMessages(input: PlanInput): PlannedMessage[] {
  const offsets = [...new Set(input.offsets ?? DEFAULT_OFFSETS)];
  return [announcement(input), ...offsets.map((days) => reminder(input, days))]
    .filter((message) => message !== undefined)
    .filter((message) => Temporal.Instant.compare(message.dueAt, message.usefulUntil) < 0)
    .sort((a, b) => Temporal.Instant.compare(a.dueAt, b.dueAt) || a.offsetDays - b.offsetDays);
}

/** A message after this instant says nothing useful any more (contract, section 5). */
export function usefulUntil(kind: MessageKind, startsAt: Instant): Instant {
  if (kind === 'cancellation') return startsAt;
  return kind === 'after-absence' ? startsAt.add({ hours: 7 * 24 }) : startsAt.subtract({ hours: 1 });
}

/** What is told at once leaves now, or when the window of the place opens on a day that is not closed. */
export function announcementDueAt(
  now: Instant,
  timeZone: string,
  window: SendWindow | null,
  isClosed: (date: string) => boolean = NEVER,
): Instant {
  return nextOpening(now, timeZone, window ?? ALL_DAY, isClosed);
}

function announcement(input: PlanInput): PlannedMessage | undefined {
  if (input.announce === null) return undefined;
  const { timeZone } = input.promise;
  const isClosed = input.isClosed ?? NEVER;
  const dueAt = announcementDueAt(input.bookedAt, timeZone, input.window, isClosed);
  const moved = Temporal.Instant.compare(dueAt, input.bookedAt) !== 0;
  const today = toLocal(input.bookedAt, timeZone).date;
  return planned(input, input.announce, 0, dueAt, moved ? (isClosed(today) ? 'closed-day' : 'window') : null);
}

function reminder(input: PlanInput, days: number): PlannedMessage | undefined {
  const { promise, bookedAt } = input;
  const isClosed = input.isClosed ?? NEVER;
  const wanted = Temporal.PlainDate.from(promise.date).subtract({ days });
  const day = lastOpenDay(wanted, isClosed);
  if (day === undefined) return undefined;
  const time = clamp(promise.time, input.window ?? ALL_DAY);
  const wall = day.toPlainDateTime(time);
  const zoned = wall.toZonedDateTime(promise.timeZone, { disambiguation: 'compatible' });
  const dueAt = zoned.toInstant();
  if (Temporal.Instant.compare(dueAt, bookedAt) < 0) {
    if (input.announce !== null) return undefined;
    return planned(
      input,
      'reminder',
      days,
      announcementDueAt(bookedAt, promise.timeZone, input.window, isClosed),
      'late',
    );
  }
  if (!day.equals(wanted)) return planned(input, 'reminder', days, dueAt, 'closed-day');
  if (time !== promise.time) return planned(input, 'reminder', days, dueAt, 'window');
  return planned(input, 'reminder', days, dueAt, zoned.toPlainDateTime().equals(wall) ? null : 'gap');
}

function lastOpenDay(
  wanted: Temporal.PlainDate,
  isClosed: (date: string) => boolean,
): Temporal.PlainDate | undefined {
  for (let back = 0; back <= CLOSED_DAYS_IN_A_ROW; back++) {
    const day = wanted.subtract({ days: back });
    if (!isClosed(day.toString())) return day;
  }
  return undefined;
}

function clamp(time: string, window: SendWindow): string {
  if (time < window.from) return window.from;
  return time > window.to ? window.to : time;
}

function planned(
  input: PlanInput,
  kind: MessageKind,
  offsetDays: number,
  dueAt: Instant,
  reason: MoveReason | null,
): PlannedMessage {
  const { date, time } = toLocal(dueAt, input.promise.timeZone);
  return {
    kind,
    offsetDays,
    dueAt,
    usefulUntil: usefulUntil(kind, input.startsAt),
    localDate: date,
    localTime: time,
    reason,
  };
}
