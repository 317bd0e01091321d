import { absenceRate, knownOutcomes } from '../absence-rate.js';
import type { Refusal, ServiceSeries } from '../estimate.js';
import { type Series, weighedFits, weighedInterval } from './autoregressive.js';
import { CONFIDENCE } from './distributions.js';
import { habitsChange, habitsChanged, refusesEffects } from './habits.js';
import { dot } from './dense.js';
import { completeness, ENOUGH_KNOWN, type Month, positionIn, seasonColumns, sides } from './months.js';
import { NOT_STARTED } from './naive.js';
import type { InterruptedFinding, SeriesPoint } from './reports.js';

/**
 * Months that each side must have: fewer give intervals that are too narrow (Turner et al. 2021, doi
 * 10.1186/s12874-021-01364-0).
 */
export const FEWEST_MONTHS = 24;
/** Share of the months that may be left out for unknown outcomes. */
const MOST_EXCLUDED = 0.1;

const ASSUMPTION =
  'Sans les messages, la pente et la saison d’avant auraient continué : rien d’autre n’a commencé le même mois dans ce service.';

/** Places of the columns: constant, trend, step at the start, trend after it, then the season. */
const [STEP, SLOPE] = [2, 3];

/**
 * Segmented regression of the monthly rate, model fixed beforehand: change of level and of slope, trend, season,
 * errors that resemble those of the month before (restricted likelihood, its uncertainty in the interval), months
 * weighted by their known outcomes. After Lopez Bernal et al. 2017 (doi 10.1093/ije/dyw098).
 */
export function interruptedTimeSeries(series: ServiceSeries): InterruptedFinding {
  const { before, after } = sides(series);
  if (series.startedIn === null || after.length === 0) return NOT_STARTED;
  const refusal = tooShort(before.length, after.length) ?? refusalOf(series, before, after);
  if (refusal !== null) return refusal;
  const used = [...before, ...after].filter(fit);
  const start = positionIn(series, series.startedIn);
  const data: Series = {
    design: used.map((month) => columns(month.month, positionIn(series, month.month), start)),
    y: used.map((month) => absenceRate(month) ?? 0),
    positions: used.map((month) => positionIn(series, month.month)),
    weights: used.map(knownOutcomes),
  };
  const fits = weighedFits(data);
  if (fits.length === 0 || fits.some(({ sigma2 }) => sigma2 === 0)) return NOTHING_VARIES;
  return report(series, start, used, fits);
}

type Fits = ReturnType<typeof weighedFits>;

const fit = (month: Month) => knownOutcomes(month) > 0 && completeness(month) >= ENOUGH_KNOWN;

function columns(month: string, position: number, start: number): readonly number[] {
  const since = position - start;
  return [1, position, Number(since >= 0), Math.max(0, since), ...seasonColumns(month)];
}

function report(
  series: ServiceSeries,
  start: number,
  used: readonly Month[],
  fits: Fits,
): InterruptedFinding {
  const sinces = used.map(({ month }) => positionIn(series, month) - start).filter((since) => since >= 0);
  const width = fits[0]?.coefficients.length ?? 0;
  const combine = (step: number, slope: number) =>
    Array.from({ length: width }, (_, k) => (k === STEP ? step : k === SLOPE ? slope : 0));
  const mean = sinces.reduce((a, b) => a + b, 0) / sinces.length;
  return {
    kind: 'estimate',
    ...weighedInterval(fits, combine(1, mean), CONFIDENCE),
    ...{ months: used.length, outcomes: used.reduce((sum, month) => sum + knownOutcomes(month), 0) },
    ...{ monthsBefore: used.length - sinces.length, monthsAfter: sinces.length },
    autocorrelation: fits.reduce((sum, { rho, probability }) => sum + rho * probability, 0),
    assumption: ASSUMPTION,
    excludedMonths: excluded(series),
    level: weighedInterval(fits, combine(1, 0), CONFIDENCE),
    slope: weighedInterval(fits, combine(0, 1), CONFIDENCE),
    points: series.months.map((month) => point(series, start, month, fits)),
  };
}

function point(series: ServiceSeries, start: number, month: Month, fits: Fits): SeriesPoint {
  const coefficients = (fits[0]?.coefficients ?? []).map((_, k) =>
    fits.reduce((sum, one) => sum + one.probability * (one.coefficients[k] ?? 0), 0),
  );
  const row = columns(month.month, positionIn(series, month.month), start);
  const without = row.map((value, k) => (k === STEP || k === SLOPE ? 0 : value));
  return {
    month: month.month,
    observed: absenceRate(month),
    fitted: dot(row, coefficients),
    counterfactual: dot(without, coefficients),
    excluded: !fit(month) || (series.leftOut ?? []).includes(month.month),
  };
}

function excluded(series: ServiceSeries): readonly string[] {
  return series.months
    .filter((month) => knownOutcomes(month) + month.unknown > 0 && !fit(month))
    .map(({ month }) => month);
}

const NOTHING_VARIES: Refusal = {
  kind: 'refused',
  code: 'too-few-outcomes',
  reason:
    'Les mois se ressemblent trop, ou comptent trop peu d’issues, pour ajuster une tendance et une saison.',
};

function tooShort(before: number, after: number): Refusal | null {
  if (before >= FEWEST_MONTHS && after >= FEWEST_MONTHS) return null;
  return {
    kind: 'refused',
    code: 'too-short',
    reason: `Il faut au moins ${FEWEST_MONTHS} mois avant la mise en service et ${FEWEST_MONTHS} après ; il y en a ${before} et ${after}. Une série courte donne des intervalles trop étroits.`,
  };
}

function refusalOf(series: ServiceSeries, before: readonly Month[], after: readonly Month[]): Refusal | null {
  const habits = habitsChange(series).filter(refusesEffects);
  if (habits.length > 0) return habitsChanged(habits);
  const all = [...before, ...after];
  const kept = [before.filter(fit).length, after.filter(fit).length] as const;
  const unknown = all.filter((month) => completeness(month) < ENOUGH_KNOWN).length;
  if (unknown > all.length * MOST_EXCLUDED)
    return {
      kind: 'refused',
      code: 'unknown-outcomes',
      reason: `Dans ${unknown} mois sur ${all.length}, moins de 98 % des issues sont connues : ce qui n’est pas noté pourrait changer le résultat.`,
    };
  return tooShort(...kept);
}
