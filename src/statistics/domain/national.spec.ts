import { aroundStart, fellowsOf, NO_COUNTS } from './national.js';

const month = (at: string, missed: number) => ({ ...NO_COUNTS, month: at, attended: 10, missed });

describe('before and since the start', () => {
  const months = [month('2025-11', 1), month('2025-12', 2), month('2026-01', 4)];

  it('leaves out the month in which the service began', () => {
    const { before, since } = aroundStart(months, '2025-12-10');
    expect([before?.missed, since?.missed]).toEqual([1, 4]);
  });

  it('counts a month that began with messages on its first day', () => {
    const { before, since } = aroundStart(months, '2025-12-01');
    expect([before?.missed, since?.missed]).toEqual([1, 6]);
  });

  it('says nothing of a side without outcomes, or without a start', () => {
    expect(aroundStart(months, '2025-10-01').before).toBeNull();
    expect(aroundStart(months, '2026-02-01').since).toBeNull();
    expect(aroundStart(months, null)).toEqual({ before: null, since: null });
  });
});

describe('the others, for somebody who may see one service', () => {
  const service = (id: string, missed: number, attended: number) => ({
    id,
    counts: { ...NO_COUNTS, missed, attended },
  });
  const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, at) => service(id, 123 + at, 1111));

  it('are at least five, or nothing is said', () => {
    expect(fellowsOf(six.slice(0, 5), 'a')).toBeNull();
    expect(fellowsOf([...six.slice(0, 5), service('g', 4, 40)], 'a')).toBeNull();
    expect(fellowsOf(six, 'a')?.others).toHaveLength(5);
  });

  it('are told without names and too coarsely to be recognised', () => {
    const found = fellowsOf(six, 'a');
    expect(found?.others[0]).toEqual({ known: 1200, missed: 120 });
    expect(JSON.stringify(found)).not.toMatch(/"[a-f]"|1234|123[^4]/);
    expect(found?.target).toBe(0.101);
  });
});
