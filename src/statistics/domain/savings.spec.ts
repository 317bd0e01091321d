import fc from 'fast-check';
import { DEFAULT_UNIT_COSTS, savings } from './savings.js';

const share = fc.double({ min: -1, max: 1, noNaN: true });
const effect = fc
  .tuple(share, share, share)
  .map((bounds) => bounds.toSorted((a, b) => a - b))
  .map(([low = 0, value = 0, high = 0]) => ({ low, value, high }));

describe('what fewer absences spare', () => {
  it('counts absences, letters, hours and euros of a fall of five points over 2 000 outcomes', () => {
    const costs = {
      letterCents: 150,
      registeredCents: 600,
      hourCents: 3000,
      lettersPerAbsence: 2,
      registeredPerAbsence: 0.5,
      minutesPerAbsence: 30,
    };
    const spared = savings({ value: -0.05, low: -0.08, high: -0.02 }, 2000, costs);
    expect(spared.absences).toEqual({ value: 100, low: 40, high: 160 });
    expect(spared.letters.value).toBe(200);
    expect(spared.registered.value).toBe(50);
    expect(spared.hours.value).toBe(50);
    // 100 × (2 × 1.50 + 0.5 × 6 + 0.5 × 30)
    expect(spared.euros.value).toBeCloseTo(2100, 9);
    expect(spared.euros.low).toBeCloseTo(840, 9);
  });

  it('turns the interval over with the sign, and costs when absence rose', () => {
    fc.assert(
      fc.property(effect, fc.nat(100_000), (given, outcomes) => {
        const spared = savings(given, outcomes, DEFAULT_UNIT_COSTS);
        for (const { low, value, high } of Object.values(spared)) {
          expect(low).toBeLessThanOrEqual(value);
          expect(value).toBeLessThanOrEqual(high);
        }
        expect(spared.absences.value <= 0).toBe(given.value >= 0 || outcomes === 0);
      }),
    );
  });
});
