import { Temporal } from 'temporal-polyfill';
import { isTimeZone, NonexistentLocalTime, toInstant, toLocal } from './time.js';

const paris = (date: string, time: string) => ({ date, time, timeZone: 'Europe/Paris' });

describe('wall clocks and instants', () => {
  it('refuses a typed hour that the clocks skip', () => {
    expect(() => toInstant(paris('2026-03-29', '02:30'))).toThrow(NonexistentLocalTime);
  });

  it('takes the first of the two in autumn', () => {
    expect(toInstant(paris('2026-10-25', '02:30')).toString()).toBe('2026-10-25T00:30:00Z');
  });

  it('goes there and back in every French zone', () => {
    for (const timeZone of ['America/Cayenne', 'Indian/Reunion', 'Pacific/Marquesas', 'America/Miquelon']) {
      const local = { date: '2026-06-10', time: '09:00', timeZone };
      expect(toLocal(toInstant(local), timeZone)).toEqual(local);
    }
  });
});

describe('time zone names', () => {
  it.each(['Europe/Paris', 'America/Cayenne', 'Indian/Reunion', 'Pacific/Noumea', 'UTC'])(
    'knows %s',
    (id) => {
      expect(isTimeZone(id)).toBe(true);
      expect(() => Temporal.Now.zonedDateTimeISO(id)).not.toThrow();
    },
  );

  it.each(['', 'Europe/Nanterre', '+02:00', 'paris', '2026-01-01T00:00[Europe/Paris]', "'; --"])(
    'refuses %j',
    (id) => {
      expect(isTimeZone(id)).toBe(false);
    },
  );
});
