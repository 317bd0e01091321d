import type { ServiceSeries } from '../estimate.js';
import { type Comparison, contrastOf, valueOf } from './contrasts.js';
import { backgroundOf, inferenceOf } from './few-clusters.js';
import type { Panel } from './panel.js';
import { addMonths } from './series.js';
import { staggeredDifference, treatedMonths } from './staggered.js';

/** @param groups paths, how many units follow each, and their first treated period */
function panelOfGroups(groups: readonly { path: readonly number[]; units: number; start: number }[]): Panel {
  const months = groups[0]!.path.length;
  const units = groups.flatMap(({ path, units: count, start }) =>
    Array.from({ length: count }, () => ({ path, start })),
  );
  return {
    ...{ services: units.length, months, first: '2003-01', starts: units.map(({ start }) => start) },
    y: Float64Array.from(units.flatMap(({ path }) => path)),
    sizes: new Float64Array(units.length * months).fill(100),
  };
}

/** The published comparison: never-treated units only, base = the last period before. */
const againstNever = (panel: Panel, wanted: readonly Comparison[]) =>
  valueOf(
    panel,
    contrastOf(
      panel,
      wanted.map((one) => ({ ...one, until: panel.months })),
    ),
  );

/**
 * Callaway & Sant’Anna’s county minimum-wage example (`mpdta` of the R package did, 500 counties, 2003–2007), as its
 * group-time effects are published without covariates against never-treated counties: paths relative to the year
 * before the start. Figures: bcallaway11.github.io/did, vignette “Introduction to DiD with Multiple Time Periods”.
 */
const MPDTA = panelOfGroups([
  { start: 1, units: 20, path: [0, -0.0105, -0.0704, -0.1373, -0.1008] },
  { start: 3, units: 40, path: [-0.0037, 0.0028, 0, -0.0046, -0.0412] },
  { start: 4, units: 131, path: [0.0033, 0.0338, 0.0311, 0, -0.0261] },
  { start: Infinity, units: 309, path: [0, 0, 0, 0, 0] },
]);

describe('group-time effects', () => {
  it.each([
    [0, -0.0199],
    [1, -0.051],
    [2, -0.1373],
    [3, -0.1008],
  ])(
    'of the county example add up to the published event study, %i years after the start',
    (since, published) => {
      expect(Math.abs(againstNever(MPDTA, treatedMonths(MPDTA, 1, since, since)) - published)).toBeLessThan(
        1.01e-4,
      );
    },
  );

  it('of the county example give the published mean of the event study, -0.0772', () => {
    const points = [0, 1, 2, 3].map((since) => againstNever(MPDTA, treatedMonths(MPDTA, 1, since, since)));
    expect(points.reduce((a, b) => a + b) / 4).toBeCloseTo(-0.0772, 3);
  });

  it('compares with counties that are not treated yet as well, and never with treated ones', () => {
    const contrast = contrastOf(MPDTA, treatedMonths(MPDTA, 1, 0, 0));
    expect(contrast.comparisons.size).toBe(309 + 131 + 40);
    const first = treatedMonths(MPDTA, 1, 0, 0).filter(({ service }) => service < 20);
    // By hand: -0.0105 less the mean change 2003–2004 of the 480 others, (40 × 0.0065 + 131 × 0.0305) / 480.
    expect(valueOf(MPDTA, contrastOf(MPDTA, first))).toBeCloseTo(-0.0105 - 4.2555 / 480, 9);
  });

  it('of two groups and two periods is Card & Krueger’s difference of differences (1994, table 3)', () => {
    const stores = panelOfGroups([
      { start: 1, units: 1, path: [20.44, 21.03] },
      { start: Infinity, units: 1, path: [23.33, 21.17] },
    ]);
    // 2.76 is published of unrounded means.
    expect(Math.abs(valueOf(stores, contrastOf(stores, treatedMonths(stores, 1))) - 2.76)).toBeLessThan(
      0.0101,
    );
  });

  it('gives the published error of Card & Krueger’s balanced sample: changes ±0.48 and ±1.25, together 1.34', () => {
    const spread = (units: number, error: number) => error * Math.sqrt(units - 1);
    const groups = [
      { start: 1, units: 290, mean: 0.47, by: spread(290, 0.48) },
      { start: Infinity, units: 76, mean: -2.28, by: spread(76, 1.25) },
    ].flatMap(({ start, units, mean, by }) =>
      [-1, 1].map((sign) => ({ start, units: units / 2, path: [20, 20 + mean + sign * by] })),
    );
    const panel = panelOfGroups(groups);
    const found = inferenceOf(backgroundOf(panel), contrastOf(panel, treatedMonths(panel, 1)));
    expect(found.value).toBeCloseTo(2.75, 9);
    expect(found.error).toBeCloseTo(1.34, 1);
  });

  it('weighs every service and every month to nothing, so that levels and common months cancel', () => {
    const { weights } = contrastOf(MPDTA, treatedMonths(MPDTA, 1));
    for (let unit = 0; unit < MPDTA.services; unit += 1)
      expect(Math.abs(weights.slice(unit * 5, unit * 5 + 5).reduce((a, b) => a + b))).toBeLessThan(1e-12);
    for (let month = 0; month < 5; month += 1)
      expect(Math.abs(weights.filter((_, cell) => cell % 5 === month).reduce((a, b) => a + b))).toBeLessThan(
        1e-12,
      );
  });
});

interface World {
  readonly services?: number;
  readonly effect?: number;
  /** Months between two starts; 0: all at once. */
  readonly apart?: number;
  /** Slope that only services with messages have, from the first month on. */
  readonly drift?: number;
  readonly never?: number;
  /** Of the missed ones, from the start on. */
  readonly excusedInstead?: number;
  readonly unmarked?: number;
}

/** Forty-eight months of two hundred convocations, with a season and noise of a fixed seed. */
function world(given: World): ServiceSeries[] {
  const {
    services = 12,
    effect = 0,
    apart = 2,
    drift = 0,
    never = 4,
    excusedInstead = 0,
    unmarked = 0,
  } = given;
  let state = 7;
  const noise = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Array.from({ length: services }, (_, service) => {
    const start = service < services - never ? 24 + apart * service : Infinity;
    const months = Array.from({ length: 48 }, (__, month) => {
      const treated = month >= start;
      const level = 0.25 + 0.02 * Math.sin((2 * Math.PI * month) / 12) + 0.04 * noise();
      const slope = Number.isFinite(start) ? drift * month : 0;
      const absent = Math.round(200 * (level + slope + (treated ? effect : 0)));
      const excused = treated ? Math.round(absent * excusedInstead) : 0;
      const unknown = treated ? Math.round(absent * unmarked) : 0;
      const missed = absent - excused - unknown;
      const late = Math.round(8 + 4 * noise());
      return {
        ...{ month: addMonths('2022-01', month), missed, excused: excused + late, unknown },
        ...{ attended: 200 - absent - late, cancelled: Math.round(10 + 6 * noise()) },
      };
    });
    return { id: String(service), months, startedIn: start < 48 ? addMonths('2022-01', start) : null };
  });
}

describe('staggered difference', () => {
  it('finds a planted effect within its interval, with months since start and a picture of before', () => {
    const found = staggeredDifference(world({ effect: -0.06 }));
    if (found.kind === 'refused') throw new Error(found.reason);
    expect(found.low).toBeLessThan(-0.06);
    expect(found.high).toBeGreaterThan(-0.06);
    expect(found.high).toBeLessThan(-0.03);
    expect(found).toMatchObject({ treated: 8, habits: [] });
    expect(found.phases.map(({ phase }) => phase)).toEqual(['1-3', '4-6', '7+']);
    expect(found.events.some(({ sinceStart }) => sinceStart < 0)).toBe(true);
    expect(found.before?.pValue).toBeGreaterThan(0.01);
    expect(found.freedom).toBeGreaterThan(3);
  });

  it('does not conclude on an effect that is not there', () => {
    const found = staggeredDifference(world({}));
    if (found.kind === 'refused') throw new Error(found.reason);
    expect(found.low).toBeLessThan(0);
    expect(found.high).toBeGreaterThan(0);
  });

  it('is the same whatever the order of the services', () => {
    const [one, other] = [staggeredDifference(world({})), staggeredDifference(world({}).toReversed())];
    if (one.kind === 'refused' || other.kind === 'refused') throw new Error('refused');
    expect(other.value).toBeCloseTo(one.value, 9);
    expect(other.low).toBeCloseTo(one.low, 6);
  });

  it.each([
    ['one service', { services: 1, never: 0 }, 'too-few-services'],
    ['seven services', { services: 7, never: 3 }, 'too-few-services'],
    ['everybody at once, nobody to compare with', { apart: 0, never: 0 }, 'no-comparison'],
    ['services that drifted apart before', { drift: -0.005 }, 'diverging-before'],
    ['absences that are now written as excused', { excusedInstead: 0.4 }, 'habits-changed'],
    ['outcomes that nobody marks any more', { unmarked: 0.4 }, 'habits-changed'],
  ] as const)('refuses %s', (_, given, code) => {
    expect(staggeredDifference(world(given))).toMatchObject({ kind: 'refused', code });
  });

  it('refuses services without a year before their start', () => {
    const short = world({}).map((series) => ({ ...series, months: series.months.slice(22) }));
    const started = short.map((series, i) => (i < 8 ? { ...series, startedIn: '2023-12' } : series));
    expect(staggeredDifference(started)).toMatchObject({ kind: 'refused', code: 'too-short' });
  });

  it('says nothing of nothing', () => {
    expect(staggeredDifference([])).toMatchObject({ kind: 'refused', code: 'too-few-services' });
  });
});
