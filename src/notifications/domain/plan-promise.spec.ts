import { Temporal } from 'temporal-polyfill';
import { toLocal } from '../../shared/time.js';
import { planPromise, type PromiseFacts, tellOutcome } from './plan-promise.js';
import { type ReminderStep, stepsFor } from './reminder-plan.js';
import { ONE_DAY } from './reminder-plan-presets.js';
import { parseWindow } from './send-window.js';

const ZONE = 'Europe/Paris';
const paris = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).toInstant();
const DAY_BEFORE: ReminderStep = {
  ...{ kind: 'reminder', offsetDays: 1, when: { if: 'always' }, channel: 'auto', hour: null },
  usefulUntilHours: 1,
};
/** Sundays, and Monday 6 April 2026, Easter. */
const isClosed = (date: string) => Temporal.PlainDate.from(date).dayOfWeek === 7 || date === '2026-04-06';

/** Missed on Friday 3 April 2026 at 09:30, and noted at that hour of Paris. */
function missed(noted: string, hour: string | null, usefulUntilHours = 168): PromiseFacts {
  const afterAbsence = {
    kind: 'after-absence',
    channel: 'auto',
    hour,
    usefulUntilHours,
    isSpaced: false,
  } as const;
  return {
    promise: { date: '2026-04-03', time: '09:30', timeZone: ZONE },
    startsAt: paris('2026-04-03T09:30'),
    plan: { ...ONE_DAY, afterAbsence },
    facts: { bookedAheadDays: 3, isFirst: true, absences: 1 },
    earlierHours: 0,
    now: paris(noted),
  };
}

describe('what follows an absence leaves', () => {
  it.each([
    ['at once, without an hour of its own', '2026-04-03T10:12', null, '2026-04-03 10:12'],
    ['at the opening, without an hour and on a closed day', '2026-04-05T10:12', null, '2026-04-07 08:00'],
    ['at its hour', '2026-04-03T10:12', '18:00', '2026-04-03 18:00'],
    ['at its hour of the next day, once that is past', '2026-04-03T18:01', '18:00', '2026-04-04 18:00'],
    ['at its hour of the next open day, not at the opening', '2026-04-04T18:01', '18:00', '2026-04-07 18:00'],
    ['at the end of the window, when its hour is later', '2026-04-03T10:12', '21:30', '2026-04-03 20:00'],
    ['the next day, when that end is past', '2026-04-03T20:30', '21:30', '2026-04-04 20:00'],
    ['at the start of the window, when its hour is earlier', '2026-04-03T23:10', '06:00', '2026-04-04 08:00'],
    ['the same morning, while the window is still shut', '2026-04-04T07:00', '06:00', '2026-04-04 08:00'],
  ])('%s', (_case, noted, hour, expected) => {
    const told = tellOutcome('after-absence', missed(noted, hour), {
      window: parseWindow('08:00-20:00'),
      isClosed,
    });
    const { date, time } = toLocal(told?.dueAt ?? paris('2000-01-01T00:00'), ZONE);
    expect(`${date} ${time}`).toBe(expected);
  });

  it.each([
    ['three hours after the last text', '2026-04-03T10:12', null, 168, '2026-04-03 12:40'],
    [
      'at its hour of the next day, when its turn comes after',
      '2026-04-03T10:12',
      '12:00',
      168,
      '2026-04-04 12:00',
    ],
    ['at once rather than when it says nothing any more', '2026-04-03T10:12', null, 3, '2026-04-03 10:12'],
  ])('%s, where it waits its turn', (_case, noted, hour, until, expected) => {
    const { plan, ...facts } = missed(noted, hour, until);
    const afterAbsence = plan.afterAbsence && { ...plan.afterAbsence, isSpaced: true };
    const lastTextAt = paris('2026-04-03T09:40');
    const known = { ...facts, plan: { ...plan, afterAbsence }, lastTextAt };
    const told = tellOutcome('after-absence', known, { window: parseWindow('08:00-20:00'), isClosed });
    const { date, time } = toLocal(told?.dueAt ?? paris('2000-01-01T00:00'), ZONE);
    expect(`${date} ${time}`).toBe(expected);
  });

  it('at the opening rather than at an hour at which it says nothing any more', () => {
    const rules = { window: parseWindow('08:00-20:00') };
    const told = tellOutcome('after-absence', missed('2026-04-03T18:01', '18:00', 24), rules);
    expect(told?.dueAt.equals(paris('2026-04-03T18:01'))).toBe(true);
  });
});

/** An appointment of Friday 12 June 2026 at 10:30, promised and looked at when told; its arm reminds 5 days before. */
function inArm(promised: string, now: string, more: Partial<PromiseFacts> = {}): PromiseFacts {
  const [arm, ...usual] = [5, 3, 1].map((offsetDays) => ({ ...DAY_BEFORE, offsetDays }));
  return {
    promise: { date: '2026-06-12', time: '10:30', timeZone: ZONE },
    startsAt: paris('2026-06-12T10:30'),
    plan: { ...ONE_DAY, reminders: arm === undefined ? [] : [arm], replaced: usual },
    facts: { bookedAheadDays: 3, isFirst: true, absences: 0 },
    earlierHours: 0,
    promisedAt: paris(promised),
    now: paris(now),
    ...more,
  };
}

describe('in the arm of a trial', () => {
  const rules = { window: parseWindow('08:00-20:00') };
  const said = (facts: PromiseFacts, announce: 'summons' | null = null) =>
    planPromise(facts, announce, rules).map(({ kind, dueAt }) => {
      const { date, time } = toLocal(dueAt, ZONE);
      return `${kind} ${date} ${time}`;
    });
  const asked = (promised: string, now = promised, more: Partial<PromiseFacts> = {}) =>
    said(inArm(promised, now, more));
  const told = { announcedAt: null, remindedAt: null, nearestOffset: null };

  it.each([
    ['its own reminders hold', '2026-06-06T09:00', '2026-06-06T09:00', ['reminder 2026-06-07 10:30']],
    ['to the minute', '2026-06-07T10:30', '2026-06-07T10:30', ['reminder 2026-06-07 10:30']],
    [
      'booked later, the last of the usual plan',
      '2026-06-07T10:31',
      '2026-06-07T10:31',
      ['reminder 2026-06-11 10:30'],
    ],
    ['and still the next day', '2026-06-07T10:31', '2026-06-08T09:00', ['reminder 2026-06-11 10:30']],
    [
      'later than any plan reminds, at once',
      '2026-06-11T11:00',
      '2026-06-11T11:00',
      ['reminder 2026-06-11 11:00'],
    ],
  ])('%s', (_case, promised, now, expected) => {
    expect(asked(promised, now)).toEqual(expected);
  });

  it('what has reminded, or failed to, is not made up for by the usual plan', () => {
    const at = ['2026-06-01T09:00', '2026-06-08T09:00'] as const;
    const reminded = { ...told, remindedAt: paris('2026-06-07T10:30'), nearestOffset: 5 };
    expect(asked(...at, { told: reminded })).toEqual([]);
    expect(asked(...at, { told })).toEqual(['reminder 2026-06-08 09:00']);
  });

  it('a summons that leaves no room for its own reminders leaves that of the usual plan', () => {
    const expected = ['summons 2026-06-07 09:00', 'reminder 2026-06-11 10:30'];
    expect(said(inArm('2026-06-07T09:00', '2026-06-07T09:00'), 'summons')).toEqual(expected);
    const since = { told: { ...told, announcedAt: paris('2026-06-07T09:00') } };
    expect(asked('2026-06-07T09:00', '2026-06-08T12:00', since)).toEqual(expected.slice(1));
  });

  it('one of the usual plan that is late stays asked for', () => {
    const { plan, facts } = inArm('2026-06-08T09:00', '2026-06-11T12:00');
    expect(stepsFor(plan, facts).map(({ offsetDays }) => offsetDays)).toEqual([5, 3, 1]);
  });
});
