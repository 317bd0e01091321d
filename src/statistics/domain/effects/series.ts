import type { AttendanceCounts, ServiceMonth } from '../counts.js';
import type { ServiceSeries } from '../estimate.js';

/** A start (and stop) of messages as the register has it; dates `YYYY-MM-DD`. */
export interface Start {
  readonly placeId: string | null;
  readonly typeCode: string | null;
  readonly agentId: string | null;
  readonly startedOn: string;
  readonly stoppedOn: string | null;
}

const NOTHING: AttendanceCounts = { attended: 0, missed: 0, excused: 0, cancelled: 0, unknown: 0 };

/** `YYYY-MM` this many months later. */
export function addMonths(month: string, count: number): string {
  const total = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count;
  return `${String(Math.floor(total / 12)).padStart(4, '0')}-${String((total % 12) + 1).padStart(2, '0')}`;
}

/** Months from `YYYY-MM` to `YYYY-MM`, how many steps. */
export function monthsBetween(from: string, to: string): number {
  return (
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7))
  );
}

/**
 * A service’s months without a gap, and which of them are before or after.
 * A start counts when it is the whole service’s, or when every type asked for has its own. Months of which only a
 * part had messages (a pilot, a start on its way, a stop) are neither before nor after.
 * @param months of one service, in order; months of the future hold cancellations only and are cut off
 * @param typeCodes the types that the months were counted for; absent: all
 */
export function seriesOf(
  id: string,
  months: readonly ServiceMonth[],
  starts: readonly Start[],
  typeCodes?: readonly string[],
): ServiceSeries {
  const filled = fill(months);
  const whole = wholeStart(starts, typeCodes);
  const startedIn = whole === null ? null : wholeMonthFrom(whole);
  const partly = starts
    .filter((start) => concerns(start, typeCodes))
    .map(({ startedOn }) => startedOn.slice(0, 7));
  const first = partly.toSorted()[0] ?? null;
  const leftOut = filled
    .map(({ month }) => month)
    .filter(
      (month) =>
        (first !== null && month >= first && (startedIn === null || month < startedIn)) ||
        stopped(starts, typeCodes, startedIn, month),
    );
  return { id, months: filled, startedIn, leftOut };
}

function fill(months: readonly ServiceMonth[]): ServiceSeries['months'] {
  const told = months.filter(
    ({ attended, missed, excused, unknown }) => attended + missed + excused + unknown > 0,
  );
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined) return [];
  const byMonth = new Map(months.map((month) => [month.month, month]));
  return Array.from({ length: monthsBetween(first.month, last.month) + 1 }, (_, step) => {
    const month = addMonths(first.month, step);
    const { attended, missed, excused, cancelled, unknown } = byMonth.get(month) ?? NOTHING;
    return { month, attended, missed, excused, cancelled, unknown };
  });
}

/** First day on which everything asked for has messages. */
function wholeStart(starts: readonly Start[], typeCodes: readonly string[] | undefined): string | null {
  const day = (typeCode: string | null) =>
    starts
      .filter((start) => start.placeId === null && start.agentId === null && start.typeCode === typeCode)
      .map(({ startedOn }) => startedOn)
      .toSorted()[0] ?? null;
  const service = day(null);
  if (typeCodes === undefined || typeCodes.length === 0) return service;
  const days = typeCodes.map(
    (code) => [day(code), service].filter((found) => found !== null).toSorted()[0] ?? null,
  );
  return days.reduce((latest, found) =>
    latest === null || found === null ? null : latest > found ? latest : found,
  );
}

function concerns(start: Start, typeCodes: readonly string[] | undefined): boolean {
  return start.typeCode === null || typeCodes === undefined || typeCodes.includes(start.typeCode);
}

function wholeMonthFrom(day: string): string {
  return day.endsWith('-01') ? day.slice(0, 7) : addMonths(day.slice(0, 7), 1);
}

/** Everything asked for had messages, has stopped, and not begun again before this month. */
function stopped(
  starts: readonly Start[],
  typeCodes: readonly string[] | undefined,
  startedIn: string | null,
  month: string,
): boolean {
  if (startedIn === null || month < startedIn) return false;
  const whole = starts.filter(
    (start) => start.placeId === null && start.agentId === null && concerns(start, typeCodes),
  );
  const ended = whole.some(({ stoppedOn }) => stoppedOn !== null && stoppedOn.slice(0, 7) <= month);
  return (
    ended &&
    !whole.some(
      ({ startedOn, stoppedOn }) =>
        wholeMonthFrom(startedOn) <= month && (stoppedOn === null || stoppedOn.slice(0, 7) > month),
    )
  );
}
