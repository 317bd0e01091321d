import { Temporal } from 'temporal-polyfill';
import { DomainError } from '../../shared/domain-error.js';
import {
  closedReason,
  isBookedAt,
  isDate,
  isTime,
  mayBookType,
  mayHoldType,
  openingInstant,
} from './opening.js';

const DAYS = { calendar: 'metropole', closingDays: ['2026-06-11'] } as const;
const WORKDAYS = { onWeekends: false };
const EVERY_DAY = { onWeekends: true };
const NOW = Temporal.Instant.from('2026-03-02T08:00:00Z');

function answer(date: string, time: string, type = WORKDAYS, timeZone = 'Europe/Paris'): string {
  try {
    return openingInstant({ date, time, timeZone }, type, DAYS, NOW).toString();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

it.each([
  ['2026-06-10', '09:00', '2026-06-10T07:00:00Z'],
  ['2026-03-02', '09:00', 'in-the-past'],
  ['2026-03-02', '09:01', '2026-03-02T08:01:00Z'],
  ['2027-03-02', '23:59', '2027-03-02T22:59:00Z'],
  ['2027-03-03', '00:00', 'too-far-ahead'],
  ['2026-06-13', '09:00', 'closed-day'],
  ['2026-05-01', '09:00', 'closed-day'],
  ['2026-06-11', '09:00', 'closed-day'],
  ['2026-03-29', '02:30', 'nonexistent-local-time'],
  ['2026-06-10', '9:00', 'validation'],
  ['2026-6-10', '09:00', 'validation'],
  ['2026-02-29', '09:00', 'validation'],
  ['+999999-01-01', '09:00', 'validation'],
  ['9999-12-31', '09:00', 'too-far-ahead'],
  ['0001-01-01', '09:00', 'in-the-past'],
])('answers %s at %s with %s', (date, time, expected) => {
  expect(answer(date, time)).toBe(expected);
});

it('counts the year ahead in days at the place', () => {
  // It is already 3 March in Nouméa.
  const late = Temporal.Instant.from('2026-03-02T20:00:00Z');
  const local = { date: '2027-03-03', time: '09:00', timeZone: 'Pacific/Noumea' };
  expect(openingInstant(local, WORKDAYS, DAYS, late).toString()).toBe('2027-03-02T22:00:00Z');
});

it('opens closed days to types that take place then, but never an hour that does not exist', () => {
  expect(answer('2026-06-13', '09:00', EVERY_DAY)).toBe('2026-06-13T07:00:00Z');
  expect(answer('2026-05-01', '09:00', EVERY_DAY)).toBe('2026-05-01T07:00:00Z');
  expect(answer('2026-03-29', '02:30', EVERY_DAY)).toBe('nonexistent-local-time');
  expect(answer('2026-10-25', '02:30', EVERY_DAY)).toBe('2026-10-25T00:30:00Z');
});

it('says why a day is closed', () => {
  expect(
    ['2026-06-13', '2026-05-01', '2026-06-11', '2026-06-10'].map((date) => closedReason(date, DAYS)),
  ).toEqual(['weekend', 'holiday', 'closing-day', null]);
});

it('knows who books a type and which places hold it', () => {
  const type = {
    isHearingExit: false,
    placeKind: 'spip',
    bookedByTj: ['jap'],
    bookedBySpip: ['cpip'],
  } as const;
  expect(mayBookType(type, { role: 'jap', organizationKind: 'tj' })).toBe(true);
  expect(mayBookType(type, { role: 'jap', organizationKind: 'spip' })).toBe(false);
  expect(mayBookType(type, { role: 'cpip', organizationKind: 'spip' })).toBe(true);
  expect(mayBookType(type, { role: 'admin', organizationKind: 'tj' })).toBe(true);
  expect([
    mayHoldType(type, 'spip'),
    mayHoldType(type, 'tj'),
    mayHoldType({ placeKind: null }, 'tj'),
  ]).toEqual([true, false, true]);
});

it('knows where somebody books a type', () => {
  const ofCourts = { isHearingExit: false, bookedByTj: ['jap'], bookedBySpip: [] };
  const exit = { ...ofCourts, isHearingExit: true };
  expect([isBookedAt(ofCourts, 'tj'), isBookedAt(ofCourts, 'spip'), isBookedAt(exit, 'spip')]).toEqual([
    true,
    false,
    true,
  ]);
  expect(isBookedAt({ ...exit, bookedByTj: [] }, 'spip')).toBe(false);
});

it('reads dates and hours strictly', () => {
  expect(['2026-02-28', '2024-02-29'].every(isDate)).toBe(true);
  expect(['2026-02-29', '2026-13-01', '20260228', '2026-02-28T00:00', ''].some(isDate)).toBe(false);
  expect(['00:00', '23:59'].every(isTime)).toBe(true);
  expect(['24:00', '9:00', '09:60', '09:00:00', ''].some(isTime)).toBe(false);
});
