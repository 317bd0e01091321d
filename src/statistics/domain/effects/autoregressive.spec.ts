import fc from 'fast-check';
import { fitAt, weighedFits, weighedInterval } from './autoregressive.js';
import { leastSquares } from './least-squares.js';

/**
 * Longley 1967, “An appraisal of least squares programs for the electronic computer from the point of view of the
 * user”, as in R’s `longley`: GNP, population, employed, 1947–1962.
 */
const LONGLEY: readonly (readonly [number, number, number])[] = [
  [234.289, 107.608, 60.323],
  [259.426, 108.632, 61.122],
  [258.054, 109.773, 60.171],
  [284.599, 110.929, 61.187],
  [328.975, 112.075, 63.221],
  [346.999, 113.27, 63.639],
  [365.385, 115.094, 64.989],
  [363.112, 116.219, 63.761],
  [397.469, 117.388, 66.019],
  [419.18, 118.734, 67.857],
  [442.769, 120.445, 68.169],
  [444.546, 121.95, 66.513],
  [482.704, 123.366, 68.655],
  [502.601, 125.368, 69.564],
  [518.173, 127.852, 69.331],
  [554.894, 130.081, 70.551],
];
const series = {
  design: LONGLEY.map(([gnp, population]) => [1, gnp, population]),
  y: LONGLEY.map(([, , employed]) => employed),
  positions: LONGLEY.map((_, year) => year),
  weights: LONGLEY.map(() => 1),
};
const errors = (fit: { sigma2: number; inverse: { values: Float64Array; size: number } }) =>
  [0, 1, 2].map((k) => Math.sqrt(fit.sigma2 * fit.inverse.values[k * (fit.inverse.size + 1)]!));

/** Acute coronary events of Sicily, 2002–2006, and standardised population (Lopez Bernal et al. 2017, sicily.csv). */
const ACES = [
  ...[728, 659, 791, 734, 757, 726, 760, 740, 720, 814, 795, 858, 887, 766, 851, 769, 781, 756, 766, 752],
  ...[765, 831, 879, 928, 914, 808, 937, 840, 916, 828, 845, 818, 860, 839, 887, 886, 831, 796, 833, 820],
  ...[877, 758, 767, 738, 781, 843, 850, 908, 1021, 859, 976, 888, 962, 838, 810, 876, 843, 936, 912],
];
const POPULATION = [
  ...[379875.3, 376495.5, 377040.8, 377116.4, 377383.4, 374113.1, 379513.3, 376295.5, 374653.2, 378485.6],
  ...[375955.5, 378349.7, 376762.4, 379032.3, 379360.4, 376162, 377972.4, 381830.7, 379888.6, 380872.2],
  ...[380966.9, 381240.4, 382104.9, 381802.7, 381656.3, 383680, 383504.2, 386462.9, 383783.1, 380836.8],
  ...[383483, 380906.2, 382926.8, 384052.4, 384449.6, 383428.4, 388153.2, 388373.2, 386470.1, 386033.2],
  ...[383686.4, 385509.3, 385901.9, 386516.6, 388436.5, 383255.2, 390148.7, 385874.9, 391613.6, 391750.4],
  ...[394005.6, 391364.9, 391664.6, 389022.3, 391878.5, 388575.3, 392989, 390018.8, 390712.3],
];

describe('fits with errors that last', () => {
  it('gives the ordinary fit of Longley’s data (Faraway 2005, Linear Models with R, 6.1)', () => {
    const fit = leastSquares(series.design, series.y)!;
    expect(fit.coefficients.map((value) => Number(value.toFixed(5)))).toEqual([88.9388, 0.06317, -0.40974]);
    expect(errors(fit).map((value) => Number(value.toFixed(5)))).toEqual([13.78503, 0.01065, 0.15214]);
  });

  it('gives R’s gls(Employed ~ GNP + Population, corAR1) by restricted likelihood (same book, 6.1)', () => {
    const fit = fitAt(series, 0.6441692)!;
    expect(fit.coefficients.map((value) => Number(value.toFixed(5)))).toEqual([101.85813, 0.07207, -0.54851]);
    expect(errors(fit)[0]).toBeCloseTo(14.198932, 4);
    expect(errors(fit)[1]).toBeCloseTo(0.010606, 6);
    expect(errors(fit)[2]).toBeCloseTo(0.15413, 5);
    for (const beside of [0.6441692 - 0.002, 0.6441692 + 0.002])
      expect(fitAt(series, beside)!.likelihood).toBeLessThan(fit.likelihood);
  });

  it('comes within a hundredth of the published risk ratio of the Sicilian smoking ban, 0.89 (its simple model, on the log scale)', () => {
    const rates = ACES.map((events, month) => Math.log(events / POPULATION[month]!));
    const fit = fitAt(
      {
        design: rates.map((_, month) => [1, month, Number(month >= 36)]),
        y: rates,
        positions: rates.map((_, month) => month),
        weights: ACES,
      },
      0,
    )!;
    // Published by a Poisson model; ours is least squares of the logarithm.
    expect(Math.abs(Math.exp(fit.coefficients[2]!) - 0.89)).toBeLessThan(0.01);
  });

  it('is wider than at the most probable correlation alone, and holds its own estimate', () => {
    const fits = weighedFits(series);
    const mode = fits.reduce((a, b) => (b.probability > a.probability ? b : a));
    const weighed = weighedInterval(fits, [0, 1, 0], 0.95);
    const alone = weighedInterval([{ ...mode, probability: 1 }], [0, 1, 0], 0.95);
    expect(weighed.high - weighed.low).toBeGreaterThan(alone.high - alone.low);
    expect(weighed.low).toBeLessThan(weighed.value);
    expect(fits.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
  });

  it('does not care where a gap is filled with nothing, nor in which unit weights are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 }),
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        (gap, unit) => {
          const keep = <T>(values: readonly T[]) => values.filter((_, i) => i !== gap);
          const holed = {
            design: keep(series.design),
            y: keep(series.y),
            positions: keep(series.positions),
            weights: keep(series.weights).map(() => unit),
          };
          const one = fitAt(holed, 0.4)!;
          const other = fitAt({ ...holed, weights: holed.weights.map(() => 1) }, 0.4)!;
          one.coefficients.forEach((value, k) => expect(value).toBeCloseTo(other.coefficients[k]!, 6));
          expect(one.freedom).toBe(12);
        },
      ),
    );
  });
});
