import { DEFAULT_UNIT_COSTS } from '../../statistics/domain/savings.js';
import type { ServiceImpact } from '../../statistics/impact.query.js';
import { savingsOf } from './savings.view.js';

const TEXTS = { texts: 10, parts: 20, euros: 0.9 };
const SINCE = { from: '2026-01', to: '2026-02' };
const rate = (value: number) => ({ value, low: value - 0.02, high: value + 0.02, missed: 0, known: 0 });
const ESTIMATE = { kind: 'estimate', months: 4, outcomes: 400, assumption: '' } as const;
const month = (name: string) => ({
  ...{ month: name, attended: 80, missed: 20, excused: 0 },
  ...{ cancelled: 3, unknown: 1 },
});

function impact(interrupted: ServiceImpact['interrupted']): ServiceImpact {
  const interval = { value: -0.1, low: -0.14, high: -0.06 };
  return {
    ...{ id: 's', name: 'S', baselineMonths: [], rollouts: [], targets: [], habits: [], interrupted },
    series: {
      id: 's',
      months: ['2025-11', '2025-12', '2026-01', '2026-02'].map(month),
      startedIn: '2026-01',
    },
    naive: { ...ESTIMATE, ...interval, before: rate(0.3), after: rate(0.2), independent: interval },
  };
}

const refused = (code: 'too-short' | 'habits-changed') =>
  ({ kind: 'refused', code, reason: `Refusé\u00a0: ${code}.` }) as const;

describe('what the savings rest on', () => {
  it('is the simple comparison, named so, while the series is too short', () => {
    const view = savingsOf(impact(refused('too-short')), SINCE, TEXTS, DEFAULT_UNIT_COSTS);
    expect(view).toMatchObject({ basis: 'naive', outcomes: 200, refusal: null });
    expect(view.savings?.absences.value).toBeCloseTo(20, 9);
    expect(view.savings?.absences.low).toBeCloseTo(12, 9);
  });

  it('is nothing where the way of recording changed, with the reason', () => {
    const view = savingsOf(impact(refused('habits-changed')), SINCE, TEXTS, DEFAULT_UNIT_COSTS);
    expect(view).toMatchObject({ basis: null, savings: null, refusal: 'Refusé\u00a0: habits-changed.' });
  });

  it('is nothing without a start', () => {
    expect(savingsOf(null, SINCE, TEXTS, DEFAULT_UNIT_COSTS)).toMatchObject({ savings: null, outcomes: 0 });
  });
});
