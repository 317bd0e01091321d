import { addMonths } from '../../src/statistics/domain/effects/series.js';
import type { ServiceSeries } from '../../src/statistics/domain/estimate.js';
import type { Random } from './random.js';

export interface WorldPlan {
  readonly months: number;
  /** First treated month of each service; Infinity: never. */
  readonly starts: readonly number[];
  /** Effect on the absence rate once novelty has worn off halfway: -0.05 is five points less. */
  readonly effect: number;
  /** How recording changes with the start; absent: it does not. */
  readonly habit?: Habit;
}

export type Habit = 'excused' | 'cancelled' | 'unmarked';

export interface World {
  readonly series: readonly ServiceSeries[];
  /** True effect of each treated service-month observed, by service. */
  readonly effects: readonly (readonly number[])[];
}

const FIRST = '2022-01';
/** Standard deviations, as shares: of lasting shocks of a service, of a single month of it, of a month for all. */
const [SERVICE_SHOCK, MONTH_SHOCK, COMMON_SHOCK] = [0.02, 0.01, 0.015];
/** Of a shock with the next month’s. */
const LASTING = 0.5;

/**
 * Services with a known effect: own level and size, common and own trend, season with August, lasting shocks, more
 * spread than chance, and an effect that is strongest at first and fades by half.
 */
export function worldOf(plan: WorldPlan, random: Random): World {
  const common = lasting(plan.months, COMMON_SHOCK, 0.7, random);
  const trend = random.normal() * 0.0012;
  const built = plan.starts.map((start, service) =>
    serviceOf(plan, { start, service, common, trend }, random),
  );
  return { series: built.map(({ series }) => series), effects: built.map(({ effects }) => effects) };
}

interface Surroundings {
  readonly start: number;
  readonly service: number;
  readonly common: readonly number[];
  readonly trend: number;
}

function serviceOf(plan: WorldPlan, { start, service, common, trend }: Surroundings, random: Random) {
  const level = 0.25 + 0.04 * random.normal();
  const size = 60 + random.below(140);
  const own = lasting(plan.months, SERVICE_SHOCK, LASTING, random);
  const part = 0.3 + 0.4 * random.next();
  const effects: number[] = [];
  const months = own.map((shock, month) => {
    const since = month - start;
    const effect = since < 0 ? 0 : plan.effect * (0.75 + 0.75 * Math.exp(-since / 4));
    if (since >= 0) effects.push(effect);
    const calm = level + trend * month + season(month) + (common[month] ?? 0) + shock;
    const rate = Math.min(0.9, Math.max(0.02, calm + MONTH_SHOCK * random.normal() + effect));
    const habit = since >= 0 ? plan.habit : undefined;
    return { month: addMonths(FIRST, month), ...record(size, rate, habit, part, random) };
  });
  const startedIn = Number.isFinite(start) ? addMonths(FIRST, start) : null;
  return { series: { id: `service ${service}`, months, startedIn }, effects };
}

/** What is written down of one month. @param part of the missed ones that a new habit records otherwise */
function record(size: number, rate: number, habit: Habit | undefined, part: number, random: Random) {
  const convened = random.poisson(size);
  const cancelled = random.binomial(convened, 0.08);
  const past = convened - cancelled;
  const missed = random.binomial(past, rate);
  const excused = random.binomial(past - missed, 0.06);
  const unknown = random.binomial(past - missed - excused, 0.002);
  const moved = habit === undefined ? 0 : random.binomial(missed, part);
  return {
    attended: past - missed - excused - unknown,
    missed: missed - moved,
    excused: excused + (habit === 'excused' ? moved : 0),
    cancelled: cancelled + (habit === 'cancelled' ? moved : 0),
    unknown: unknown + (habit === 'unmarked' ? moved : 0),
  };
}

function season(month: number): number {
  const angle = (2 * Math.PI * month) / 12;
  return 0.015 * Math.sin(angle) + 0.01 * Math.cos(2 * angle) + (month % 12 === 7 ? 0.03 : 0);
}

/** Stationary autoregression of order one. */
function lasting(months: number, deviation: number, correlation: number, random: Random): readonly number[] {
  const values: number[] = [];
  for (let month = 0; month < months; month += 1) {
    const fresh = deviation * random.normal();
    values.push(
      month === 0 ? fresh : correlation * (values[month - 1] ?? 0) + Math.sqrt(1 - correlation ** 2) * fresh,
    );
  }
  return values;
}
