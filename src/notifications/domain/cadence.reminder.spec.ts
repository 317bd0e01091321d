import { type Asked, paris, plan, sunday, told } from '../../../test/support/asked-plans.js';
import { parseWindow } from './send-window.js';

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
