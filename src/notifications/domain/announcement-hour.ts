import { Temporal } from 'temporal-polyfill';
import { type Instant, toLocal } from '../../shared/time.js';
import type { Leaving, LeavingRules, MoveReason } from './reminder-hour.js';
import { ALL_DAY, nextOpening } from './send-window.js';

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

/** At the next such hour of the place, or when the window opens after it. @param hour `HH:mm` */
export function leavesAtNext(hour: string, now: Instant, timeZone: string, rules: LeavingRules): Leaving {
  const leaving = leavesAtOnce(nextAt(now, hour, timeZone), timeZone, rules);
  const isInGap = leaving.reason === null && leaving.localTime !== hour;
  return isInGap ? { ...leaving, reason: 'gap' } : leaving;
}

/** The next time that local clock shows this hour, `now` included; of an hour that comes twice, the first. */
export function nextAt(now: Instant, hour: string, timeZone: string): Instant {
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  const on = (date: Temporal.PlainDate) => date.toPlainDateTime(hour).toZonedDateTime(timeZone).toInstant();
  const first = on(today);
  return Temporal.Instant.compare(first, now) >= 0 ? first : on(today.add({ days: 1 }));
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
