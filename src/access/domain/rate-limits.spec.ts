import fc from 'fast-check';
import { grownBack, RATE_LIMITS, type RateLimit, secondsToWait } from './rate-limits.js';

/** @returns the instants, in milliseconds, at which a request was let through */
function passed(limit: RateLimit, instants: readonly number[]): number[] {
  let allowance = { left: limit.requests, at: 0 };
  return instants.filter((now) => {
    allowance = grownBack(allowance, limit, now);
    if (secondsToWait(allowance, limit) > 0) return false;
    allowance = { ...allowance, left: allowance.left - 1 };
    return true;
  });
}

describe('rate limits', () => {
  it('lets a full allowance through at once, and no more', () => {
    const limit = RATE_LIMITS.search;
    expect(passed(limit, Array<number>(100).fill(0))).toHaveLength(60);
  });

  it('lets the next one through after the wait that it tells', () => {
    const limit = RATE_LIMITS.export;
    const spent = { left: 0, at: 0 };
    const wait = secondsToWait(spent, limit);
    expect(wait).toBe(720);
    expect(secondsToWait(grownBack(spent, limit, wait * 1000), limit)).toBe(0);
    expect(secondsToWait(grownBack(spent, limit, wait * 1000 - 1000), limit)).toBe(1);
  });

  it('never lets more through in any time than the allowance and what grew back in it', () => {
    const limits = fc.constantFrom<RateLimit>(...Object.values(RATE_LIMITS));
    const gaps = fc.array(fc.nat({ max: 120_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(limits, gaps, (limit, waits) => {
        let now = 0;
        const instants = waits.map((wait) => (now += wait));
        const kept = passed(limit, instants);
        for (const [at, from] of kept.entries()) {
          const within = kept.slice(at).filter((one) => one - from <= limit.seconds * 1000);
          expect(within.length).toBeLessThanOrEqual(2 * limit.requests);
        }
      }),
    );
  });

  it('does not give anything back when a clock goes back', () => {
    expect(grownBack({ left: 3, at: 5000 }, RATE_LIMITS.search, 1000).left).toBe(3);
  });
});
