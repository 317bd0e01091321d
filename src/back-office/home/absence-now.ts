import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { breakdownGround } from '../../statistics/breakdown.query.js';
import { knownOutcomes } from '../../statistics/domain/absence-rate.js';
import { naiveBeforeAfter } from '../../statistics/domain/effects/naive.js';
import { seriesOf } from '../../statistics/domain/effects/series.js';
import { type RateBounds, rateInterval } from '../../statistics/domain/rate-interval.js';
import { monthlyFigures } from '../../statistics/monthly-figures.query.js';
import { rolloutsOf } from '../../statistics/rollout.queries.js';
import { capital, monthInWords } from '../../ui/typography.js';

/** One figure of the home page of a director. */
export interface MonthFigure {
  readonly label: string;
  readonly missed: number;
  readonly known: number;
  readonly interval: RateBounds | null;
}

/** Years read back for « before the start ». */
const YEARS_READ = 6;

/** This month, the same month a year ago, and all months before the start, of the actor's own service. */
export async function absenceNow(tx: EntityManager, actor: Actor, today: string): Promise<MonthFigure[]> {
  const own = [actor.organizationId];
  const month = Temporal.PlainYearMonth.from(today.slice(0, 7));
  const from = month.subtract({ years: YEARS_READ }).toString();
  const figures = await monthlyFigures(tx, actor, { organizationIds: own, from, to: month.toString() });
  const { monthDesignEffect } = await breakdownGround(tx, actor.organizationId, 1);
  const naive = naiveBeforeAfter(seriesOf(actor.organizationId, figures, await rolloutsOf(tx, own)));
  const of = (wanted: Temporal.PlainYearMonth): MonthFigure => {
    const found = figures.find((one) => one.month === wanted.toString());
    const share = { missed: found?.missed ?? 0, known: found === undefined ? 0 : knownOutcomes(found) };
    const label = capital(monthInWords(wanted.toString()));
    return { label, ...share, interval: rateInterval(share, monthDesignEffect) };
  };
  return [
    of(month),
    of(month.subtract({ years: 1 })),
    ...(naive.kind === 'estimate' ? [beforeStart(naive.before)] : []),
  ];
}

function beforeStart({
  missed,
  known,
  value,
  low,
  high,
}: {
  readonly missed: number;
  readonly known: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}): MonthFigure {
  return { label: 'Avant la mise en service', missed, known, interval: { rate: value, low, high } };
}
