import fc from 'fast-check';
import {
  bandPath,
  linear,
  linePath,
  monthAfter,
  monthsFrom,
  monthTicks,
  runsOf,
  shortMonth,
  ticks,
} from './scale.js';

describe('scales of the charts', () => {
  it('maps the ends of the domain on the ends of the range', () => {
    const y = linear([0, 0.4], [366, 46]);
    expect([y(0), y(0.2), y(0.4)]).toEqual([366, 206, 46]);
    expect(linear([3, 3], [10, 90])(3)).toBe(10);
  });

  it('cuts axes at round values that cover what is drawn', () => {
    expect(ticks(0, 0.352)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
    expect(ticks(-0.12, 0.03)).toEqual([-0.15, -0.1, -0.05, 0, 0.05]);
    expect(ticks(5, 5)).toEqual([5]);
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 1e-3, max: 2, noNaN: true }),
        fc.integer({ min: 3, max: 9 }),
        (low, span, most) => {
          const found = ticks(low, low + span, most);
          expect(found.length).toBeLessThanOrEqual(most);
          expect(found[0]).toBeLessThanOrEqual(low + 1e-9);
          expect(found.at(-1)).toBeGreaterThanOrEqual(low + span - 1e-9);
        },
      ),
    );
  });

  it('breaks lines where nothing can be said', () => {
    expect(runsOf([1, null, 2, 3, null], (value) => value !== null)).toEqual([[0], [2, 3]]);
  });

  it('closes a band round both its lines', () => {
    const upper = [
      { x: 0, y: 1 },
      { x: 10, y: 2 },
    ];
    expect(linePath(upper)).toBe('M0.0 1.0L10.0 2.0');
    expect(bandPath(upper, [upper[0] ?? { x: 0, y: 0 }, { x: 10, y: 5 }])).toBe(
      'M0.0 1.0L10.0 2.0L10.0 5.0L0.0 1.0Z',
    );
    expect(bandPath([], [])).toBe('');
  });

  it('counts months over the end of a year', () => {
    expect(monthAfter('2025-12', 1)).toBe('2026-01');
    expect(monthAfter('2025-03', -15)).toBe('2023-12');
    expect(monthsFrom('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(monthsFrom('2026-02', '2025-11')).toEqual([]);
    expect(shortMonth('2026-02')).toBe('févr.\u00a02026');
  });

  it('names the first and the last month, and the year when it changes', () => {
    const labels = monthTicks(monthsFrom('2024-06', '2026-05'), 29, 86).map(({ label }) => label);
    expect(labels).toEqual([
      'juin\u00a02024',
      'oct.',
      'janv.\u00a02025',
      'avr.',
      'juil.',
      'oct.',
      'janv.\u00a02026',
      'mai',
    ]);
  });

  it('never writes one month over another', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 11 }),
        fc.integer({ min: 4, max: 60 }),
        (length, offset, step) => {
          const months = monthsFrom(
            monthAfter('2024-01', offset),
            monthAfter('2024-01', offset + length - 1),
          );
          const at = monthTicks(months, step, 80).map((tick) => tick.at * step);
          at.slice(1).forEach((x, i) => expect(x - (at[i] ?? 0)).toBeGreaterThanOrEqual(80));
        },
      ),
    );
  });
});
