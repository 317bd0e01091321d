import { Temporal } from 'temporal-polyfill';
import { calendarDaysBefore, toLocal, type Instant, type LocalTime } from '../../shared/time.js';
import { ALL_DAY, isInside, type SendWindow } from './send-window.js';

/**
 * Why a message leaves at another hour than asked: the send window, an hour that does not exist (clocks go
 * forward), a closed day, the time already past when booked, or a territory of poor coverage, where it leaves
 * earlier. When several apply, the first of `late`, `poor-coverage`, `closed-day`, `window`, `gap`.
 */
export type MoveReason = 'window' | 'gap' | 'closed-day' | 'late' | 'poor-coverage';

export type ClosedDays = (date: string) => boolean;

export interface Leaving {
  readonly dueAt: Instant;
  readonly reason: MoveReason | null;
}

export interface LeavingRules {
  /** Null: at any hour. */
  readonly window: SendWindow | null;
  /** Local days on which nothing leaves. Default: none. */
  readonly isClosed?: ClosedDays;
}

const NEVER_CLOSED: ClosedDays = () => false;
const A_YEAR = 366;

/** That wall clock, or the nearest one within the window of that day; on a closed day, that of the last open day before. */
export function leavesAt(asked: LocalTime, { window, isClosed = NEVER_CLOSED }: LeavingRules): Leaving {
  const wanted = Temporal.PlainDate.from(asked.date);
  for (let earlier = 0; earlier <= A_YEAR; earlier++) {
    const date = wanted.subtract({ days: earlier }).toString();
    const leaving = isClosed(date) ? undefined : clamped({ ...asked, date }, window ?? ALL_DAY);
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
  const { date, time } = toLocal(leaving.dueAt, timeZone);
  const moved = Temporal.PlainDateTime.from(`${date}T${time}`).subtract({ hours });
  const movedTime = moved.toPlainTime().toString({ smallestUnit: 'minute' });
  const day = moved.toPlainDate();
  const asked =
    movedTime < from ? { date: day.subtract({ days: 1 }), time: to } : { date: day, time: movedTime };
  const { dueAt } = leavesAt({ date: asked.date.toString(), time: asked.time, timeZone }, rules);
  return { dueAt, reason: 'poor-coverage' };
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
