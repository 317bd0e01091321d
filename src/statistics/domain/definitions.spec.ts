import fc from 'fast-check';
import { absenceRate } from './absence-rate.js';
import {
  absenceBounds,
  completeness,
  DEFINITIONS,
  isComplete,
  referenceNoShowPercent,
  strictAbsenceRate,
} from './definitions.js';

const count = fc.nat(5_000);
const past = fc.record({ attended: count, missed: count, excused: count, unknown: count });

describe('strict absence rate', () => {
  it('leaves the excused out', () => {
    expect(strictAbsenceRate({ attended: 60, missed: 30, excused: 10 })).toBeCloseTo(1 / 3, 12);
  });

  it('is unknown when nobody attended or missed', () => {
    expect(strictAbsenceRate({ attended: 0, missed: 0, excused: 4 })).toBeNull();
  });

  it('is never below the absence rate, and equals it when nobody is excused', () => {
    fc.assert(
      fc.property(past, (counts) => {
        const [strict, rate] = [strictAbsenceRate(counts), absenceRate(counts)];
        if (strict === null || rate === null) return true;
        return strict >= rate && strictAbsenceRate({ ...counts, excused: 0 }) === strict;
      }),
    );
  });
});

describe('bounds of the absence rate', () => {
  it('are those of all attended and of all missed', () => {
    expect(absenceBounds({ attended: 60, missed: 20, excused: 10, unknown: 10 })).toEqual({
      low: 0.2,
      high: 0.3,
    });
    expect(absenceBounds({ attended: 0, missed: 0, excused: 0, unknown: 0 })).toBeNull();
  });

  it('hold the rate whatever becomes of the unmarked', () => {
    fc.assert(
      fc.property(past, fc.double({ min: 0, max: 1, noNaN: true }), (counts, share) => {
        const bounds = absenceBounds(counts);
        if (bounds === null) return true;
        const missed = Math.round(share * counts.unknown);
        const marked = {
          attended: counts.attended + counts.unknown - missed,
          missed: counts.missed + missed,
          excused: counts.excused,
        };
        const rate = absenceRate(marked) ?? NaN;
        return bounds.low <= rate && rate <= bounds.high;
      }),
    );
  });
});

describe('completeness', () => {
  it.each([
    [98, 2, true],
    [97, 3, false],
    [49, 1, true],
    [48, 1, false],
    [0, 0, true],
    [0, 1, false],
  ])('with %i known and %i unknown: complete %s', (attended, unknown, complete) => {
    expect(isComplete({ attended, missed: 0, excused: 0, unknown })).toBe(complete);
  });

  it('is the share of known outcomes, unknown when nothing is past', () => {
    expect(completeness({ attended: 6, missed: 2, excused: 1, unknown: 1 })).toBe(0.9);
    expect(completeness({ attended: 0, missed: 0, excused: 0, unknown: 0 })).toBeNull();
  });

  it('says the same as the bounds: their distance is the share of unknown outcomes', () => {
    fc.assert(
      fc.property(past, (counts) => {
        const [bounds, share] = [absenceBounds(counts), completeness(counts)];
        if (bounds === null || share === null) return bounds === share;
        return Math.abs(bounds.high - bounds.low - (1 - share)) < 1e-12;
      }),
    );
  });
});

it('knows the rate of the earlier dashboards: whole per cents, 0 when nothing is known', () => {
  expect(referenceNoShowPercent({ attended: 2, missed: 1, excused: 0 })).toBe(33);
  expect(referenceNoShowPercent({ attended: 0, missed: 0, excused: 0 })).toBe(0);
});

it('defines every figure once, each with a name, a formula and a sentence', () => {
  for (const key of ['code', 'name', 'sentence'] as const)
    expect(new Set(DEFINITIONS.map((one) => one[key])).size).toBe(DEFINITIONS.length);
  for (const { formula, sentence } of DEFINITIONS) {
    expect(formula).not.toBe('');
    expect(sentence).toMatch(/\.$/);
  }
});
