import { closedQuarters, nextQuarter, quarterCode, quarterOf } from './quarters.js';

describe('quarters', () => {
  it('close thirty days after their end', () => {
    expect(closedQuarters('2026-04-30', 2)).toEqual(['2025-07-01', '2025-10-01']);
    expect(closedQuarters('2026-05-01', 2)).toEqual(['2025-10-01', '2026-01-01']);
    expect(closedQuarters('2026-01-15', 1)).toEqual(['2025-07-01']);
  });

  it('follow one another over the end of the year', () => {
    expect(nextQuarter('2025-10-01')).toBe('2026-01-01');
  });

  it('are read from an address, and nothing else is', () => {
    for (const quarter of closedQuarters('2026-05-01', 6))
      expect(quarterOf(quarterCode(quarter))).toBe(quarter);
    expect(quarterCode('2026-04-01')).toBe('2026-T2');
    for (const other of ['2026-T5', '2026', '', undefined, ['2026-T1'], '2026-T1 ', '9999-T1'])
      expect(quarterOf(other)).toBeUndefined();
  });
});
