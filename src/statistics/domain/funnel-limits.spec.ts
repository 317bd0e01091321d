import fc from 'fast-check';
import { funnelLimits, overdispersion, placeOf } from './funnel-limits.js';

/** Plain sum of probabilities, term by term. */
function cdf(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = 0;
  for (let i = 0; i <= k; i += 1) {
    sum += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return sum;
}

const rate = fc.double({ min: 0.05, max: 0.6, noNaN: true });

describe('limits of a funnel plot', () => {
  it('cut off the probability they promise, between two whole numbers', () => {
    fc.assert(
      fc.property(rate, fc.integer({ min: 20, max: 400 }), (target, known) => {
        const limits = funnelLimits(target, known);
        for (const [limit, tail] of [
          [limits.low95, 0.025],
          [limits.high95, 0.975],
          [limits.low998, 0.001],
          [limits.high998, 0.999],
        ] as const) {
          if (limit === 0 || limit === 1) continue;
          const count = Math.ceil(limit * known - 1e-9);
          expect(cdf(count, known, target)).toBeGreaterThanOrEqual(tail - 1e-7);
          expect(cdf(count - 1, known, target)).toBeLessThanOrEqual(tail + 1e-7);
        }
      }),
    );
  });

  it('enclose the target, the wider ones the narrower, and close in on it', () => {
    fc.assert(
      fc.property(rate, fc.integer({ min: 10, max: 50_000 }), (target, known) => {
        const here = funnelLimits(target, known);
        const further = funnelLimits(target, known * 4);
        expect(here.low998).toBeLessThanOrEqual(here.low95);
        expect(here.high95).toBeLessThanOrEqual(here.high998);
        expect(here.low95).toBeLessThan(target);
        expect(here.high95).toBeGreaterThan(target);
        expect(further.high998 - further.low998).toBeLessThan(here.high998 - here.low998);
      }),
    );
  });

  it('do not jump where exact limits give way to normal ones', () => {
    const [exact, normal] = [funnelLimits(0.22, 20_000), funnelLimits(0.22, 20_001)];
    expect(exact.high998).toBeCloseTo(normal.high998, 4);
    expect(exact.low95).toBeCloseTo(normal.low95, 4);
  });

  it('place a service inside, outside 95 % or outside 99.8 %', () => {
    const limits = funnelLimits(0.2, 400);
    const at = (missed: number) => placeOf({ missed, known: 400 }, limits);
    expect([at(80), at(62), at(98), at(50), at(110)]).toEqual([
      'inside',
      'outside-95',
      'outside-95',
      'outside-998',
      'outside-998',
    ]);
  });
});

describe('overdispersion', () => {
  const spread = (rates: readonly number[], known = 1000) =>
    rates.map((value) => ({ missed: Math.round(value * known), known }));

  it('is none when services differ as chance would have it, or are too few to tell', () => {
    expect(overdispersion(spread([0.2, 0.21, 0.19, 0.205, 0.195, 0.2]), 0.2)).toBe(1);
    expect(overdispersion(spread([0.1, 0.3, 0.5]), 0.3)).toBe(1);
  });

  it('widens the limits when they differ more', () => {
    const cases = spread([0.1, 0.12, 0.15, 0.2, 0.22, 0.25, 0.28, 0.3]);
    const found = overdispersion(cases, 0.2);
    expect(found).toBeGreaterThan(5);
    const [wide, exact] = [funnelLimits(0.2, 1000, found), funnelLimits(0.2, 1000)];
    expect(wide.high95).toBeGreaterThan(exact.high998);
  });

  it('is not raised by one outlier alone, be they few or many', () => {
    expect(overdispersion(spread([0.2, 0.21, 0.19, 0.2, 0.2, 0.9]), 0.2)).toBe(1);
    const cases = spread([0.2, 0.2, 0.21, 0.19, 0.2, 0.2, 0.21, 0.19, 0.2, 0.9]);
    expect(overdispersion(cases, 0.2)).toBe(1);
  });
});
