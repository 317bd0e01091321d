import fc from 'fast-check';
import { invert, symmetric } from './dense.js';
import {
  armsPower,
  outcomesPerArm,
  type SteppedWedge,
  steppedWedgePower,
  steppedWedgeVariance,
} from './power.js';

describe('power of two arms', () => {
  it('asks for about 1 100 outcomes an arm to find five points under 25 % four times in five', () => {
    expect(outcomesPerArm({ from: 0.25, to: 0.2 }, 0.8)).toBe(1091);
    expect(outcomesPerArm({ from: 0.25, to: 0.2, designEffect: 1.2 }, 0.8)).toBe(1310);
  });

  it('reaches with them the power that was asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.6, noNaN: true }),
        fc.double({ min: 0.02, max: 0.3, noNaN: true }),
        fc.double({ min: 0.6, max: 0.95, noNaN: true }),
        (from, less, power) => {
          const plan = { from, to: Math.max(0.01, from - less) };
          const found = armsPower(plan, outcomesPerArm(plan, power));
          return found >= power - 1e-9 && found < power + 0.06;
        },
      ),
    );
  });
});

describe('power of a stepped wedge', () => {
  const plan: SteppedWedge = {
    ...{ servicesPerStep: [2, 1, 3], outcomesPerMonth: 40, rate: 0.25, effect: -0.05, icc: 0.02 },
  };

  it('is that of the mixed model itself, solved without the closed form of Hussey & Hughes', () => {
    expect(steppedWedgeVariance(plan)).toBeCloseTo(varianceBySolving(plan), 12);
    const longer = { ...plan, monthsPerPeriod: 3, icc: 0.1 };
    expect(steppedWedgeVariance(longer)).toBeCloseTo(varianceBySolving(longer), 12);
  });

  it('grows with the effect, the outcomes and the services', () => {
    const power = steppedWedgePower(plan);
    expect(steppedWedgePower({ ...plan, effect: -0.08 })).toBeGreaterThan(power);
    expect(steppedWedgePower({ ...plan, outcomesPerMonth: 80 })).toBeGreaterThan(power);
    expect(steppedWedgePower({ ...plan, servicesPerStep: [4, 2, 6] })).toBeGreaterThan(power);
    expect(steppedWedgePower({ ...plan, effect: 0 })).toBeCloseTo(0.05, 3);
  });

  it('refuses numbers that mean nothing', () => {
    expect(() => steppedWedgePower({ ...plan, servicesPerStep: [1] })).toThrow(RangeError);
    expect(() => steppedWedgePower({ ...plan, rate: 0 })).toThrow(RangeError);
    expect(() => steppedWedgePower({ ...plan, icc: 1 })).toThrow(RangeError);
  });
});

/** Generalised least squares of the cell means: one level per period, the effect, services as random levels. */
function varianceBySolving({
  servicesPerStep,
  outcomesPerMonth,
  rate,
  icc,
  monthsPerPeriod = 1,
}: SteppedWedge): number {
  const periods = servicesPerStep.length + 1;
  const variance = rate * (1 - rate);
  const noise = (variance * (1 - icc)) / (outcomesPerMonth * monthsPerPeriod);
  const shared = variance * icc;
  const size = periods + 1;
  const information = symmetric(size);
  servicesPerStep.forEach((services, step) => {
    const rows = Array.from({ length: periods }, (_, period) => [
      ...Array.from({ length: periods }, (_, k) => Number(k === period)),
      Number(period > step),
    ]);
    // Inverse of noise × I + shared × J.
    const weight = (a: number, b: number) =>
      Number(a === b) / noise - shared / noise / (noise + periods * shared);
    for (let a = 0; a < periods; a += 1)
      for (let b = 0; b < periods; b += 1)
        for (let i = 0; i < size; i += 1)
          for (let j = 0; j < size; j += 1)
            information.values[i * size + j]! += services * rows[a]![i]! * weight(a, b) * rows[b]![j]!;
  });
  return invert(information)!.inverse.values[size * size - 1]!;
}
