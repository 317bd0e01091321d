import { Temporal } from 'temporal-polyfill';
import { CALENDARS, type Calendar, isClosedDay } from '../../organizations/domain/calendar.js';
import { TIME_ZONES } from '../../organizations/domain/time-zones.js';
import { toLocal, type Instant, type LocalTime } from '../../shared/time.js';
import { type PlannedMessage, planMessages, type PlanInput, type WantedSummons } from './cadence.js';
import { isInside, parseWindow } from './send-window.js';

const FIRST = Temporal.PlainDate.from('2026-01-01');
const DAYS = 1826;
const HOUR = 3_600_000;
const WINDOWS = ['08:00-20:00', '10:00-12:00', '00:00-23:59', '07:30-18:15'].map(parseWindow);
const PLANS = [
  [{ offsetDays: 7 }, { offsetDays: 3 }, { offsetDays: 1 }],
  [{ offsetDays: 1 }],
  [
    { offsetDays: 2, hour: '18:00' },
    { offsetDays: 1, hour: '02:30' },
  ],
  [
    { offsetDays: 5, usefulUntilHours: 48 },
    { offsetDays: 2 },
    { offsetDays: 1, hour: '10:00', usefulUntilHours: 6 },
  ],
];
const SUMMONSES: readonly WantedSummons[] = [
  {},
  { hour: '18:00', usefulUntilHours: 24 },
  { hour: '02:30' },
  { usefulUntilHours: 5 },
  { hour: '09:15', usefulUntilHours: 72 },
];
const LEADS = [1, 6, 13, 27, 50, 90, 200, 700];
const EARLIER = [0, 0, 3, 0, 26];

const CLOCKS = new Map(
  TIME_ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
  ]),
);

/** Worked out once: asked millions of times below. */
const CLOSED = new Map<Calendar, ReadonlySet<string>>(
  CALENDARS.map((calendar) => {
    const dates = Array.from({ length: DAYS + 120 }, (_, at) => FIRST.add({ days: at - 110 }).toString());
    return [calendar, new Set(dates.filter((date) => isClosedDay(calendar, date)))];
  }),
);

function instantOf({ date, time, timeZone }: LocalTime): Instant {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).toInstant();
}

/**
 * The plan by each calendar. A plan asks its calendar about some days only: a calendar that answers all of them like
 * one before it leads to the same plan, and is left out.
 */
function* plansOf(input: PlanInput, turn: number) {
  const answered: Map<string, boolean>[] = [];
  const first = turn % CALENDARS.length;
  for (const calendar of [...CALENDARS.slice(first), ...CALENDARS.slice(0, first)]) {
    const closed = CLOSED.get(calendar) ?? new Set<string>();
    if (answered.some((asked) => [...asked].every(([date, answer]) => closed.has(date) === answer))) continue;
    const asked = new Map<string, boolean>();
    const isClosed = (date: string) => {
      asked.set(date, closed.has(date));
      return closed.has(date);
    };
    yield { calendar, closed, messages: planMessages({ ...input, isClosed }) };
    answered.push(asked);
  }
}

/** By the platform's own clock, the one that agents and telephones show. */
function showsItsHour({ dueAt, localDate, localTime }: PlannedMessage, timeZone: string): boolean {
  const clock = CLOCKS.get(timeZone);
  return clock?.format(dueAt.epochMilliseconds) === `${localDate} ${localTime}`;
}

/** What may never happen, whatever the plan. */
function faultsOf(
  input: PlanInput,
  messages: readonly PlannedMessage[],
  closed: ReadonlySet<string>,
): string[] {
  const { window, bookedAt } = input;
  const faults: string[] = [];
  let last: PlannedMessage | undefined;
  for (const message of messages) {
    const { dueAt, localDate: date, localTime: time } = message;
    const since = last === undefined ? Infinity : dueAt.epochMilliseconds - last.dueAt.epochMilliseconds;
    if (window !== null && (time < window.from || time > window.to)) faults.push('outside the window');
    if (closed.has(date)) faults.push('on a closed day');
    if (dueAt.epochMilliseconds < bookedAt.epochMilliseconds) faults.push('before it was booked');
    if (dueAt.epochMilliseconds >= message.usefulUntil.epochMilliseconds)
      faults.push('when useful no longer');
    if (since < (last?.kind === 'summons' ? 12 : 3) * HOUR)
      faults.push(`${since / HOUR} h after the last one`);
    last = message;
  }
  return faults;
}

describe('every day from 2026 to 2030, in every zone, by every calendar', () => {
  it.each(TIME_ZONES)(
    '%s: nothing outside the window, too late, too close or twice',
    (timeZone) => {
      const zone = TIME_ZONES.indexOf(timeZone);
      const faults: string[] = [];
      for (let day = 0; day < DAYS; day += 1) {
        const turn = day * 7 + zone;
        const minute = (day * 97 + zone * 211) % 1440;
        const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        const promise = { date: FIRST.add({ days: day }).toString(), time, timeZone };
        const startsAt = instantOf(promise);
        const input: PlanInput = {
          promise,
          startsAt,
          bookedAt: startsAt.subtract({ hours: LEADS[turn % LEADS.length] ?? 1 }),
          announce: day % 3 === 0 ? null : 'summons',
          summons: SUMMONSES[turn % SUMMONSES.length] ?? {},
          reminders: PLANS[day % PLANS.length] ?? [],
          earlierHours: EARLIER[turn % EARLIER.length] ?? 0,
          pastGivesWay: day % 2 === 0,
          window: WINDOWS[(Math.floor(day / 28) + zone) % WINDOWS.length] ?? null,
        };
        for (const { calendar, closed, messages } of plansOf(input, day + zone)) {
          const wrong = faultsOf(input, messages, closed);
          if (messages.some((message) => !showsItsHour(message, timeZone)))
            wrong.push('another hour than it says');
          faults.push(...wrong.map((fault) => `${calendar} ${promise.date} ${time}: ${fault}`));
        }
      }
      expect(faults).toEqual([]);
    },
    300_000,
  );
});

describe('the hour that comes twice', () => {
  it.each(TIME_ZONES)('%s: each reminder leaves once, on the first pass', (timeZone) => {
    for (let year = 2026; year <= 2030; year += 1) {
      const change = lastChange(year, timeZone);
      if (change === null) continue;
      const again = change.subtract({ minutes: 30 });
      const { date, time } = toLocal(again, timeZone);
      const next = Temporal.PlainDate.from(date).add({ days: 1 }).toString();
      const promise = { date: next, time, timeZone };
      const [reminder, ...others] = planMessages({
        promise,
        startsAt: instantOf(promise),
        bookedAt: again.subtract({ hours: 200 }),
        announce: null,
        window: null,
      });
      expect(others).toEqual([]);
      expect([reminder?.localDate, reminder?.localTime]).toEqual([date, time]);
      expect(reminder?.dueAt.equals(again)).toBe(true);
      expect(isInside(parseWindow('00:00-23:59'), again, timeZone)).toBe(true);
    }
  });
});

/** The instant at which clocks go back that year, or null where they never do. */
function lastChange(year: number, timeZone: string): Instant | null {
  const before = Temporal.Instant.from(`${year}-07-01T00:00:00Z`).toZonedDateTimeISO(timeZone);
  const change = before.getTimeZoneTransition('next');
  return change === null || change.year !== year ? null : change.toInstant();
}
