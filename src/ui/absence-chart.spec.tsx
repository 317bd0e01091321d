import { renderToString } from 'preact-render-to-string';
import { AbsenceChart, type ChartPoint } from './absence-chart.js';

const point = (month: string, rate: number | null): ChartPoint => ({
  month,
  rate,
  low: rate === null ? null : Math.max(0, rate - 0.05),
  high: rate === null ? null : rate + 0.05,
});

const YEAR = ['2025-07', '2025-08', '2025-09', '2025-10', '2025-11'];

describe('the absence chart', () => {
  it('says in words what it draws', () => {
    const points = YEAR.map((month, i) => point(month, i < 2 ? 0.32 : 0.22));
    const svg = renderToString(<AbsenceChart points={points} rolledOutOn="2025-09-01" />);
    expect(svg).toContain('Taux d’absence par mois, juillet\u00a02025 à novembre\u00a02025');
    expect(svg).toContain('Le taux va de 22,0\u00a0% à 32,0\u00a0%.');
    expect(svg).toContain('Mise en service le 1ᵉʳ\u00a0septembre\u00a02025.');
    expect(svg.match(/class="rollout"/g)).toHaveLength(2);
    expect(svg).not.toContain('style=');
  });

  it('breaks the line where a month has no rate', () => {
    const points = YEAR.map((month, i) => point(month, i === 2 ? null : 0.3));
    const svg = renderToString(<AbsenceChart points={points} rolledOutOn={null} />);
    expect(svg.match(/class="curve"/g)).toHaveLength(4);
    expect(svg).not.toContain('NaN');
  });

  it('stays drawable with one month, with none, and with extreme rates', () => {
    for (const points of [[], [point('2026-01', 1)], [point('2026-01', 0), point('2026-02', 1)]])
      expect(renderToString(<AbsenceChart points={points} rolledOutOn="2026-01-15" />)).not.toMatch(
        /NaN|Infinity/,
      );
  });
});
