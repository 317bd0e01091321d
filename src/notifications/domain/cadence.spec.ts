import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { TIME_ZONES } from '../../organizations/domain/time-zones.js';
import { toInstant, toLocal, type Instant } from '../../shared/time.js';
import { announcementDueAt } from './announcement-hour.js';
import { planMessages, usefulUntil, type PlanInput, type Told } from './cadence.js';
import { isInside, parseWindow } from './send-window.js';

const OFFICE = parseWindow('08:00-20:00');
const LONG_AGO = Temporal.Instant.from('2025-06-01T10:00:00Z');

interface Asked extends Partial<Omit<PlanInput, 'promise' | 'startsAt' | 'bookedAt'>> {
  readonly at: string;
  readonly zone?: string;
  readonly bookedAt?: Instant;
  readonly offsets?: readonly number[];
}

function plan({ at, zone = 'Europe/Paris', bookedAt = LONG_AGO, offsets = [1], ...rest }: Asked) {
  const [date = '', time = ''] = at.split(' ');
  const promise = { date, time, timeZone: zone };
  const startsAt = Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone).toInstant();
  const reminders = offsets.map((offsetDays) => ({ offsetDays }));
  return planMessages({ promise, startsAt, bookedAt, announce: null, window: OFFICE, reminders, ...rest });
}

const told = (asked: Asked) =>
  plan(asked).map(({ kind, offsetDays, localDate, localTime, reason }) =>
    [kind, offsetDays, localDate, localTime, reason].join(' '),
  );
const paris = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Paris').toInstant();
const sunday = (date: string) => Temporal.PlainDate.from(date).dayOfWeek === 7;

describe('a summons with an hour of its own', () => {
  const at = '2026-04-14 09:30';
  const morning = paris('2026-04-10T10:12');

  it.each<[string, Partial<Asked>, string[]]>([
    ['leaves at the next such hour', { bookedAt: morning }, ['summons 0 2026-04-10 18:00 ']],
    [
      'leaves the next day when that hour is past',
      { bookedAt: paris('2026-04-10T18:01') },
      ['summons 0 2026-04-11 18:00 '],
    ],
    [
      'waits for a day on which messages leave',
      { bookedAt: paris('2026-04-11T18:01'), isClosed: sunday },
      ['summons 0 2026-04-13 18:00 closed-day'],
    ],
    [
      'obeys the window',
      { bookedAt: morning, summons: { hour: '21:30' } },
      ['summons 0 2026-04-10 20:00 window'],
    ],
    [
      'leaves at once rather than when it says nothing any more',
      { bookedAt: paris('2026-04-14T07:00'), window: null },
      ['summons 0 2026-04-14 07:00 '],
    ],
    [
      'is useful as long as its step says',
      { bookedAt: morning, summons: { hour: '18:00', usefulUntilHours: 88 } },
      ['summons 0 2026-04-10 10:12 '],
    ],
    [
      'is left out when it could be useful no longer',
      { bookedAt: morning, summons: { hour: null, usefulUntilHours: 96 } },
      [],
    ],
    [
      'moves forward with an hour that does not exist',
      {
        at: '2026-03-31 09:30',
        bookedAt: paris('2026-03-28T10:00'),
        window: null,
        summons: { hour: '02:30' },
      },
      ['summons 0 2026-03-29 03:30 gap'],
    ],
  ])('%s', (_case, asked, expected) => {
    const usual = { at, announce: 'summons', offsets: [], summons: { hour: '18:00' } } as const;
    expect(told({ ...usual, ...asked })).toEqual(expected);
  });

  it('is useful until the hours of its step before the promise', () => {
    const summons = { hour: null, usefulUntilHours: 24 };
    const [message] = plan({ at, bookedAt: morning, announce: 'summons', summons });
    expect(message?.usefulUntil.equals(paris('2026-04-13T09:30'))).toBe(true);
  });

  it('gives way to the reminder when it could be useful no longer', () => {
    const summons = { hour: null, usefulUntilHours: 24 };
    const bookedAt = paris('2026-04-13T10:12');
    expect(told({ at, bookedAt, announce: 'summons', summons })).toEqual([
      'reminder 1 2026-04-13 10:12 late',
    ]);
  });

  it('concerns no rescheduling: a move is told at once', () => {
    const summons = { hour: '18:00', usefulUntilHours: 48 };
    expect(told({ at, bookedAt: morning, announce: 'rescheduling', offsets: [], summons })).toEqual([
      'rescheduling 0 2026-04-10 10:12 ',
    ]);
  });

  it('is never preceded by the reminder of what it announces', () => {
    const late = { at: '2026-04-12 05:00', bookedAt: paris('2026-04-10T19:00'), window: null };
    const summons = { hour: '18:00' };
    expect(told({ ...late, announce: 'summons', summons })).toEqual(['summons 0 2026-04-11 18:00 ']);
    const announcedAt = paris('2026-04-11T18:00');
    const nothing = { announcedAt, remindedAt: null, nearestOffset: null };
    expect(told({ ...late, told: nothing })).toEqual([]);
  });
});

describe('the reminder', () => {
  it.each<[Asked, string]>([
    [{ at: '2026-04-14 09:30' }, 'reminder 1 2026-04-13 09:30 '],
    [{ at: '2026-03-30 09:00', offsets: [2] }, 'reminder 2 2026-03-28 09:00 '],
    [{ at: '2026-06-10 07:00', zone: 'America/Cayenne' }, 'reminder 1 2026-06-09 08:00 window'],
    [{ at: '2026-06-10 21:00', zone: 'Indian/Reunion' }, 'reminder 1 2026-06-09 20:00 window'],
    [{ at: '2026-03-30 02:30', window: null }, 'reminder 1 2026-03-29 03:30 gap'],
    [{ at: '2026-03-30 02:30' }, 'reminder 1 2026-03-29 08:00 window'],
    [{ at: '2026-10-26 02:30', window: null }, 'reminder 1 2026-10-25 02:30 '],
    [{ at: '2026-04-13 09:30', isClosed: sunday }, 'reminder 1 2026-04-11 09:30 closed-day'],
    [{ at: '2026-04-13 07:00', isClosed: sunday }, 'reminder 1 2026-04-11 08:00 closed-day'],
    [{ at: '2026-03-30 02:30', window: null, isClosed: sunday }, 'reminder 1 2026-03-28 02:30 closed-day'],
    [
      { at: '2026-03-30 02:30', window: parseWindow('02:00-02:40') },
      'reminder 1 2026-03-28 02:30 closed-day',
    ],
  ])('%j leaves as %s', (asked, expected) => {
    expect(told(asked)).toEqual([expected]);
  });

  it('takes the first pass of the repeated hour', () => {
    expect(plan({ at: '2026-10-26 02:30', window: null })[0]?.dueAt.toString()).toBe('2026-10-25T00:30:00Z');
  });

  it('several reminders leave in order, each once', () => {
    expect(told({ at: '2026-04-14 09:30', offsets: [1, 7, 1] })).toEqual([
      'reminder 7 2026-04-07 09:30 ',
      'reminder 1 2026-04-13 09:30 ',
    ]);
  });

  it('already past at booking, gives way to the summons', () => {
    const bookedAt = paris('2026-04-13T15:00');
    expect(told({ at: '2026-04-14 09:30', bookedAt, announce: 'summons' })).toEqual([
      'summons 0 2026-04-13 15:00 ',
    ]);
  });

  it('already past at booking and nothing announced, leaves at once, in the window', () => {
    const at = '2026-04-14 09:30';
    expect(told({ at, bookedAt: paris('2026-04-13T15:00') })).toEqual(['reminder 1 2026-04-13 15:00 late']);
    expect(told({ at, bookedAt: paris('2026-04-13T22:00') })).toEqual(['reminder 1 2026-04-14 08:00 late']);
  });

  it('is left out when it could only leave too late', () => {
    expect(told({ at: '2026-04-14 09:00', bookedAt: paris('2026-04-13T22:00') })).toEqual([]);
    expect(told({ at: '2026-04-14 09:01', bookedAt: paris('2026-04-13T22:00') })).toHaveLength(1);
    expect(told({ at: '2026-04-14 09:30', bookedAt: paris('2026-04-14T08:30') })).toEqual([]);
    expect(told({ at: '2026-04-14 09:30', bookedAt: paris('2026-05-14T08:30') })).toEqual([]);
  });

  it('still leaves when booked at its very hour', () => {
    const bookedAt = paris('2026-04-13T09:30');
    expect(told({ at: '2026-04-14 09:30', bookedAt })).toEqual(['reminder 1 2026-04-13 09:30 ']);
  });
});

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

describe('a step with its own hour and limit', () => {
  const evening = [{ offsetDays: 1, hour: '18:00', usefulUntilHours: 6 }];

  it('leaves at that hour, whatever that of the appointment', () => {
    expect(told({ at: '2026-04-14 09:30', reminders: evening })).toEqual(['reminder 1 2026-04-13 18:00 ']);
    expect(told({ at: '2026-04-14 09:30', reminders: [{ offsetDays: 1, hour: '21:00' }] })).toEqual([
      'reminder 1 2026-04-13 20:00 window',
    ]);
  });

  it('says nothing useful after its limit', () => {
    const [reminder] = plan({ at: '2026-04-14 09:30', reminders: evening });
    expect(reminder?.usefulUntil.equals(paris('2026-04-14T03:30'))).toBe(true);
    const bookedAt = paris('2026-04-13T20:30');
    expect(told({ at: '2026-04-14 09:30', reminders: evening, bookedAt })).toEqual([]);
  });
});

describe('where coverage is poor', () => {
  it.each<[string, Asked, string]>([
    ['some hours earlier', { at: '2026-04-14 15:00', earlierHours: 3 }, '2026-04-13 12:00'],
    ['at the end of the day before', { at: '2026-04-14 09:30', earlierHours: 3 }, '2026-04-12 20:00'],
    [
      'on the open day before',
      { at: '2026-04-14 09:30', earlierHours: 3, isClosed: sunday },
      '2026-04-11 20:00',
    ],
    ['by the wall clock', { at: '2026-03-31 02:30', earlierHours: 24, window: null }, '2026-03-29 03:30'],
    [
      'at the end of the day before the day before',
      { at: '2026-04-14 10:00', earlierHours: 12 },
      '2026-04-12 20:00',
    ],
    ['two days before', { at: '2026-04-14 10:00', earlierHours: 24 }, '2026-04-12 10:00'],
  ])('leaves %s', (_case, asked, expected) => {
    expect(told(asked)).toEqual([`reminder 1 ${expected} poor-coverage`]);
  });

  it('leaves at its usual hour when earlier is past, or too soon after the summons', () => {
    const asked: Asked = { at: '2026-04-14 18:00', earlierHours: 26, bookedAt: paris('2026-04-12T17:00') };
    expect(told(asked)).toEqual(['reminder 1 2026-04-13 18:00 ']);
    const bookedAt = paris('2026-04-12T09:00');
    expect(told({ ...asked, bookedAt, announce: 'summons' })).toEqual([
      'summons 0 2026-04-12 09:00 ',
      'reminder 1 2026-04-13 18:00 ',
    ]);
  });
});

describe('what is announced', () => {
  it('leaves at once in the window, and the reminder follows', () => {
    const asked: Asked = {
      at: '2026-04-14 09:30',
      bookedAt: paris('2026-04-02T11:12:13'),
      announce: 'rescheduling',
    };
    expect(told(asked)).toEqual(['rescheduling 0 2026-04-02 11:12 ', 'reminder 1 2026-04-13 09:30 ']);
    expect(plan(asked)[0]?.dueAt.equals(paris('2026-04-02T11:12:13'))).toBe(true);
  });

  it('waits for the window, then for an open day', () => {
    const asked: Asked = { at: '2026-04-30 09:30', announce: 'summons', offsets: [] };
    expect(told({ ...asked, bookedAt: paris('2026-04-02T22:00') })).toEqual([
      'summons 0 2026-04-03 08:00 window',
    ]);
    expect(told({ ...asked, bookedAt: paris('2026-04-12T10:00'), isClosed: sunday })).toEqual([
      'summons 0 2026-04-13 08:00 closed-day',
    ]);
    expect(told({ ...asked, bookedAt: paris('2026-04-11T21:00'), isClosed: sunday })).toEqual([
      'summons 0 2026-04-13 08:00 closed-day',
    ]);
  });

  it('is left out when the window opens too late', () => {
    expect(
      told({ at: '2026-04-14 08:30', bookedAt: paris('2026-04-13T22:00'), announce: 'summons' }),
    ).toEqual([]);
  });

  it('for a cancellation or an absence, waits for the window too', () => {
    const at = announcementDueAt(paris('2026-04-13T22:00'), 'Europe/Paris', { window: OFFICE });
    expect(at.equals(paris('2026-04-14T08:00'))).toBe(true);
    expect(
      announcementDueAt(paris('2026-04-13T22:00'), 'Europe/Paris', { window: null }).equals(
        paris('2026-04-13T22:00'),
      ),
    ).toBe(true);
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
