import { Temporal } from 'temporal-polyfill';
import { CALENDARS, isClosedDay } from '../../organizations/domain/calendar.js';
import { TIME_ZONES } from '../../organizations/domain/time-zones.js';
import { type Instant, toLocal } from '../../shared/time.js';
import { decideSend, type RecentText, type SendFacts } from './decide-send.js';
import { MESSAGE_KINDS, type MessageKind } from './notification.states.js';
import { type PromiseFacts, tellOutcome } from './plan-promise.js';
import { ONE_DAY } from './reminder-plan-presets.js';
import { nextOpening, parseWindow, type SendWindow } from './send-window.js';

const FIRST = Temporal.PlainDate.from('2026-01-01');
const MIDNIGHT = Date.UTC(2026, 0, 1);
const DAYS = 1826;
const HOUR = 3_600_000;
const WINDOWS = ['08:00-20:00', '10:00-12:00', '00:00-23:59', '07:30-18:15', '02:30-02:45'].map(parseWindow);
/** Until when the message is useful, in hours from the moment of deciding. */
const LIMITS = [2, 40, 1, 9, 0, 130, 14, -1, 64];
const HOURS_OF_STEP = [null, '18:00', '02:30', '07:15'];
const HOLDS: Readonly<Record<MessageKind, string>> = {
  summons: 'booked',
  reminder: 'booked',
  rescheduling: 'booked',
  cancellation: 'cancelled',
  'after-absence': 'missed',
};

const CLOCKS = new Map(
  TIME_ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
  ]),
);

/** From the day before the first; worked out once, as are the closed days among them. */
const DATES = Array.from({ length: DAYS + 400 }, (_, at) => FIRST.add({ days: at - 1 }).toString());
const CLOSED = CALENDARS.map((calendar) => ({
  calendar,
  dates: new Set(DATES.filter((date) => isClosedDay(calendar, date))),
}));

interface Office {
  readonly timeZone: string;
  readonly window: SendWindow;
  readonly closed: ReadonlySet<string>;
}

/** By the platform's own clock, the one that telephones show. */
function isOpen({ timeZone, window, closed }: Office, at: Instant): boolean {
  const [date = '', time = ''] = (CLOCKS.get(timeZone)?.format(at.epochMilliseconds) ?? '').split(' ');
  return time >= window.from && time <= window.to && !closed.has(date);
}

function after(at: Instant, hours: number): Instant {
  return at.add({ minutes: Math.round(hours * 60) });
}

/** The first opening: not before, inside, and nothing open between. */
function faultsOfOpening(office: Office, at: Instant): string[] {
  const isClosed = (date: string) => office.closed.has(date);
  const opening = nextOpening(at, office.timeZone, office.window, isClosed);
  const wait = opening.epochMilliseconds - at.epochMilliseconds;
  const between = wait === 0 ? [] : [0, wait / 4, wait / 2, wait - 60_000].filter((one) => one < wait);
  return [
    ...(wait < 0 ? ['opens before it is asked'] : []),
    ...(isOpen(office, opening) ? [] : ['opens outside the window']),
    ...(between.some((ms) => isOpen(office, at.add({ milliseconds: Math.floor(ms) })))
      ? ['opened sooner']
      : []),
  ];
}

function factsAt(office: Office, now: Instant, turn: number): SendFacts {
  const kind = MESSAGE_KINDS[turn % MESSAGE_KINDS.length] ?? 'reminder';
  const recent: RecentText = { at: after(now, -1), isSamePromise: false, isAnnouncement: false };
  return {
    kind,
    promiseVersion: 1,
    usefulUntil: after(now, LIMITS[turn % LIMITS.length] ?? 1),
    convocation: {
      state: HOLDS[kind],
      promiseVersion: 1,
      promise: { date: '2026-06-10', time: '09:30', timeZone: office.timeZone },
    },
    person: {
      ...{ hasPhone: true, phoneMobile: true, noPhone: false, smsRefused: false },
      ...{ phoneFlagged: false, wrongPerson: false, hasEmail: false },
    },
    wantedChannel: null,
    isRepeat: false,
    isSpaced: Math.floor(turn / 10) % 2 === 0,
    lately: {
      texts: turn % 2 === 0 ? [] : [recent],
      weeklyLimit: 4,
      isNewsDue: false,
      isLastReminder: true,
    },
  };
}

/** What leaves, leaves in the window and in time; what is put off finds such an hour, and leaves in the end. */
function faultsOfSend(office: Office, now: Instant, turn: number): string[] {
  const facts = factsAt(office, now, turn);
  const isClosed = (date: string) => office.closed.has(date);
  const rules = { window: office.window, mailIsOn: false, isClosed };
  const limit = facts.usefulUntil.epochMilliseconds;
  const faults: string[] = [];
  let at = now;
  let decision = decideSend(facts, rules, at);
  for (let times = 0; decision.do === 'postpone' && times < 3; times += 1) {
    const { until } = decision;
    if (until.epochMilliseconds <= at.epochMilliseconds) faults.push('put off to the past');
    if (until.epochMilliseconds >= limit) faults.push('put off until it is useful no longer');
    if (!isOpen(office, until)) faults.push('put off to an hour outside the window');
    at = until;
    decision = decideSend(facts, rules, at);
  }
  const leaves = decision.do === 'send';
  if (leaves && !isOpen(office, at)) faults.push('leaves outside the window');
  if (leaves && at.epochMilliseconds >= limit) faults.push('leaves when useful no longer');
  const mayLeave = isOpen(office, at) && at.epochMilliseconds < limit && facts.lately.texts.length === 0;
  return leaves || !mayLeave ? faults : [...faults, `${decision.do} instead of leaving`];
}

function outcomeAt(office: Office, now: Instant, hour: string | null, isSpaced = false): PromiseFacts {
  const afterAbsence = {
    kind: 'after-absence',
    channel: 'auto',
    hour,
    usefulUntilHours: 168,
    isSpaced,
  } as const;
  return {
    promise: { date: '2026-06-10', time: '09:30', timeZone: office.timeZone },
    startsAt: after(now, -2),
    plan: { ...ONE_DAY, afterAbsence },
    facts: { bookedAheadDays: 3, isFirst: true, absences: 1 },
    earlierHours: 0,
    lastTextAt: after(now, -1),
    now,
  };
}

/** A cancellation, and what follows an absence: planned inside the window, never before it is known. */
function faultsOfOutcome(office: Office, now: Instant, turn: number): string[] {
  const hour = HOURS_OF_STEP[turn % HOURS_OF_STEP.length] ?? null;
  const kind = turn % 5 === 0 ? 'cancellation' : 'after-absence';
  const isSpaced = kind === 'after-absence' && turn % 3 === 0;
  const isClosed = (date: string) => office.closed.has(date);
  const told = tellOutcome(kind, outcomeAt(office, now, hour, isSpaced), { window: office.window, isClosed });
  if (told === null) return ['nothing is told'];
  const wait = told.dueAt.epochMilliseconds - now.epochMilliseconds;
  const isItsHour =
    hour === null || CLOCKS.get(office.timeZone)?.format(told.dueAt.epochMilliseconds).endsWith(hour);
  return [
    ...(wait < 0 ? ['planned before it is known'] : []),
    ...(isSpaced && wait < 2 * HOUR ? ['planned less than three hours after another text'] : []),
    ...(isOpen(office, told.dueAt) ? [] : ['planned outside the window']),
    ...(kind === 'after-absence' &&
    isItsHour === true &&
    wait > (isSpaced ? 27 : 25) * HOUR &&
    office.closed.size === 0
      ? ['a day too late']
      : []),
  ];
}

describe('every day from 2026 to 2030, in every zone; on each of them every calendar, in one zone at least', () => {
  it.each(TIME_ZONES)(
    '%s: what is decided leaves in the window, in time, or is put off to such an hour',
    (timeZone) => {
      const zone = TIME_ZONES.indexOf(timeZone);
      const faults: string[] = [];
      for (let day = 0; day < DAYS; day += 1) {
        const turn = day + zone * 5;
        const minutes = day * 1440 + ((day * 331 + zone * 97) % 1440);
        const now = Temporal.Instant.fromEpochMilliseconds(MIDNIGHT + minutes * 60_000);
        const window = WINDOWS[Math.floor(turn / 7) % WINDOWS.length] ?? parseWindow('08:00-20:00');
        const { calendar, dates: closed } = CLOSED[turn % CLOSED.length] ?? {
          calendar: 'none',
          dates: new Set(),
        };
        const office = { timeZone, window, closed };
        const wrong = [
          ...(day % 4 === 0 ? faultsOfOpening(office, now) : []),
          ...faultsOfSend(office, now, turn),
          ...((day + zone) % 2 === 0 ? faultsOfOutcome(office, now, day) : []),
        ];
        faults.push(...wrong.map((fault) => `${calendar} ${now.toString()}: ${fault}`));
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );
});

describe('the hour that comes twice', () => {
  const changes = TIME_ZONES.flatMap((timeZone) =>
    [2026, 2027, 2028, 2029, 2030].flatMap((year) => {
      const at = lastChange(year, timeZone);
      return at === null ? [] : [{ timeZone, at }];
    }),
  );
  const office = (timeZone: string): Office => ({
    timeZone,
    window: parseWindow('00:00-23:59'),
    closed: new Set(),
  });

  it('is met at all', () => {
    expect(changes.length).toBeGreaterThanOrEqual(10);
  });

  it('shows the hour of a step twice: the text leaves on the first pass, and once that is over on the next day', () => {
    for (const { timeZone, at } of changes) {
      const firstPass = at.subtract({ minutes: 30 });
      const { date, time } = toLocal(firstPass, timeZone);
      const rules = { window: null };
      const told = (now: Instant) =>
        tellOutcome('after-absence', outcomeAt(office(timeZone), now, time), rules);
      expect(told(firstPass.subtract({ minutes: 20 }))?.dueAt.equals(firstPass)).toBe(true);
      const later = told(firstPass.add({ minutes: 20 }))?.dueAt ?? firstPass;
      const next = Temporal.PlainDate.from(date).add({ days: 1 }).toString();
      expect(toLocal(later, timeZone)).toMatchObject({ date: next, time });
    }
  });

  it('has one reminder: what left on the first pass is not said again on the second', () => {
    for (const { timeZone, at } of changes) {
      const firstPass = at.subtract({ minutes: 30 });
      const secondPass = at.add({ minutes: 30 });
      const facts = { ...factsAt(office(timeZone), secondPass, 0), usefulUntil: after(secondPass, 24) };
      const left = { at: firstPass, isSamePromise: true, isAnnouncement: false };
      const reminder: SendFacts = { ...facts, kind: 'reminder', lately: { ...facts.lately, texts: [left] } };
      const asked = { ...reminder, convocation: { ...reminder.convocation, state: 'booked' } };
      const rules = { window: office(timeZone).window, mailIsOn: false, isClosed: () => false };
      expect(decideSend(asked, rules, secondPass)).toEqual({ do: 'withdraw', reason: 'told-just-before' });
    }
  });
});

/** The instant at which clocks go back that year, or null where they never do. */
function lastChange(year: number, timeZone: string): Instant | null {
  const before = Temporal.Instant.from(`${year}-07-01T00:00:00Z`).toZonedDateTimeISO(timeZone);
  const change = before.getTimeZoneTransition('next');
  return change === null || change.year !== year ? null : change.toInstant();
}
