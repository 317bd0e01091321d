import { Temporal } from 'temporal-polyfill';
import { wallClock, type Instant } from '../../shared/time.js';
import { ALL_DAY, type SendWindow } from './send-window.js';

/**
 * Why a message leaves at another hour than asked: the send window, an hour that does not exist (clocks go
 * forward), a closed day, the time already past when booked, a territory of poor coverage, where it leaves
 * earlier, or another text that left just before. When several apply, the first of `spaced`, `late`, `poor-coverage`,
 * `closed-day`, `window`, `gap`.
 */
export type MoveReason = 'window' | 'gap' | 'closed-day' | 'late' | 'poor-coverage' | 'spaced';

/** Whether nothing leaves on this day (`YYYY-MM-DD`) at the place. */
export type ClosedDays = (date: string) => boolean;

/** When a text leaves, and why not at the hour it was meant for. */
export interface Leaving {
  readonly dueAt: Instant;
  /** Wall clock of `dueAt` at the place. */
  readonly localDate: string;
  readonly localTime: string;
  readonly reason: MoveReason | null;
}

/** When texts of a service may leave. */
export interface LeavingRules {
  /** Null: at any hour. */
  readonly window: SendWindow | null;
  /** Local days on which nothing leaves. Default: none. */
  readonly isClosed?: ClosedDays;
}

/** A wall clock at a place. */
export interface Asked {
  readonly date: Temporal.PlainDate;
  readonly time: string;
  readonly timeZone: string;
}

const NEVER_CLOSED: ClosedDays = () => false;
const A_YEAR = 366;

/** That wall clock, or the nearest one in the window of that day; on a closed day, that of the last open day before. */
export function leavesAt(asked: Asked, { window, isClosed = NEVER_CLOSED }: LeavingRules): Leaving {
  for (let earlier = 0; earlier <= A_YEAR; earlier++) {
    const date = asked.date.subtract({ days: earlier });
    const leaving = isClosed(date.toString()) ? undefined : clamped({ ...asked, date }, window ?? ALL_DAY);
    if (leaving !== undefined) return earlier === 0 ? leaving : { ...leaving, reason: 'closed-day' };
  }
  throw new RangeError('no day on which a message may leave within a year');
}

/**
 * So many hours earlier by the wall clock, for telephones that are seldom in reach. Where that falls before the window
 * opens: at the end of the window of the previous day, because moving it into the same morning would take back the
 * hours that were to be gained.
 */
export function leavesEarlier(
  leaving: Leaving,
  hours: number,
  timeZone: string,
  rules: LeavingRules,
): Leaving {
  const { from, to } = rules.window ?? ALL_DAY;
  const usual = Temporal.PlainDateTime.from(`${leaving.localDate}T${leaving.localTime}`);
  const moved = usual.subtract({ hours });
  const time = moved.toPlainTime().toString({ smallestUnit: 'minute' });
  const day = moved.toPlainDate();
  const asked = time < from ? { date: day.subtract({ days: 1 }), time: to } : { date: day, time };
  return { ...leavesAt({ ...asked, timeZone }, rules), reason: 'poor-coverage' };
}

/**
 * The wall clock within the window of its day: an hour skipped in spring moves forward by the gap, of a repeated one it
 * is the first. Undefined when the whole window falls in the hour skipped that day.
 */
export function clamped({ date, time, timeZone }: Asked, { from, to }: SendWindow): Leaving | undefined {
  const wanted = time < from ? from : time > to ? to : time;
  for (const attempt of [wanted, to]) {
    const zoned = date.toPlainDateTime(attempt).toZonedDateTime(timeZone, { disambiguation: 'compatible' });
    const local = wallClock(zoned);
    if (local.time < from || local.time > to) continue;
    const reason = attempt !== time ? 'window' : local.time === time ? null : 'gap';
    return { dueAt: zoned.toInstant(), localDate: local.date, localTime: local.time, reason };
  }
  return undefined;
}
