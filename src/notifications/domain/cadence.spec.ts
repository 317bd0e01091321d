import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { type Asked, OFFICE, paris, plan, sunday, told } from '../../../test/support/asked-plans.js';
import { TIME_ZONES } from '../../organizations/domain/time-zones.js';
import { toInstant, toLocal } from '../../shared/time.js';
import { planMessages, type Told, usefulUntil } from './cadence.js';
import { isInside } from './send-window.js';

describe('short notice', () => {
  const at = '2026-04-14 15:00';
  const announce = 'summons' as const;

  it.each<[string, Asked, string[]]>([
    [
      'a reminder less than 12 h after the summons is left out',
      { at, bookedAt: paris('2026-04-13T09:00'), announce },
      ['summons 0 2026-04-13 09:00 '],
    ],
    [
      'so too after a change of date',
      { at, bookedAt: paris('2026-04-13T09:00'), announce: 'rescheduling' },
      ['rescheduling 0 2026-04-13 09:00 '],
    ],
    [
      'at exactly 12 h it stays',
      { at: '2026-04-14 20:00', bookedAt: paris('2026-04-13T08:00'), announce },
      ['summons 0 2026-04-13 08:00 ', 'reminder 1 2026-04-13 20:00 '],
    ],
    [
      'it counts from the hour at which the summons leaves',
      { at, bookedAt: paris('2026-04-12T22:00'), announce },
      ['summons 0 2026-04-13 08:00 window'],
    ],
    [
      'without a summons it stays',
      { at, bookedAt: paris('2026-04-13T09:00') },
      ['reminder 1 2026-04-13 15:00 '],
    ],
    [
      'of two brought to the same hour the last one stays',
      { at: '2026-04-13 09:30', offsets: [1, 2], isClosed: sunday },
      ['reminder 1 2026-04-11 09:30 closed-day'],
    ],
    [
      'of several past ones a single one leaves at once',
      { at, offsets: [7, 2, 3], bookedAt: paris('2026-04-13T09:00') },
      ['reminder 2 2026-04-13 09:00 late'],
    ],
    [
      'one past and one to come both leave, when asked for one by one',
      { at, offsets: [7, 1], bookedAt: paris('2026-04-12T09:00') },
      ['reminder 7 2026-04-12 09:00 late', 'reminder 1 2026-04-13 15:00 '],
    ],
    [
      'unless they are less than 3 h apart',
      { at, offsets: [7, 1], bookedAt: paris('2026-04-13T12:30') },
      ['reminder 1 2026-04-13 15:00 '],
    ],
    [
      'a past step of a plan gives way to a later one',
      { at, offsets: [7, 1], bookedAt: paris('2026-04-12T09:00'), pastGivesWay: true },
      ['reminder 1 2026-04-13 15:00 '],
    ],
    [
      'and leaves at once when there is none',
      { at, offsets: [7, 2], bookedAt: paris('2026-04-13T09:00'), pastGivesWay: true },
      ['reminder 2 2026-04-13 09:00 late'],
    ],
  ])('%s', (_case, asked, expected) => {
    expect(told(asked)).toEqual(expected);
  });

  it.each<[string, Partial<Told>, number[], number[]]>([
    ['a summons of the same morning', { announcedAt: paris('2026-04-13T08:00') }, [1], []],
    ['a summons of the day before', { announcedAt: paris('2026-04-12T08:00') }, [1], [1]],
    ['a reminder of the same day', { remindedAt: paris('2026-04-13T12:30') }, [1], []],
    ['a reminder nearer to the appointment', { nearestOffset: 2 }, [3], []],
    ['a reminder further from it', { nearestOffset: 7 }, [3], [3]],
  ])('what left before counts too: %s', (_case, left, offsets, expected) => {
    const known = { announcedAt: null, remindedAt: null, nearestOffset: null, ...left };
    const planned = plan({ at, offsets, bookedAt: paris('2026-04-13T09:00'), told: known });
    expect(planned.map(({ offsetDays }) => offsetDays)).toEqual(expected);
  });
});

describe('usefulness', () => {
  it.each([
    ['summons', '2026-04-14T08:30'],
    ['reminder', '2026-04-14T08:30'],
    ['rescheduling', '2026-04-14T08:30'],
    ['cancellation', '2026-04-14T09:30'],
    ['after-absence', '2026-04-21T09:30'],
  ] as const)('%s: until %s', (kind, limit) => {
    expect(usefulUntil(kind, paris('2026-04-14T09:30')).equals(paris(limit))).toBe(true);
  });
});

describe('in every French zone, any day from 2026 to 2030', () => {
  const minuteOfDay = fc.integer({ min: 0, max: 24 * 60 - 1 });
  const hhmm = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const cases = fc.record({
    zone: fc.constantFrom(...TIME_ZONES),
    day: fc.integer({ min: 0, max: 1825 }),
    minute: minuteOfDay,
    offset: fc.integer({ min: 0, max: 14 }),
    bookedHoursBefore: fc.integer({ min: 0, max: 24 * 20 }),
    announce: fc.constantFrom('summons' as const, 'rescheduling' as const, null),
    closedSundays: fc.boolean(),
  });

  it('nothing leaves outside the window, on a closed day, before booking or too late; same wall clock inside', () => {
    fc.assert(
      fc.property(cases, ({ zone, day, minute, offset, bookedHoursBefore, announce, closedSundays }) => {
        const date = Temporal.PlainDate.from('2026-01-01').add({ days: day });
        const promise = { date: date.toString(), time: hhmm(minute), timeZone: zone };
        const startsAt = date.toPlainDateTime(promise.time).toZonedDateTime(zone).toInstant();
        const bookedAt = startsAt.subtract({ hours: bookedHoursBefore });
        const isClosed = closedSundays ? sunday : () => false;
        const input = {
          promise,
          startsAt,
          bookedAt,
          announce,
          reminders: [{ offsetDays: offset }],
          window: OFFICE,
          isClosed,
        };
        const messages = planMessages(input);
        expect(planMessages(input)).toEqual(messages);
        for (const message of messages) {
          expect(isInside(OFFICE, message.dueAt, zone)).toBe(true);
          expect(isClosed(message.localDate)).toBe(false);
          expect(Temporal.Instant.compare(message.dueAt, bookedAt)).toBeGreaterThanOrEqual(0);
          expect(Temporal.Instant.compare(message.dueAt, message.usefulUntil)).toBeLessThan(0);
          expect(toLocal(message.dueAt, zone)).toMatchObject({
            date: message.localDate,
            time: message.localTime,
          });
          if (message.kind !== 'reminder' || message.reason !== null) continue;
          expect(message.localTime).toBe(promise.time);
          expect(message.localDate).toBe(date.subtract({ days: offset }).toString());
          expect(toInstant({ ...promise, date: message.localDate }).equals(message.dueAt)).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
