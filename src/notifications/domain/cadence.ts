import { Temporal } from 'temporal-polyfill';
import { calendarDaysBefore, toLocal, type Instant, type LocalTime } from '../../shared/time.js';
import type { MessageKind } from './notification.states.js';
import { ALL_DAY, isInside, nextOpening, type SendWindow } from './send-window.js';

export interface PlanInput {
  /** What the person is promised: wall clock of the place. */
  readonly promise: LocalTime;
  /** The instant of the promise. */
  readonly startsAt: Instant;
  /** The only "now" of the plan. */
  readonly bookedAt: Instant;
  /** What is told of this very change, if anything. */
  readonly announce: 'summons' | 'rescheduling' | null;
  /** Reminders, in calendar days before the promise. Default: the day before. */
  readonly offsets?: readonly number[];
  /** Null: at any hour. */
  readonly window: SendWindow | null;
  /** Local days on which nothing leaves. Default: none. */
  readonly isClosed?: (date: string) => boolean;
}

/**
 * Why a message leaves at another hour than asked: the send window, an hour that does not exist (clocks go
 * forward), a closed day, or the time already past when booked. When several apply, the first of `late`,
 * `closed-day`, `window`, `gap`.
 */
export type MoveReason = 'window' | 'gap' | 'closed-day' | 'late';

export interface PlannedMessage {
  readonly kind: MessageKind;
  /** A reminder's days before the promise; 0 for any other kind. */
  readonly offsetDays: number;
  readonly dueAt: Instant;
  readonly usefulUntil: Instant;
  /** Wall clock of `dueAt` at the place. */
  readonly localDate: string;
  readonly localTime: string;
  readonly reason: MoveReason | null;
}

type ClosedDays = (date: string) => boolean;
type Leaving = Pick<PlannedMessage, 'dueAt' | 'reason'>;

const NEVER_CLOSED: ClosedDays = () => false;
const DAY_BEFORE: readonly number[] = [1];
const A_YEAR = 366;

/**
 * The messages of a promise, in the order they leave; those that could only leave too late to be useful are left
 * out. The page that announces them, the API and the engine all ask here.
 */
export function planMessages(input: PlanInput): PlannedMessage[] {
  const offsets = [...new Set(input.offsets ?? DAY_BEFORE)];
  return [...announcements(input), ...offsets.flatMap((offset) => reminders(input, offset))]
    .filter(({ dueAt, usefulUntil: limit }) => isBefore(dueAt, limit))
    .sort((a, b) => Temporal.Instant.compare(a.dueAt, b.dueAt));
}

/** From this instant on the message says nothing useful and must not leave. */
export function usefulUntil(kind: MessageKind, startsAt: Instant): Instant {
  if (kind === 'cancellation') return startsAt;
  if (kind === 'after-absence') return startsAt.add({ hours: 7 * 24 });
  return startsAt.subtract({ hours: 1 });
}

/** When a message about what just happened leaves: now, or when the window opens. */
export function announcementDueAt(
  now: Instant,
  timeZone: string,
  window: SendWindow | null,
  isClosed: ClosedDays = NEVER_CLOSED,
): Instant {
  return nextOpening(now, timeZone, window ?? ALL_DAY, isClosed);
}

function announcements(input: PlanInput): PlannedMessage[] {
  if (input.announce === null) return [];
  const dueAt = atOnce(input);
  return [describe(input, input.announce, 0, { dueAt, reason: reasonOfWaiting(input, dueAt) })];
}

function reminders(input: PlanInput, offsetDays: number): PlannedMessage[] {
  const leaving = reminderLeaves(input, offsetDays);
  if (!isBefore(leaving.dueAt, input.bookedAt)) return [describe(input, 'reminder', offsetDays, leaving)];
  // Its time was past when booked: what is announced now says the same.
  if (input.announce !== null) return [];
  return [describe(input, 'reminder', offsetDays, { dueAt: atOnce(input), reason: 'late' })];
}

function atOnce({ bookedAt, promise, window, isClosed }: PlanInput): Instant {
  return announcementDueAt(bookedAt, promise.timeZone, window, isClosed);
}

function reasonOfWaiting(
  { bookedAt, promise, isClosed = NEVER_CLOSED }: PlanInput,
  dueAt: Instant,
): MoveReason | null {
  if (dueAt.equals(bookedAt)) return null;
  const last = toLocal(dueAt, promise.timeZone).date;
  let day = bookedAt.toZonedDateTimeISO(promise.timeZone).toPlainDate();
  for (; day.toString() < last; day = day.add({ days: 1 })) if (isClosed(day.toString())) return 'closed-day';
  return 'window';
}

/** The promised wall clock, some calendar days earlier, on a day that is not closed, within the window of that day. */
function reminderLeaves(input: PlanInput, offsetDays: number): Leaving {
  const { promise, isClosed = NEVER_CLOSED } = input;
  const window = input.window ?? ALL_DAY;
  const wanted = Temporal.PlainDate.from(promise.date).subtract({ days: offsetDays });
  for (let earlier = 0; earlier <= A_YEAR; earlier++) {
    const date = wanted.subtract({ days: earlier }).toString();
    const leaving = isClosed(date) ? undefined : clamped({ ...promise, date }, window);
    if (leaving !== undefined) return earlier === 0 ? leaving : { ...leaving, reason: 'closed-day' };
  }
  throw new RangeError('no day on which a message may leave within a year');
}

/** Undefined when the whole window falls in the hour skipped that day. */
function clamped(local: LocalTime, window: SendWindow): Leaving | undefined {
  const time = local.time < window.from ? window.from : local.time > window.to ? window.to : local.time;
  for (const attempt of [time, window.to]) {
    const dueAt = calendarDaysBefore({ ...local, time: attempt }, 0);
    if (isInside(window, dueAt, local.timeZone))
      return { dueAt, reason: reasonOfMove(local, attempt, dueAt) };
  }
  return undefined;
}

function reasonOfMove(asked: LocalTime, time: string, dueAt: Instant): MoveReason | null {
  if (time !== asked.time) return 'window';
  return toLocal(dueAt, asked.timeZone).time === asked.time ? null : 'gap';
}

function describe(input: PlanInput, kind: MessageKind, offsetDays: number, leaving: Leaving): PlannedMessage {
  const { date, time } = toLocal(leaving.dueAt, input.promise.timeZone);
  return {
    kind,
    offsetDays,
    ...leaving,
    usefulUntil: usefulUntil(kind, input.startsAt),
    localDate: date,
    localTime: time,
  };
}

function isBefore(a: Instant, b: Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}
