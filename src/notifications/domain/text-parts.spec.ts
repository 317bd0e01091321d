import fc from 'fast-check';
import type { ReceiptMeaning } from './attempt-results.js';
import { idsOf, joinedIds, type PartReport, saidOfWhole } from './text-parts.js';

const said = (part: string, meaning: ReceiptMeaning): PartReport => ({ part, meaning });

/** The last word on a text, were its reports to come in this order. */
function endOf(parts: number, reports: readonly PartReport[]): ReceiptMeaning {
  let end: ReceiptMeaning = 'accepted';
  reports.forEach((_, index) => {
    const meaning = saidOfWhole(parts, reports.slice(0, index + 1));
    if (end === 'accepted' && meaning !== 'contradicted') end = meaning;
  });
  return end;
}

describe('a text in several parts', () => {
  it('arrived when its last part did, and not before', () => {
    expect(saidOfWhole(2, [said('1', 'delivered')])).toBe('accepted');
    expect(saidOfWhole(2, [said('1', 'delivered'), said('1', 'delivered')])).toBe('accepted');
    expect(saidOfWhole(2, [said('1', 'delivered'), said('2', 'delivered')])).toBe('delivered');
  });

  it('did not arrive when one part did not, whatever the others say', () => {
    expect(saidOfWhole(3, [said('1', 'delivered'), said('3', 'undelivered')])).toBe('undelivered');
    expect(saidOfWhole(2, [said('1', 'undelivered'), said('2', 'delivered')])).toBe('undelivered');
  });

  it('keeps the first end of a part, and tells one that contradicts it', () => {
    expect(saidOfWhole(2, [said('1', 'delivered'), said('1', 'undelivered')])).toBe('contradicted');
    expect(saidOfWhole(1, [said('1', 'undelivered'), said('1', 'delivered')])).toBe('contradicted');
    // What is repeated later contradicts nothing.
    const reports = [said('1', 'delivered'), said('1', 'undelivered'), said('2', 'delivered')];
    expect(saidOfWhole(2, reports)).toBe('delivered');
  });

  it('ends the same in every order of its reports', () => {
    const reports = fc.uniqueArray(fc.record({ part: fc.constantFrom('1', '2', '3'), fails: fc.boolean() }), {
      selector: ({ part }) => part,
    });
    fc.assert(
      fc.property(
        reports.chain((ends) =>
          fc.tuple(
            fc.constant(ends),
            fc.shuffledSubarray([...ends, ...ends], { minLength: ends.length * 2 }),
          ),
        ),
        ([ends, shuffled]) => {
          const asReports = (from: typeof ends) =>
            from.map(({ part, fails }) => said(part, fails ? 'undelivered' : 'delivered'));
          expect(endOf(3, asReports(shuffled))).toBe(endOf(3, asReports(ends)));
        },
      ),
    );
  });

  it('keeps its ids in the order of the operator', () => {
    expect(idsOf(joinedIds(['42', '43']))).toEqual(['42', '43']);
    expect(idsOf(null)).toEqual([]);
  });
});
