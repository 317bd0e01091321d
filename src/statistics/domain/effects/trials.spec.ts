import fc from 'fast-check';
import { clusterInterval, designEffect, wilsonInterval } from './cluster-interval.js';
import { binomialBounds, binomialCdf } from './distributions.js';
import { sequentialBounds } from './sequential.js';
import { compareArms, sampleRatioAlarm, type UnitOutcomes } from './trials.js';

const rounded = ({ low, high }: { low: number; high: number }) =>
  [low, high].map((v) => Number(v.toFixed(4)));

describe('intervals of a rate', () => {
  // Newcombe 1998 (doi 10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('is Wilson’s as published: %i of %i', (missed, known, low, high) => {
    expect(rounded(wilsonInterval(missed, known))).toEqual([low, high]);
  });

  it('is never narrower than for independent outcomes, and wider when persons resemble themselves', () => {
    const alike = Array.from({ length: 60 }, (_, person) => ({ missed: person % 3 === 0 ? 4 : 0, known: 4 }));
    const mixed = Array.from({ length: 60 }, (_, person) => ({ missed: person % 3 === 0 ? 2 : 1, known: 4 }));
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    expect(width(clusterInterval(alike))).toBeGreaterThan(1.7 * width(wilsonInterval(80, 240)));
    expect(width(clusterInterval(mixed))).toBeGreaterThanOrEqual(width(wilsonInterval(80, 240)));
    expect(designEffect(1, 0.3)).toBe(1);
    expect(designEffect(3, 0.1)).toBeCloseTo(1.2);
  });

  it('says nothing of nothing', () => {
    expect(clusterInterval([])).toMatchObject({ low: 0, high: 1, known: 0 });
  });
});

const outcome = fc
  .integer({ min: 0, max: 6 })
  .chain((known) => fc.record({ known: fc.constant(known), missed: fc.integer({ min: 0, max: known }) }));
const arm = fc.array(outcome, { minLength: 20, maxLength: 60 });

describe('comparison of two arms', () => {
  it('turns its sign when the arms change places, and holds its own estimate', () => {
    fc.assert(
      fc.property(arm, arm, (first, second) => {
        const [one, other] = [compareArms(first, second), compareArms(second, first)];
        if (one.kind === 'refused' || other.kind === 'refused') return one.kind === other.kind;
        expect(one.value).toBeCloseTo(-other.value, 12);
        expect(one.pValue).toBeCloseTo(other.pValue, 9);
        return one.low <= one.value && one.value <= one.high;
      }),
    );
  });

  it('is the two-sample comparison of means when everybody has one outcome', () => {
    const of = (missed: number, n: number): UnitOutcomes[] =>
      Array.from({ length: n }, (_, i) => ({ known: 1, missed: i < missed ? 1 : 0 }));
    const found = compareArms(of(25, 100), of(20, 100));
    if (found.kind === 'refused') throw new Error(found.reason);
    const error = Math.sqrt((0.25 * 0.75) / 99 + (0.2 * 0.8) / 99);
    expect(found.value).toBeCloseTo(-0.05, 12);
    expect(found.high - found.value).toBeCloseTo(1.972 * error, 4);
    expect(found.z).toBeCloseTo(-0.05 / error, 1);
  });

  it('does not take a service with more absence for an effect of the arm', () => {
    const of = (rate: number, n: number, stratum: string): UnitOutcomes[] =>
      Array.from({ length: n }, (_, i) => ({
        known: 10,
        missed: 10 * rate + (i % 2 === 0 ? 1 : -1),
        stratum,
      }));
    const first = [...of(0.2, 80, 'calm'), ...of(0.6, 20, 'rough')];
    const second = [...of(0.2, 20, 'calm'), ...of(0.6, 80, 'rough')];
    const found = compareArms(first, second);
    if (found.kind === 'refused') throw new Error(found.reason);
    expect(found.value).toBeCloseTo(0, 9);
    expect(found.first.value).toBeLessThan(found.second.value);
  });

  it('refuses a handful', () => {
    expect(compareArms([{ known: 1, missed: 0 }], [{ known: 1, missed: 1 }])).toMatchObject({
      kind: 'refused',
      code: 'too-few-outcomes',
    });
  });
});

describe('sample ratio', () => {
  it('alarms as in the published example (Kohavi, Tang & Xu 2020, ch. 21: p = 1.8e-6)', () => {
    const { pValue, alarm } = sampleRatioAlarm([821588, 815482], [1, 1]);
    expect(alarm).toBe(true);
    expect(pValue).toBeGreaterThan(1.7e-6);
    expect(pValue).toBeLessThan(1.9e-6);
  });

  it('is silent on what was planned, and before anybody', () => {
    expect(sampleRatioAlarm([50, 51, 99], [1, 1, 2]).alarm).toBe(false);
    expect(sampleRatioAlarm([0, 0], [1, 1])).toEqual({ pValue: 1, alarm: false });
    expect(() => sampleRatioAlarm([1, 2], [1, 0])).toThrow(RangeError);
  });
});

describe('sequential bounds', () => {
  it('are those of Lan & DeMets’s program: five looks, two-sided 5 %, like O’Brien & Fleming', () => {
    // Reboussin, DeMets, Kim & Lan 2000 (doi 10.1016/S0197-2456(00)00057-X).
    const bounds = sequentialBounds([0.2, 0.4, 0.6, 0.8, 1]).map(({ bound }) => Number(bound.toFixed(4)));
    expect(bounds).toEqual([4.8769, 3.357, 2.6803, 2.2898, 2.031]);
  });

  it('is the usual bound for one look, and spends no more than alpha', () => {
    expect(sequentialBounds([1])[0]?.bound).toBeCloseTo(1.96, 3);
    expect(sequentialBounds([0.5, 1]).at(-1)?.spent).toBeCloseTo(0.05, 12);
    expect(() => sequentialBounds([0.5, 0.5])).toThrow(RangeError);
    expect(() => sequentialBounds([0.5, 1.2])).toThrow(RangeError);
  });
});

describe('exact binomial bounds', () => {
  it('holds at least what it promises, and one number less would not', () => {
    const { low, high } = binomialBounds(5000, 0.05, 0.999);
    expect(binomialCdf(low - 1, 5000, 0.05)).toBeLessThanOrEqual(0.0005);
    expect(binomialCdf(low, 5000, 0.05)).toBeGreaterThan(0.0005);
    expect(1 - binomialCdf(high, 5000, 0.05)).toBeLessThanOrEqual(0.0005);
    expect(1 - binomialCdf(high - 1, 5000, 0.05)).toBeGreaterThan(0.0005);
  });
});
