import { Temporal } from 'temporal-polyfill';
import { type Instant, toLocal } from '../../shared/time.js';
import { clamped, type Leaving, type LeavingRules, type MoveReason } from './reminder-hour.js';
import { ALL_DAY, nextOpening } from './send-window.js';

const A_YEAR = 366;

/** When a message about what just happened leaves: now, or when the window opens on a day that is not closed. */
export function announcementDueAt(
  now: Instant,
  timeZone: string,
  { window, isClosed }: LeavingRules,
): Instant {
  return nextOpening(now, timeZone, window ?? ALL_DAY, isClosed);
}

/** What is to be said now: at once, or when the window opens. */
export function leavesAtOnce(now: Instant, timeZone: string, rules: LeavingRules): Leaving {
  const dueAt = announcementDueAt(now, timeZone, rules);
  const { date, time } = toLocal(dueAt, timeZone);
  return { dueAt, localDate: date, localTime: time, reason: reasonOfWaiting(now, timeZone, rules, dueAt) };
}

/**
 * At the next such hour of the place, `now` included, or at the nearest one in the window of that day; on a closed day
 * at that of the next open one. Of an hour that comes twice, the first. @param hour `HH:mm`
 */
export function leavesAtNext(hour: string, now: Instant, timeZone: string, rules: LeavingRules): Leaving {
  const { window, isClosed = () => false } = rules;
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  let wasClosed = false;
  for (let ahead = 0; ahead <= A_YEAR; ahead++) {
    const date = today.add({ days: ahead });
    const leaving = clamped({ date, time: hour, timeZone }, window ?? ALL_DAY);
    if (leaving === undefined || Temporal.Instant.compare(leaving.dueAt, now) < 0) continue;
    if (!isClosed(date.toString())) return wasClosed ? { ...leaving, reason: 'closed-day' } : leaving;
    wasClosed = true;
  }
  throw new RangeError('no day on which a message may leave within a year');
}

function reasonOfWaiting(
  wanted: Instant,
  timeZone: string,
  { isClosed = () => false }: LeavingRules,
  dueAt: Instant,
): MoveReason | null {
  if (dueAt.equals(wanted)) return null;
  const last = toLocal(dueAt, timeZone).date;
  let day = wanted.toZonedDateTimeISO(timeZone).toPlainDate();
  for (; day.toString() < last; day = day.add({ days: 1 })) if (isClosed(day.toString())) return 'closed-day';
  return 'window';
}
