import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { type Bucket, type Lane, refilled, takeTurn } from './pacing.js';

const START = Temporal.Instant.from('2026-06-03T10:00:00Z');
const at = (milliseconds: number) => START.add({ milliseconds: Math.round(milliseconds) });
const LONG_AGO = START.subtract({ hours: 1 });
const empty: Bucket = { tokens: 0, refilledAt: START, turns: [LONG_AGO, LONG_AGO] };

/** Asks for as many texts as given at one moment: when each leaves (null: not yet), and when it asks again. */
function ask(bucket: Bucket, lanes: readonly Lane[], perSecond: number, now: number) {
  let state = refilled(bucket, perSecond, at(now));
  const answers = lanes.map((lane) => {
    const turn = takeTurn(state, lane, perSecond);
    state = turn.bucket;
    return turn.waitsUntil === null
      ? { leaves: now + turn.leavesInMs, back: null }
      : { leaves: null, back: turn.waitsUntil.epochMilliseconds - START.epochMilliseconds };
  });
  return {
    bucket: state,
    leaves: answers.map(({ leaves }) => (leaves === null ? null : Math.round(leaves))),
    exactly: answers.flatMap(({ leaves }) => leaves ?? []),
    waits: answers.map(({ back }) => back),
  };
}

const lanes = (count: number, lane: Lane) => Array.from({ length: count }, () => lane);

describe('the pace of an operator', () => {
  it('gives a tenth of a second of texts at once after a silence, then one turn after the other', () => {
    expect(ask(empty, lanes(6, 0), 40, 60_000).leaves).toEqual([
      60_000, 60_000, 60_000, 60_000, 60_025, 60_050,
    ]);
  });

  it('gives the turns of the next seconds at once, and lets later ones come back in time for theirs', () => {
    const { leaves, waits } = ask(empty, lanes(15, 0), 4, 60_000);
    expect(leaves.slice(0, 3)).toEqual([60_000, 60_250, 60_500]);
    expect(leaves[12]).toBe(63_000);
    expect(leaves.slice(13)).toEqual([null, null]);
    expect(waits.slice(13)).toEqual([61_000, 61_250]);
  });

  it('gives turns that follow those given before', () => {
    const first = ask(empty, lanes(6, 0), 4, 60_000);
    expect(ask(first.bucket, [0, 0], 4, 60_010).leaves).toEqual([61_500, 61_750]);
  });

  it('lets bulk wait behind what is due, and never the other way round', () => {
    const bulk = ask(empty, lanes(100, 1), 10, 1_000);
    expect(bulk.leaves.filter((time) => time !== null).at(-1)).toBe(3_000);
    const due = ask(bulk.bucket, [0], 10, 1_000);
    expect(due.leaves).toEqual([3_100]);
    expect(ask(due.bucket, [1], 10, 1_000).leaves).toEqual([null]);
  });

  it('lets bulk take no token while due texts wait for their turns', () => {
    const due = ask(empty, lanes(40, 0), 4, 60_000);
    expect(due.waits.at(-1)).toBe(67_500);
    const bulk = ask(due.bucket, [1], 4, 61_000);
    expect(bulk.waits[0]).toBeGreaterThan(67_500);
    const again = ask(bulk.bucket, lanes(4, 0), 4, 61_000);
    expect(again.leaves).toEqual([63_250, 63_500, 63_750, 64_000]);
    expect(ask(again.bucket, [1], 4, bulk.waits[0] ?? 0).waits).toEqual([null]);
  });

  it('gives every due text the turn it was promised, however much bulk asks meanwhile', () => {
    const asks = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 60 });
    const late = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), asks, late, (count, bulk, lateness) => {
        const first = ask(empty, lanes(count, 0), 10, 60_000);
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
    expect(ask(empty, [0, 0], 0.5, 10_000).leaves).toEqual([10_000, 12_000]);
    expect(ask(empty, [0, 0], 0.25, 10_000)).toMatchObject({ leaves: [10_000, null], waits: [null, 14_000] });
  });

  it('does not mind a clock that goes back', () => {
    const later = ask(empty, [0], 4, 60_000).bucket;
    expect(ask(later, [0], 4, 30_000).waits).toEqual([null]);
  });

  it.each([0, 1] as const)(
    'is reached while enough wait, though each asks once a second only (lane %i)',
    (lane) => {
      fc.assert(
        fc.property(
          fc.double({ min: 1, max: 80, noNaN: true }),
          fc.integer({ min: 0, max: 200 }),
          (pace, jitter) => {
            const count = Math.ceil(pace * 30);
            let bucket = empty;
            let waiting = Array.from({ length: count }, () => 60_000);
            let last = 0;
            for (let tick = 0; waiting.length > 0 && tick < 40; tick += 1) {
              const now = 60_000 + tick * 1_000 + (tick % 3) * jitter;
              const back = waiting.filter((when) => when <= now);
              const answer = ask(bucket, lanes(back.length, lane), pace, now);
              bucket = answer.bucket;
              last = Math.max(last, ...answer.exactly);
              waiting = [
                ...waiting.filter((when) => when > now),
                ...answer.waits.filter((when) => when !== null),
              ];
            }
            expect(waiting).toEqual([]);
            expect(last - 60_000).toBeLessThanOrEqual((count / pace) * 1_000 * 1.05);
          },
        ),
        { numRuns: 30, endOnFailure: true },
      );
    },
  );

  it('never lets more out than the pace and a tenth of a second of burst, over any interval', () => {
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
          const wanted = Array.from({ length: count }, (_, index): Lane => (index % 3 === 0 ? 1 : 0));
          const answer = ask(bucket, wanted, perSecond, clock);
          bucket = answer.bucket;
          left.push(...answer.exactly);
          for (const wait of answer.waits) if (wait !== null) expect(wait).toBeGreaterThan(clock);
        }
        left.sort((a, b) => a - b);
        const excess = left.flatMap((from, index) =>
          left
            .slice(index)
            .map((to, more) => more + 1 - ((to - from) / 1000) * perSecond - Math.max(1, perSecond / 10)),
        );
        expect(excess.reduce((most, one) => Math.max(most, one), 0)).toBeLessThan(1e-6);
      }),
    );
  });
});
