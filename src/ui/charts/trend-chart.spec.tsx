import { renderToStaticMarkup } from 'preact-render-to-string';
import { monthAfter } from './scale.js';
import { TrendChart } from './trend-chart.js';
import { TrendLegend } from './trend-legend.js';
import type { TrendPoint, TrendProps } from './trend-words.js';

const point = (month: string, rate: number | null, more: Partial<TrendPoint> = {}): TrendPoint => ({
  month,
  rate,
  low: rate === null ? null : rate - 0.04,
  high: rate === null ? null : rate + 0.04,
  isBaseline: false,
  isIncomplete: false,
  ...more,
});

const RATES = [0.3, 0.352, 0.29, null, 0.24, 0.205, 0.23, 0.22];
const POINTS = RATES.map((rate, at) =>
  point(monthAfter('2025-11', at), rate, { isBaseline: at < 3, isIncomplete: at === 6 }),
);
const PROPS: TrendProps = {
  points: POINTS,
  marks: [
    { on: '2026-02-01', label: 'Mise en service', isMain: true },
    { on: '2026-04-15', label: 'Antenne de Boulogne', isMain: false },
  ],
  targets: [{ rate: 0.21, from: '2026-02', until: '2026-06', words: 'Objectif : 21,0 %' }],
};

const drawn = (props: Partial<TrendProps> = {}) => renderToStaticMarkup(<TrendChart {...PROPS} {...props} />);

describe('the trend chart', () => {
  it('is two drawings of one picture, each with a title and a description of its own', () => {
    const html = drawn();
    expect(html.match(/role="img"/g)).toHaveLength(2);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, names = ''] of html.matchAll(/aria-labelledby="([^"]+)"/g))
      for (const name of names.split(' ')) expect(ids).toContain(name);
  });

  it('says in words what it shows: period, extremes, starts, target, odd months and the last one', () => {
    const html = drawn();
    expect(html).toContain('Taux d’absence par mois, novembre\u00a02025 à juin\u00a02026');
    expect(html).toContain('Le taux va de 20,5\u00a0% (avril\u00a02026) à 35,2\u00a0% (décembre\u00a02025).');
    expect(html).toContain('Mise en service le 1ᵉʳ\u00a0février\u00a02026.');
    expect(html).toContain('Antenne de Boulogne le 15\u00a0avril\u00a02026.');
    expect(html).toContain('Objectif : 21,0 %.');
    expect(html).toContain('Jusqu’en janvier\u00a02026, chiffres repris d’avant (tirets).');
    expect(html).toContain('(losanges)\u00a0: mai\u00a02026.');
    expect(html).toContain('Dernier mois\u00a0: 22,0\u00a0% en juin\u00a02026.');
  });

  it('tells everything without colour: dashes, hollow points, diamonds and letters', () => {
    const [wide = ''] = drawn().split('</svg>');
    expect(wide).toContain('class="curve baseline"');
    expect(wide.match(/class="dot baseline"/g)).toHaveLength(3);
    expect(wide.match(/class="dot incomplete"/g)).toHaveLength(1);
    expect(wide).toMatch(/class="rollout part"/);
    expect(wide).toMatch(/text-anchor="middle">A<\/text>/);
    expect(wide).toContain('class="target"');
  });

  it('breaks the line and the band where nothing is known', () => {
    const [wide = ''] = drawn().split('</svg>');
    expect(wide.match(/class="band"/g)).toHaveLength(2);
    expect(wide.match(/class="curve"/g)).toHaveLength(1);
  });

  it('leaves out a start outside the period, and draws nothing of an empty one', () => {
    expect(drawn({ marks: [{ on: '2024-01-01', label: 'Mise en service', isMain: true }] })).not.toContain(
      'class="rollout"',
    );
    const empty = drawn({ points: [], targets: [] });
    expect(empty).toContain('Aucune issue connue.');
    expect(empty).not.toContain('NaN');
    expect(drawn({ points: [point('2026-01', 0.2)] })).not.toContain('NaN');
  });

  it('stays inside its frame, whatever the rates', () => {
    for (const rate of [0, 0.004, 0.5, 0.97]) {
      const html = drawn({ points: POINTS.map(({ month }) => point(month, rate, { low: 0, high: 1 })) });
      for (const [, y = ''] of html.matchAll(/ (?:y|cy|y1|y2)="(-?[\d.]+)"/g))
        expect(Number(y)).toBeGreaterThanOrEqual(0);
    }
  });

  it('explains the signs that are there, and no other', () => {
    const legend = renderToStaticMarkup(
      <TrendLegend
        points={POINTS}
        marks={PROPS.marks}
        targets={PROPS.targets}
        baselineSource="registre papier 2025"
      />,
    );
    expect(legend).toContain('repris\u00a0: registre papier 2025');
    expect(legend).toContain('hors des estimations');
    expect(legend).toContain('Objectif : 21,0 %');
    expect(legend).toContain('<strong>A</strong> Antenne de Boulogne');
    const plain = renderToStaticMarkup(
      <TrendLegend points={[point('2026-01', 0.2)]} marks={[]} targets={[]} baselineSource={null} />,
    );
    expect(plain).not.toContain('avant');
    expect(plain).not.toContain('hors des estimations');
  });
});
