import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { scopeOf } from '../access/domain/rights.js';
import type { OrganizationKind } from '../access/domain/roles.js';
import type { AttendanceCounts, ServiceMonth } from './domain/counts.js';
import { aroundStart, type Fellows, fellowsOf, sumCounts } from './domain/national.js';
import { elevated } from '../platform/elevated.js';
import { STATISTICS } from '../platform/scope.js';
import { monthlyFigures } from './monthly-figures.query.js';

export interface NationalFilter {
  /** First and last month of the period, `YYYY-MM`, both included. */
  readonly from: string;
  readonly to: string;
  /** First month that is told beside the period: for the curves, and for before and since. */
  readonly historyFrom: string;
  /** Every kind when absent. */
  readonly kind?: OrganizationKind | undefined;
  readonly typeCodes?: readonly string[] | undefined;
}

export interface NationalService {
  readonly id: string;
  readonly name: string;
  /** First day with messages of the whole service, `YYYY-MM-DD`; null: not yet. */
  readonly startedOn: string | null;
  /** From `historyFrom` on. */
  readonly months: readonly ServiceMonth[];
  /** Of the period. */
  readonly total: AttendanceCounts;
  /** Months of the history wholly before and wholly since the start; null without known outcomes. */
  readonly before: AttendanceCounts | null;
  readonly since: AttendanceCounts | null;
  /** What returning persons do to the interval of the period; 1 where it is not measured yet. */
  readonly designEffect: number;
}

type Service = Pick<NationalService, 'id' | 'name' | 'startedOn' | 'designEffect'>;

const { compare } = new Intl.Collator('fr');
const byName = (a: Service, b: Service) => compare(a.name, b.name);

/** Services the actor may see, by name: its own, or all for a central administrator. Three or four statements. */
export async function nationalServices(
  tx: EntityManager,
  actor: Actor,
  filter: NationalFilter,
): Promise<readonly NationalService[]> {
  const { from, to, historyFrom, kind, typeCodes } = filter;
  const span = Temporal.PlainYearMonth.from(from).until(to, { largestUnit: 'month' }).months + 1;
  const services: Service[] = await tx.query(
    `SELECT o.id, o.name, o.rolled_out_on AS "startedOn", coalesce((SELECT d.design_effect
              FROM attendance_design_effect d WHERE d.organization_id = o.id AND d.months >= least($4::integer, 24)
             ORDER BY d.months LIMIT 1), 1)::double precision AS "designEffect"
       FROM organization o
      WHERE ($1::boolean OR o.id = ANY($2::uuid[])) AND ($3::text IS NULL OR o.kind = $3) ORDER BY o.id`,
    [...scopeOf(actor, 'statistics.national'), kind ?? null, span],
  );
  const organizationIds = services.map(({ id }) => id);
  const rows = await monthlyFigures(tx, actor, { organizationIds, typeCodes, from: historyFrom, to });
  return services.toSorted(byName).map((service) => {
    const months = rows.filter(({ organizationId }) => organizationId === service.id);
    const total = sumCounts(months.filter(({ month }) => month >= from));
    return { ...service, months, total, ...aroundStart(months, service.startedOn) };
  });
}

/**
 * The services of the actor's kind, without what would tell which is which; null when they are too few to hide among.
 * The only reading across services on behalf of somebody who may see one: neither name nor id leaves this function.
 */
export async function unnamedFellows(
  tx: EntityManager,
  actor: Actor,
  filter: Pick<NationalFilter, 'from' | 'to' | 'typeCodes'>,
): Promise<Fellows | null> {
  const everywhere: Actor = { ...actor, role: 'admin' };
  const ofMyKind = { ...filter, historyFrom: filter.from, kind: actor.organizationKind };
  const services = await elevated(tx, () => nationalServices(tx, everywhere, ofMyKind), STATISTICS);
  return fellowsOf(
    services.map(({ id, total }) => ({ id, counts: total })),
    actor.organizationId,
  );
}
