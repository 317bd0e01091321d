import Holidays from 'date-holidays';
import { CALENDARS, holidays, isClosedDay, isHoliday, isWeekend, type Calendar } from './calendar.js';

const dates = (calendar: Calendar, year: number) => holidays(calendar, year).map(({ date }) => date.slice(5));

/** How date-holidays calls the calendar, and where it departs from the law (both for 2025 to 2030). */
const CROSS_CHECK: Readonly<
  Record<Calendar, { args: [string, string?]; addsGoodFriday?: true; adds?: string[] }>
> = {
  metropole: { args: ['FR'] },
  'alsace-moselle': { args: ['FR', '67'] },
  guadeloupe: { args: ['GP'], addsGoodFriday: true },
  guyane: { args: ['GF'] },
  martinique: { args: ['MQ'], addsGoodFriday: true },
  mayotte: { args: ['YT'] },
  'la-reunion': { args: ['RE'] },
  'saint-pierre-et-miquelon': { args: ['PM'] },
  'saint-barthelemy': { args: ['BL'] },
  'saint-martin': { args: ['MF'] },
  'nouvelle-caledonie': { args: ['NC'] },
  'polynesie-francaise': { args: ['PF'] },
  'wallis-et-futuna': { args: ['WF'], adds: ['06-29'] },
};

const GOOD_FRIDAYS = ['2026-04-03', '2027-03-26', '2028-04-14', '2029-03-30', '2030-04-19'];

describe('days set by law', () => {
  it('has eleven on the mainland', () => {
    expect(dates('metropole', 2026)).toEqual([
      '01-01',
      '04-06',
      '05-01',
      '05-08',
      '05-14',
      '05-25',
      '07-14',
      '08-15',
      '11-01',
      '11-11',
      '12-25',
    ]);
  });

  it.each<[Calendar, string[]]>([
    ['alsace-moselle', ['04-03', '12-26']],
    ['guadeloupe', ['05-27']],
    ['guyane', ['06-10']],
    ['martinique', ['05-22']],
    ['mayotte', ['04-27']],
    ['la-reunion', ['12-20']],
    ['saint-pierre-et-miquelon', []],
    ['saint-barthelemy', ['10-09']],
    ['saint-martin', ['05-27']],
    ['nouvelle-caledonie', ['09-24']],
    ['polynesie-francaise', ['03-05', '04-03', '11-20']],
    ['wallis-et-futuna', ['04-28', '07-29']],
  ])('%s adds its own', (calendar, own) => {
    expect(dates(calendar, 2026)).toEqual([...dates('metropole', 2026), ...own].sort());
  });

  it('moves the Polynesian day from 29 June to 20 November in 2025', () => {
    expect(dates('polynesie-francaise', 2024)).toContain('06-29');
    expect(dates('polynesie-francaise', 2024)).not.toContain('11-20');
    expect(dates('polynesie-francaise', 2025)).not.toContain('06-29');
  });

  it.each([2026, 2027, 2028, 2029, 2030])('agrees with date-holidays in %d, but for what it adds', (year) => {
    const goodFriday = GOOD_FRIDAYS.find((date) => date.startsWith(String(year)))?.slice(5) ?? '';
    for (const calendar of CALENDARS) {
      const { args, addsGoodFriday, adds = [] } = CROSS_CHECK[calendar];
      const theirs = new Holidays(...(args as [string, string]))
        .getHolidays(year)
        .filter(({ type }) => type === 'public')
        .map(({ date }) => date.slice(5, 10));
      const extra = [...adds, ...(addsGoodFriday ? [goodFriday] : [])];
      expect([calendar, [...new Set([...dates(calendar, year), ...extra])].sort()]).toEqual([
        calendar,
        [...new Set(theirs)].sort(),
      ]);
    }
  });

  it('names the text that sets each day, in order', () => {
    for (const calendar of CALENDARS) {
      const days = holidays(calendar, 2027);
      expect(days.every(({ label, source }) => label.length > 0 && source.length > 0)).toBe(true);
      expect(days.map(({ date }) => date)).toEqual(days.map(({ date }) => date).sort());
    }
  });
});

describe('a day at a place', () => {
  it('is closed on Sundays and holidays of its calendar', () => {
    expect(isClosedDay('metropole', '2026-04-12')).toBe(true);
    expect(isClosedDay('metropole', '2026-04-11')).toBe(false);
    expect(isClosedDay('guyane', '2026-06-10')).toBe(true);
    expect(isClosedDay('metropole', '2026-06-10')).toBe(false);
    expect(isHoliday('metropole', '2026-04-12')).toBe(false);
  });

  it('is a weekend on Saturdays and Sundays', () => {
    expect(['2026-04-10', '2026-04-11', '2026-04-12', '2026-04-13'].map(isWeekend)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
