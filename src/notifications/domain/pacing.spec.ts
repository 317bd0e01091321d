import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { type Bucket, type Lane, refilled, takeTurn } from './pacing.js';

const START = Temporal.Instant.from('2026-06-03T10:00:00Z');
const at = (milliseconds: number) => START.add({ milliseconds: Math.round(milliseconds) });
const LONG_AGO = START.subtract({ hours: 1 });
const empty: Bucket = { tokens: 0, refilledAt: START, turns: [LONG_AGO, LONG_AGO] };

/** Asks for as many texts as given at one moment; answers when each may leave. */
function ask(bucket: Bucket, lanes: readonly Lane[], perSecond: number, now: number) {
  let state = refilled(bucket, perSecond, at(now));
  const waits = lanes.map((lane) => {
    const turn = takeTurn(state, lane, perSecond);
    state = turn.bucket;
    return turn.waitsUntil === null ? null : turn.waitsUntil.epochMilliseconds - START.epochMilliseconds;
  });
  return { bucket: state, waits };
}

describe('the pace of an operator', () => {
  it('gives a second of texts at once after a silence, then one turn after the other', () => {
    const { waits } = ask(empty, [0, 0, 0, 0, 0, 0], 4, 60_000);
    expect(waits).toEqual([null, null, null, null, 60_250, 60_500]);
  });

  it('gives turns that follow those given before', () => {
    const first = ask(empty, [0, 0, 0, 0, 0, 0], 4, 60_000);
    expect(ask(first.bucket, [0, 0], 4, 60_010).waits).toEqual([60_750, 61_000]);
  });

  it('lets bulk wait behind what is due, and never the other way round', () => {
    const bulk = ask(
      empty,
      Array.from({ length: 100 }, () => 1 as const),
      10,
      1_000,
    );
    expect(bulk.waits.at(-1)).toBe(10_000);
    const due = ask(bulk.bucket, [0], 10, 1_000);
    expect(due.waits).toEqual([1_100]);
    expect(ask(due.bucket, [1], 10, 1_000).waits).toEqual([10_100]);
  });

  it('lets bulk take no token while due texts wait for their turns', () => {
    const due = ask(
      empty,
      Array.from({ length: 20 }, () => 0 as const),
      4,
      60_000,
    );
    expect(due.waits.at(-1)).toBe(64_000);
    const bulk = ask(due.bucket, [1], 4, 61_000);
    expect(bulk.waits[0]).toBeGreaterThan(64_000);
    expect(ask(bulk.bucket, [0, 0, 0, 0], 4, 61_000).waits).toEqual([null, null, null, null]);
    expect(ask(bulk.bucket, [1], 4, bulk.waits[0] ?? 0).waits).toEqual([null]);
  });

  it('gives every due text the turn it was promised, however much bulk asks meanwhile', () => {
    const asks = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 60 });
    const late = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), asks, late, (count, bulk, lateness) => {
        const first = ask(
          empty,
          Array.from({ length: count }, () => 0 as const),
          10,
          60_000,
        );
        const back = first.waits.flatMap((wait, index) =>
          wait === null ? [] : [{ lane: 0 as const, when: wait + (lateness[index] ?? 0) }],
        );
        const all = [...back, ...bulk.map((after) => ({ lane: 1 as const, when: 60_000 + after }))];
        let { bucket } = first;
        for (const { lane, when } of all.sort((a, b) => a.when - b.when)) {
          const answer = ask(bucket, [lane], 10, when);
          bucket = answer.bucket;
          if (lane === 0) expect(answer.waits).toEqual([null]);
        }
      }),
    );
  });

  it('goes below one text a second', () => {
    expect(ask(empty, [0, 0], 0.5, 10_000).waits).toEqual([null, 12_000]);
  });

  it('does not mind a clock that goes back', () => {
    const later = ask(empty, [0], 4, 60_000).bucket;
    expect(ask(later, [0], 4, 30_000).waits).toEqual([null]);
  });

  it('never lets more out than the pace and one second of burst, over any interval', () => {
    const asks = fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 3_000 }), count: fc.integer({ min: 1, max: 30 }) }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(asks, fc.double({ min: 0.2, max: 40, noNaN: true }), (steps, perSecond) => {
        let bucket = empty;
        let clock = 0;
        const left: number[] = [];
        for (const { after, count } of steps) {
          clock += after;
          const lanes = Array.from({ length: count }, (_, index): Lane => (index % 3 === 0 ? 1 : 0));
          const answer = ask(bucket, lanes, perSecond, clock);
          bucket = answer.bucket;
          left.push(...answer.waits.filter((wait) => wait === null).map(() => clock));
          for (const wait of answer.waits) if (wait !== null) expect(wait).toBeGreaterThan(clock);
        }
        const excess = left.flatMap((from, index) =>
          left
            .slice(index)
            .map((to, more) => more + 1 - ((to - from) / 1000) * perSecond - Math.max(1, perSecond)),
        );
        expect(excess.reduce((most, one) => Math.max(most, one), 0)).toBeLessThan(1e-6);
      }),
    );
  });
});
