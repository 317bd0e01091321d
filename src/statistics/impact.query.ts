import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { ServiceMonth } from './domain/counts.js';
import { habitsChange } from './domain/effects/habits.js';
import { interruptedOf, staggeredOf } from './kept-estimates.js';
import { naiveBeforeAfter } from './domain/effects/naive.js';
import type {
  HabitFlag,
  InterruptedFinding,
  NaiveFinding,
  StaggeredFinding,
} from './domain/effects/reports.js';
import { seriesOf } from './domain/effects/series.js';
import type { ServiceSeries } from './domain/estimate.js';
import { monthlyFigures } from './monthly-figures.query.js';
import { type Register, registersOf, type Rollout, type RolloutTarget } from './rollout.queries.js';

export interface ImpactFilter {
  /** All that the actor may see when absent. */
  readonly organizationIds?: readonly string[] | undefined;
  readonly typeCodes?: readonly string[] | undefined;
  /** First and last month, `YYYY-MM`, both included. */
  readonly from: string;
  readonly to: string;
}

export interface ServiceImpact {
  readonly id: string;
  readonly name: string;
  readonly series: ServiceSeries;
  /** `YYYY-MM` whose counts were imported, not recorded here. */
  readonly baselineMonths: readonly string[];
  readonly rollouts: readonly Rollout[];
  readonly targets: readonly RolloutTarget[];
  readonly naive: NaiveFinding;
  readonly interrupted: InterruptedFinding;
  /** Empty: nothing moved at the start but the outcome itself. */
  readonly habits: readonly HabitFlag[];
}

export interface ImpactReport {
  /** By name of the service. */
  readonly services: readonly ServiceImpact[];
  /** Over all services of the filter; refused for one alone. */
  readonly overall: StaggeredFinding;
}

/** Effect of the messages on absence: the actor’s own service, every service for a central administrator. */
export async function impactOf(tx: EntityManager, actor: Actor, filter: ImpactFilter): Promise<ImpactReport> {
  const figures = await monthlyFigures(tx, actor, filter);
  const ids = [...new Set(figures.map(({ organizationId }) => organizationId))];
  return impactReport(figures, await registersOf(tx, ids), filter.typeCodes);
}

/**
 * @param registers of services; one without any month says nothing and is left out
 * @param typeCodes the types that the months were counted for; absent: all
 */
export function impactReport(
  figures: readonly ServiceMonth[],
  registers: readonly Register[],
  typeCodes: readonly string[] | undefined,
): ImpactReport {
  const services = registers.flatMap((register) => {
    const own = figures.filter(({ organizationId }) => organizationId === register.id);
    return own.length === 0 ? [] : [serviceImpact(register, own, typeCodes)];
  });
  return { services, overall: staggeredOf(services.map(({ series }) => series)) };
}

function serviceImpact(
  { id, name, rollouts, targets }: Register,
  figures: readonly ServiceMonth[],
  typeCodes: readonly string[] | undefined,
): ServiceImpact {
  const series = seriesOf(id, figures, rollouts, typeCodes);
  return {
    ...{ id, name, series, rollouts, targets },
    baselineMonths: figures.filter(({ source }) => source === 'baseline').map(({ month }) => month),
    naive: naiveBeforeAfter(series),
    interrupted: interruptedOf(series),
    habits: habitsChange(series),
  };
}
