import { CONFIDENCE, normalCdf, normalQuantile } from './distributions.js';

const TWO_SIDED = normalQuantile((1 + CONFIDENCE) / 2);

/** Two arms to be told apart. */
export interface ArmsPlan {
  /** Rates as shares: what is expected in each arm. */
  readonly from: number;
  readonly to: number;
  /** 1 for outcomes that are independent; see `designEffect`. */
  readonly designEffect?: number;
}

/** Outcomes that each of two equal arms needs. @param power probability of finding the difference, as a share */
export function outcomesPerArm(plan: ArmsPlan, power: number): number {
  const { from, to, designEffect = 1 } = plan;
  const variance = from * (1 - from) + to * (1 - to);
  const wanted = (TWO_SIDED + normalQuantile(power)) ** 2 * variance;
  return Math.ceil((wanted / (from - to) ** 2) * designEffect);
}

/** Probability that two equal arms of this many outcomes each find the difference, at the two-sided 5 % level. */
export function armsPower(plan: ArmsPlan, perArm: number): number {
  const { from, to, designEffect = 1 } = plan;
  const variance = ((from * (1 - from) + to * (1 - to)) * designEffect) / perArm;
  return normalPower(Math.abs(from - to), variance);
}

export interface SteppedWedge {
  /** Services that start at each step, in order; all of them are observed before the first step. */
  readonly servicesPerStep: readonly number[];
  /** Months observed before the first step, between two steps, and after the last; 1 by default. */
  readonly monthsPerPeriod?: number;
  /** Outcomes known per service and month. */
  readonly outcomesPerMonth: number;
  /** Absence rate without messages, and its change, as shares: 0.25 and -0.05. */
  readonly rate: number;
  readonly effect: number;
  /** Correlation of two outcomes of one service, whatever their month. */
  readonly icc: number;
}

/**
 * Power of a stepped wedge at the two-sided 5 % level, outcomes of different persons each month.
 * Closed form of Hussey & Hughes 2007 (doi 10.1016/j.cct.2006.05.007), eq. 7: services as random effects, months as
 * fixed ones. It assumes the same correlation within and between months: a planner shows it as the favourable case.
 * @throws RangeError for no service, no step, or numbers out of range
 */
export function steppedWedgePower(plan: SteppedWedge): number {
  return normalPower(Math.abs(plan.effect), steppedWedgeVariance(plan));
}

/** Variance of the estimated effect. @throws RangeError as `steppedWedgePower` */
export function steppedWedgeVariance(plan: SteppedWedge): number {
  const { servicesPerStep, outcomesPerMonth, rate, icc, monthsPerPeriod = 1 } = plan;
  const services = servicesPerStep.reduce((a, b) => a + b, 0);
  if (services < 2 || outcomesPerMonth <= 0 || rate <= 0 || rate >= 1 || icc < 0 || icc >= 1)
    throw new RangeError('two services, outcomes, a rate within 0 and 1, an icc from 0 to below 1');
  const periods = servicesPerStep.length + 1;
  const individual = rate * (1 - rate);
  const sigma2 = (individual * (1 - icc)) / (outcomesPerMonth * monthsPerPeriod);
  const tau2 = individual * icc;
  const { u, v, w } = exposure(servicesPerStep);
  const [I, T] = [services, periods];
  return (
    (I * sigma2 * (sigma2 + T * tau2)) / ((I * u - w) * sigma2 + (u ** 2 + I * T * u - T * w - I * v) * tau2)
  );
}

/** Sums over the design X of Hussey & Hughes: of X, of squared row sums, of squared column sums. */
function exposure(servicesPerStep: readonly number[]): { u: number; v: number; w: number } {
  const steps = servicesPerStep.length;
  let [u, v, w, begun] = [0, 0, 0, 0];
  servicesPerStep.forEach((services, step) => {
    const treated = steps - step;
    u += services * treated;
    v += services * treated ** 2;
    begun += services;
    w += begun ** 2;
  });
  return { u, v, w };
}

function normalPower(effect: number, variance: number): number {
  const ratio = effect / Math.sqrt(variance);
  return normalCdf(ratio - TWO_SIDED) + normalCdf(-ratio - TWO_SIDED);
}
