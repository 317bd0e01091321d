import fc from 'fast-check';
import { armAt, stratumOf, type TrialDraw } from './trial-assignment.js';

const draws: fc.Arbitrary<TrialDraw> = fc.record({
  seed: fc.string({ minLength: 1, maxLength: 30 }),
  stratum: fc.string({ maxLength: 40 }),
  shares: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
});

describe('the arms of a trial', () => {
  it('are the same again from the same seed and the same order', () => {
    fc.assert(
      fc.property(draws, fc.nat({ max: 500 }), (draw, position) => {
        expect(armAt({ ...draw, shares: [...draw.shares] }, position)).toBe(armAt(draw, position));
      }),
    );
  });

  it('are never further from their shares than a double block, at any moment of any stratum', () => {
    fc.assert(
      fc.property(draws, fc.integer({ min: 1, max: 300 }), (draw, units) => {
        const counts = draw.shares.map(() => 0);
        for (let position = 0; position < units; position++)
          counts[armAt(draw, position)] = (counts[armAt(draw, position)] ?? 0) + 1;
        const parts = draw.shares.reduce((sum, share) => sum + share, 0);
        for (const [arm, share] of draw.shares.entries())
          expect(Math.abs((counts[arm] ?? 0) - (units * share) / parts)).toBeLessThanOrEqual(2 * share);
      }),
    );
  });

  it('are another draw with another seed, and in another stratum', () => {
    const line = (draw: TrialDraw) => Array.from({ length: 60 }, (_, at) => armAt(draw, at)).join('');
    const draw = { seed: 'a', stratum: 'x', shares: [1, 1, 1] };
    expect(line({ ...draw, seed: 'b' })).not.toBe(line(draw));
    expect(line({ ...draw, stratum: 'y' })).not.toBe(line(draw));
  });

  it('fall on every place of a line equally often over many seeds', () => {
    const seeds = 3000;
    for (let position = 0; position < 6; position++) {
      const first = Array.from({ length: seeds }, (_, seed) =>
        armAt({ seed: String(seed), stratum: 's', shares: [1, 1] }, position),
      ).filter((arm) => arm === 0).length;
      // Five standard deviations of a fair coin.
      expect(Math.abs(first - seeds / 2)).toBeLessThan(2.5 * Math.sqrt(seeds));
    }
  });

  it('cannot be drawn from a share or a place that does not exist', () => {
    expect(() => armAt({ seed: 's', stratum: '', shares: [1, 0] }, 0)).toThrow(RangeError);
    expect(() => armAt({ seed: 's', stratum: '', shares: [1, 1] }, -1)).toThrow(RangeError);
  });
});

describe('a stratum', () => {
  const unit = { organizationId: 'nanterre', isFirst: true };

  it.each([
    [{ byService: false, byFirst: false }, 'all'],
    [{ byService: true, byFirst: false }, 'nanterre'],
    [{ byService: false, byFirst: true }, 'all/first'],
    [{ byService: true, byFirst: true }, 'nanterre/first'],
  ])('%j is %s', (by, stratum) => {
    expect(stratumOf(by, unit)).toBe(stratum);
  });
});
