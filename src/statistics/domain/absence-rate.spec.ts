import fc from 'fast-check';
import { absenceRate, knownOutcomes } from './absence-rate.js';

const counts = fc.record({ attended: fc.nat(10_000), missed: fc.nat(10_000), excused: fc.nat(10_000) });

describe('absence rate', () => {
  it('is missed over attended, missed and excused', () => {
    expect(absenceRate({ attended: 60, missed: 30, excused: 10 })).toBe(0.3);
  });

  it('is unknown, not zero, when no outcome is known', () => {
    expect(absenceRate({ attended: 0, missed: 0, excused: 0 })).toBeNull();
  });

  it('lies between 0 and 1, and is 0 exactly when nobody was missing', () => {
    fc.assert(
      fc.property(counts, (given) => {
        const rate = absenceRate(given);
        if (rate === null) return knownOutcomes(given) === 0;
        return rate >= 0 && rate <= 1 && (rate === 0) === (given.missed === 0);
      }),
    );
  });

  it('goes up with one more absence and down with one more attendance', () => {
    fc.assert(
      fc.property(counts, (given) => {
        const rate = absenceRate(given) ?? 0;
        const worse = absenceRate({ ...given, missed: given.missed + 1 }) ?? 0;
        const better = absenceRate({ ...given, attended: given.attended + 1 }) ?? 0;
        return worse >= rate && better <= rate;
      }),
    );
  });
});
