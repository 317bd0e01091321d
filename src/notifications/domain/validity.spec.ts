import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { validitySeconds } from './validity.js';

const NOW = Temporal.Instant.from('2026-06-09T07:30:00Z');
const after = (seconds: number) => NOW.add({ seconds });

describe('how long the operator may try', () => {
  it('four hours, so that there is time left to reach the person otherwise', () => {
    const usefulUntil = after(23 * 3600);
    expect(validitySeconds({ usefulUntil, now: NOW, poorCoverage: false })).toBe(4 * 3600);
  });

  it('as long as the text is useful where coverage is poor', () => {
    const usefulUntil = after(23 * 3600);
    expect(validitySeconds({ usefulUntil, now: NOW, poorCoverage: true })).toBe(23 * 3600);
  });

  it('never beyond the hour until which it is useful, and at least a second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 * 24 * 3600 }), fc.boolean(), (seconds, poorCoverage) => {
        const validity = validitySeconds({ usefulUntil: after(seconds), now: NOW, poorCoverage });
        expect(validity).toBeLessThanOrEqual(Math.max(1, seconds));
        expect(validity).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
