import { ValidationFailed } from '../../shared/domain-error.js';
import { openingOf } from './opening-form.js';

const VALUES = {
  typeCode: 'suivi-spip',
  from: '2026-06-10',
  weeks: '2',
  times: '9h 10:30, 14h15',
  durationMinutes: '30',
  capacity: '6',
};

describe('opening slots by days and weeks', () => {
  it('names every chosen day of the weeks, and reads hours however they are typed', () => {
    const opening = openingOf(VALUES, ['1', '4']);
    expect(opening.dates).toEqual(['2026-06-11', '2026-06-15', '2026-06-18', '2026-06-22']);
    expect(opening.times).toEqual(['09:00', '10:30', '14:15']);
    expect(opening).toMatchObject({ durationMinutes: 30, capacity: 6 });
  });

  it.each([
    ['from', { from: 'tomorrow' }],
    ['weeks', { weeks: '0' }],
    ['weeks', { weeks: '53' }],
    ['times', { times: '25:00' }],
    ['times', { times: 'noon' }],
  ])('points at %s', (field, change) => {
    expect(() => openingOf({ ...VALUES, ...change }, ['1'])).toThrow(ValidationFailed);
    try {
      openingOf({ ...VALUES, ...change }, ['1']);
    } catch (error) {
      expect((error as ValidationFailed).errors[0]?.field).toBe(field);
    }
  });
});
