import fc from 'fast-check';
import { rateDifference, rateInterval } from './rate-interval.js';

const share = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([known, rate]) => ({ known, missed: Math.round(known * rate) }));

describe('the difference of two absence rates', () => {
  it('gives Newcombe’s published example', () => {
    // Newcombe 1998, table II, row (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    const found = rateDifference({ missed: 48, known: 80 }, { missed: 56, known: 70 });
    expect(found?.value).toBeCloseTo(0.2, 10);
    expect(found?.low).toBeCloseTo(0.0524, 4);
    expect(found?.high).toBeCloseTo(0.3339, 4);
  });

  it('says nothing without a denominator', () => {
    expect(rateDifference({ missed: 0, known: 0 }, { missed: 1, known: 2 })).toBeNull();
    expect(rateInterval({ missed: 0, known: 0 })).toBeNull();
  });

  it('holds the difference inside an interval that turns over with its sides', () => {
    fc.assert(
      fc.property(share, share, (before, after) => {
        const there = rateDifference(before, after);
        const back = rateDifference(after, before);
        expect(there).not.toBeNull();
        if (there === null || back === null) return;
        expect(there.low).toBeLessThanOrEqual(there.value + 1e-9);
        expect(there.high).toBeGreaterThanOrEqual(there.value - 1e-9);
        expect(there.low).toBeCloseTo(-back.high, 9);
      }),
    );
  });

  it('widens with the design effect as with fewer outcomes', () => {
    expect(rateInterval({ missed: 60, known: 300 }, 3)).toEqual(rateInterval({ missed: 20, known: 100 }));
    expect(rateInterval({ missed: 60, known: 300 }, 0.2)).toEqual(rateInterval({ missed: 60, known: 300 }));
  });
});
