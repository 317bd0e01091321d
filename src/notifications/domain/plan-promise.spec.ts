import { Temporal } from 'temporal-polyfill';
import { toLocal } from '../../shared/time.js';
import { type PromiseFacts, tellOutcome } from './plan-promise.js';
import { ONE_DAY } from './reminder-plan-presets.js';
import { parseWindow } from './send-window.js';

const ZONE = 'Europe/Paris';
const paris = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).toInstant();
/** Sundays, and Monday 6 April 2026, Easter. */
const isClosed = (date: string) => Temporal.PlainDate.from(date).dayOfWeek === 7 || date === '2026-04-06';

/** Missed on Friday 3 April 2026 at 09:30, and noted at that hour of Paris. */
function missed(noted: string, hour: string | null, usefulUntilHours = 168): PromiseFacts {
  return {
    promise: { date: '2026-04-03', time: '09:30', timeZone: ZONE },
    startsAt: paris('2026-04-03T09:30'),
    plan: { ...ONE_DAY, afterAbsence: { kind: 'after-absence', channel: 'auto', hour, usefulUntilHours } },
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

  it('at the opening rather than at an hour at which it says nothing any more', () => {
    const rules = { window: parseWindow('08:00-20:00') };
    const told = tellOutcome('after-absence', missed('2026-04-03T18:01', '18:00', 24), rules);
    expect(told?.dueAt.equals(paris('2026-04-03T18:01'))).toBe(true);
  });
});
