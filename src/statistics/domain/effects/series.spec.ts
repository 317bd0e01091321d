import type { ServiceMonth } from '../counts.js';
import type { ServiceSeries } from '../estimate.js';
import { habitsChange } from './habits.js';
import { interruptedTimeSeries } from './interrupted.js';
import { independentDifference, naiveBeforeAfter } from './naive.js';
import { addMonths, monthsBetween, seriesOf, type Start } from './series.js';

const month = (at: string, counts: Partial<ServiceMonth> = {}): ServiceMonth => ({
  ...{ organizationId: 'o', month: at, source: 'recorded' },
  ...{ attended: 70, missed: 25, excused: 5, cancelled: 8, unknown: 0, ...counts },
});
const start = (startedOn: string, given: Partial<Start> = {}): Start => ({
  ...{ placeId: null, typeCode: null, agentId: null, startedOn, stoppedOn: null, ...given },
});
const year = Array.from({ length: 12 }, (_, step) => month(addMonths('2025-01', step)));

describe('series of a service', () => {
  it('counts months across years', () => {
    expect(addMonths('2025-11', 3)).toBe('2026-02');
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(monthsBetween('2025-11', '2026-02')).toBe(3);
  });

  it('has no gap, and ends with the last month of which something is past', () => {
    const future = month('2026-03', { attended: 0, missed: 0, excused: 0, cancelled: 2 });
    const { months } = seriesOf('o', [year[0]!, year[3]!, future], []);
    expect(months.map((one) => one.month)).toEqual(['2025-01', '2025-02', '2025-03', '2025-04']);
    expect(months[1]).toMatchObject({ attended: 0, missed: 0, unknown: 0 });
  });

  it.each([
    ['a start on the first of a month', [start('2025-05-01')], '2025-05', []],
    ['a start on its way', [start('2025-05-12')], '2025-06', ['2025-05']],
    [
      'a pilot before',
      [start('2025-03-01', { agentId: 'a' }), start('2025-05-01')],
      '2025-05',
      ['2025-03', '2025-04'],
    ],
    ['a pilot alone', [start('2025-11-02', { placeId: 'p' })], null, ['2025-11', '2025-12']],
    ['a stop', [start('2025-05-01', { stoppedOn: '2025-11-15' })], '2025-05', ['2025-11', '2025-12']],
    ['nothing', [], null, []],
  ])('puts %s where it belongs', (_, starts, startedIn, leftOut) => {
    expect(seriesOf('o', year, starts)).toMatchObject({ startedIn, leftOut });
  });

  it('takes the start of a type for a start when only that type is asked for', () => {
    const starts = [start('2025-04-01', { typeCode: 'suivi-spip' }), start('2025-08-01')];
    expect(seriesOf('o', year, starts, ['suivi-spip'])).toMatchObject({ startedIn: '2025-04', leftOut: [] });
    expect(seriesOf('o', year, starts, ['suivi-jap'])).toMatchObject({ startedIn: '2025-08', leftOut: [] });
    expect(seriesOf('o', year, starts)).toMatchObject({ startedIn: '2025-08' });
  });
});

/** A hundred convocations a month with a season, a trend and a little noise of a fixed seed. */
function series(given: {
  before?: number;
  after?: number;
  effect?: number;
  excused?: number;
  unknown?: number;
}) {
  const { before = 30, after = 30, effect = 0, excused = 0, unknown = 0 } = given;
  let state = 3;
  const noise = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const months = Array.from({ length: before + after }, (_, at) => {
    const since = at >= before;
    const rate = 0.3 - 0.0005 * at + 0.03 * Math.sin((2 * Math.PI * at) / 12) + 0.03 * noise();
    const absent = Math.round(400 * (rate + (since ? effect : 0)));
    const moved = since ? Math.round(absent * excused) : 0;
    const blank = since ? Math.round(absent * unknown) : 0;
    const late = Math.round(14 + 6 * noise());
    return {
      ...{ month: addMonths('2021-01', at), missed: absent - moved - blank, excused: late + moved },
      ...{ attended: 400 - absent - late, unknown: blank, cancelled: Math.round(30 + 8 * noise()) },
    };
  });
  return { id: 's', months, startedIn: addMonths('2021-01', before) } satisfies ServiceSeries;
}

describe('simple comparison', () => {
  it('says what it assumes, and that outcomes are not independent', () => {
    const found = naiveBeforeAfter(series({ effect: -0.05 }));
    if (found.kind === 'refused') throw new Error(found.reason);
    expect(found.before.value).toBeGreaterThan(found.after.value);
    expect(found.high - found.low).toBeGreaterThanOrEqual(found.independent.high - found.independent.low);
    expect(found.assumption).toMatch(/^Comparaison simple/);
  });

  it('gives Newcombe’s published interval for independent outcomes (1998, 56 of 70 against 48 of 80)', () => {
    // doi 10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, table II (a), method 10.
    const { value, low, high } = independentDifference([48, 80], [56, 70]);
    expect([value, low, high].map((v) => Number(v.toFixed(4)))).toEqual([0.2, 0.0524, 0.3339]);
  });

  it('has nothing to say without an after', () => {
    expect(naiveBeforeAfter({ ...series({}), startedIn: null })).toMatchObject({ code: 'not-started' });
    expect(naiveBeforeAfter(series({ before: 1 }))).toMatchObject({ code: 'too-few-outcomes' });
  });
});

describe('interrupted time series', () => {
  it('finds a planted effect, with what would have been without', () => {
    const found = interruptedTimeSeries(series({ effect: -0.08 }));
    if (found.kind === 'refused') throw new Error(found.reason);
    expect(found.low).toBeLessThan(-0.08);
    expect(found.high).toBeGreaterThan(-0.08);
    expect(found).toMatchObject({ monthsBefore: 30, monthsAfter: 30, excludedMonths: [] });
    const [first, last] = [found.points[0]!, found.points.at(-1)!];
    expect(first.fitted).toBe(first.counterfactual);
    expect(last.fitted).toBeLessThan(last.counterfactual);
  });

  it.each([
    ['twenty-three months after', { after: 23 }, 'too-short'],
    ['twenty-three months before', { before: 23 }, 'too-short'],
    ['absences now written as excused', { excused: 0.3 }, 'habits-changed'],
    ['outcomes that nobody marks', { unknown: 0.3 }, 'habits-changed'],
  ])('refuses %s', (_, given, code) => {
    expect(interruptedTimeSeries(series(given))).toMatchObject({ kind: 'refused', code });
  });

  it('leaves out a month of unmarked outcomes, and refuses when there are many', () => {
    const holed = (every: number) => {
      const whole = series({});
      const months = whole.months.map((one, at) => (at % every === 0 ? { ...one, unknown: 20 } : one));
      return { ...whole, months };
    };
    expect(interruptedTimeSeries(holed(15))).toMatchObject({
      kind: 'estimate',
      excludedMonths: ['2021-01', '2022-04', '2023-07', '2024-10'],
    });
    expect(interruptedTimeSeries(holed(4))).toMatchObject({ kind: 'refused', code: 'unknown-outcomes' });
  });
});

describe('recording habits', () => {
  it('stays silent on a real effect', () => {
    expect(habitsChange(series({ effect: -0.1 }))).toEqual([]);
  });

  it('tells which habit jumped, with figures', () => {
    const [flag] = habitsChange(series({ excused: 0.3 }));
    expect(flag).toMatchObject({ habit: 'excused' });
    expect(flag?.sentence).toMatch(/de \d+,\d\u00a0% à \d+,\d\u00a0%/);
    expect(flag?.after).toBeGreaterThan(flag?.before ?? 1);
  });

  it('says nothing of fewer than six months', () => {
    expect(habitsChange(series({ after: 5, excused: 0.3 }))).toEqual([]);
  });
});
