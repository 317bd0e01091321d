import { type Asked, OFFICE, paris, plan, sunday, told } from '../../../test/support/asked-plans.js';
import { announcementDueAt } from './announcement-hour.js';

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

describe('a summons that waits its turn', () => {
  const bookedAt = paris('2026-04-10T10:12');
  const after = (text: string, asked: Partial<Asked> = {}) => {
    const summons = { notBefore: paris(text), ...asked.summons };
    return told({ at: '2026-04-14 09:30', announce: 'summons', bookedAt, offsets: [], ...asked, summons });
  };

  it('leaves then, and says why', () => {
    expect(after('2026-04-10T12:05')).toEqual(['summons 0 2026-04-10 12:05 spaced']);
  });

  it('leaves at once when its turn has come', () => {
    expect(after('2026-04-10T10:12')).toEqual(['summons 0 2026-04-10 10:12 ']);
  });

  it('leaves at once when it would leave less than a day before the hour', () => {
    expect(after('2026-04-10T12:05', { at: '2026-04-11 12:05' })).toEqual([
      'summons 0 2026-04-10 12:05 spaced',
    ]);
    expect(after('2026-04-10T12:05', { at: '2026-04-11 12:04' })).toEqual(['summons 0 2026-04-10 10:12 ']);
  });

  it('takes an hour of its own that comes later, and the next day one that comes before', () => {
    expect(after('2026-04-10T12:05', { summons: { hour: '18:00' } })).toEqual([
      'summons 0 2026-04-10 18:00 ',
    ]);
    expect(after('2026-04-10T18:05', { summons: { hour: '18:00' } })).toEqual([
      'summons 0 2026-04-11 18:00 spaced',
    ]);
  });

  it('waits for the window, and keeps its reminders twelve hours away', () => {
    const evening = { bookedAt: paris('2026-04-10T18:00'), at: '2026-04-12 09:30', offsets: [1] };
    expect(after('2026-04-10T20:30', evening)).toEqual(['summons 0 2026-04-11 08:00 spaced']);
  });

  it('concerns no rescheduling', () => {
    expect(after('2026-04-10T12:05', { announce: 'rescheduling' })).toEqual([
      'rescheduling 0 2026-04-10 10:12 ',
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
