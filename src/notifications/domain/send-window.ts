import { Temporal } from 'temporal-polyfill';
import { ValidationFailed } from '../../shared/domain-error.js';
import { toLocal, type Instant } from '../../shared/time.js';

/** Local hours at the place in which a message may leave, `HH:mm`, both ends included to the minute. */
export interface SendWindow {
  readonly from: string;
  readonly to: string;
}

/** No window: every minute of the day is inside. */
export const ALL_DAY: SendWindow = { from: '00:00', to: '23:59' };

const SHAPE = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/;
const A_YEAR = 366;

/**
 * `08:00-20:00`.
 * @throws ValidationFailed (field `window`) when it is written otherwise or ends before it begins
 */
export function parseWindow(text: string): SendWindow {
  const [, from, to] = SHAPE.exec(text) ?? [];
  if (from === undefined || to === undefined || from > to)
    throw new ValidationFailed([
      { field: 'window', code: 'invalid', message: 'expected HH:mm-HH:mm within one day' },
    ]);
  return { from, to };
}

/** 20:00:59 is still inside a window that ends at 20:00. */
export function isInside(window: SendWindow, instant: Instant, timeZone: string): boolean {
  const { time } = toLocal(instant, timeZone);
  return window.from <= time && time <= window.to;
}

/** The instant itself when a message may leave then, else the next opening of the window on a day that is not closed. */
export function nextOpening(
  at: Instant,
  timeZone: string,
  window: SendWindow,
  isClosed: (date: string) => boolean = () => false,
): Instant {
  const today = at.toZonedDateTimeISO(timeZone).toPlainDate();
  if (!isClosed(today.toString()) && isInside(window, at, timeZone)) return at;
  for (let ahead = 0; ahead <= A_YEAR; ahead++) {
    const date = today.add({ days: ahead });
    const opening = isClosed(date.toString()) ? undefined : openingOf(date, timeZone, window, at);
    if (opening !== undefined) return opening;
  }
  throw new RangeError('the send window does not open within a year');
}

/** The opening hour may come twice (autumn) or be skipped (spring, then it moves forward by the gap). */
function openingOf(
  date: Temporal.PlainDate,
  timeZone: string,
  window: SendWindow,
  notBefore: Instant,
): Instant | undefined {
  const opening = date.toPlainDateTime(window.from);
  return (['earlier', 'later'] as const)
    .map((disambiguation) => opening.toZonedDateTime(timeZone, { disambiguation }).toInstant())
    .find(
      (instant) => Temporal.Instant.compare(instant, notBefore) >= 0 && isInside(window, instant, timeZone),
    );
}
