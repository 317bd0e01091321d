import { Temporal } from 'temporal-polyfill';
import { ValidationFailed } from '../../shared/domain-error.js';
import { toLocal } from '../../shared/time.js';
import { isInside, nextOpening, parseWindow } from './send-window.js';

const PARIS = 'Europe/Paris';
const OFFICE = parseWindow('08:00-20:00');
const paris = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(PARIS).toInstant();
const opensAt = (text: string, window = '08:00-20:00', isClosed?: (date: string) => boolean) => {
  const { date, time } = toLocal(nextOpening(paris(text), PARIS, parseWindow(window), isClosed), PARIS);
  return `${date}T${time}`;
};

describe('the send window', () => {
  it.each([
    '',
    '8:00-20:00',
    '08:00',
    '08:00-24:00',
    '20:00-08:00',
    '08:00-20:60',
    ' 08:00-20:00',
    '08:00–20:00',
  ])('refuses %j', (text) => {
    expect(() => parseWindow(text)).toThrow(ValidationFailed);
  });

  it('holds both ends, to the minute', () => {
    const inside = (time: string) => isInside(OFFICE, paris(`2026-04-14T${time}`), PARIS);
    expect(['07:59:59', '08:00', '20:00', '20:00:59.999', '20:01'].map(inside)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('lets go at once what may leave now', () => {
    const now = paris('2026-04-14T12:34:56.789');
    expect(nextOpening(now, PARIS, OFFICE).equals(now)).toBe(true);
  });

  it.each([
    ['2026-04-14T03:00', '2026-04-14T08:00'],
    ['2026-04-14T22:00', '2026-04-15T08:00'],
    ['2026-12-31T23:59', '2027-01-01T08:00'],
    ['2026-03-28T21:00', '2026-03-29T08:00'],
  ])('at %s waits for %s', (now, opening) => {
    expect(opensAt(now)).toBe(opening);
  });

  it('skips closed days', () => {
    const sunday = (date: string) => Temporal.PlainDate.from(date).dayOfWeek === 7;
    expect(opensAt('2026-04-12T10:00', '08:00-20:00', sunday)).toBe('2026-04-13T08:00');
    expect(opensAt('2026-04-11T21:00', '08:00-20:00', sunday)).toBe('2026-04-13T08:00');
    expect(opensAt('2026-04-12T10:00', '00:00-23:59', sunday)).toBe('2026-04-13T00:00');
    expect(() => opensAt('2026-04-12T10:00', '08:00-20:00', () => true)).toThrow(RangeError);
  });

  it('opens later in the spring gap, and again in the repeated hour of autumn', () => {
    expect(opensAt('2026-03-29T01:00', '02:30-20:00')).toBe('2026-03-29T03:30');
    const firstPass = Temporal.Instant.from('2026-10-25T00:50:00Z');
    expect(nextOpening(firstPass, PARIS, parseWindow('02:00-02:30')).toString()).toBe('2026-10-25T01:00:00Z');
  });
});
