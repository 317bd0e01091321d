import fc from 'fast-check';
import { askedFigures, monthsOf, periodOf } from './filters.js';

const SERVICE = '0b9f6f1e-6d3a-4d5e-9a51-0c6f3c0f5a11';

describe('the filters of the absence page', () => {
  it('reads what the address says, and ignores what it cannot mean', () => {
    expect(askedFigures({ service: SERVICE, type: 'suivi-spip', from: '2025-01', to: '2026-06' })).toEqual({
      service: SERVICE,
      type: 'suivi-spip',
      from: '2025-01',
      to: '2026-06',
    });
    expect(askedFigures({ service: 'all', type: '<b>', from: '2025-13', to: ['2026-06'] })).toEqual({
      service: null,
      type: null,
      from: null,
      to: null,
    });
  });

  it('shows two years on each side of the start, when nothing is asked', () => {
    expect(periodOf(askedFigures({}), '2026-06-10', '2025-09')).toEqual({ from: '2023-09', to: '2026-06' });
    expect(periodOf(askedFigures({}), '2026-06-10', null)).toEqual({ from: '2024-07', to: '2026-06' });
  });

  it('takes a period as asked, but not the wrong way round', () => {
    const wanted = askedFigures({ from: '2026-02', to: '2026-04' });
    expect(periodOf(wanted, '2026-06-10', null)).toEqual({ from: '2026-02', to: '2026-04' });
    const turned = periodOf(askedFigures({ from: '2026-04', to: '2026-02' }), '2026-06-10', null);
    expect(turned).toEqual({ from: '2024-03', to: '2026-02' });
  });

  it('never asks for more than five years, whatever is typed', () => {
    const month = fc
      .tuple(fc.integer({ min: 1990, max: 2099 }), fc.integer({ min: 1, max: 12 }))
      .map(([year, number]) => `${year}-${String(number).padStart(2, '0')}`);
    fc.assert(
      fc.property(fc.option(month), fc.option(month), fc.option(month), (from, to, startedIn) => {
        const period = periodOf(askedFigures({ from, to }), '2026-06-10', startedIn);
        expect(monthsOf(period)).toBeGreaterThanOrEqual(1);
        expect(monthsOf(period)).toBeLessThanOrEqual(60);
      }),
    );
  });
});
