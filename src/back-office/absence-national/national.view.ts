import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reach } from '../../access/domain/rights.js';
import { type NationalService, nationalServices, unnamedFellows } from '../../statistics/national.query.js';
import { absenceRate, knownOutcomes } from '../../statistics/domain/absence-rate.js';
import type { AttendanceCounts } from '../../statistics/domain/counts.js';
import { completeness, isComplete } from '../../statistics/domain/definitions.js';
import type { StaggeredFinding } from '../../statistics/domain/effects/reports.js';
import { seriesOf } from '../../statistics/domain/effects/series.js';
import { staggeredOf } from '../../statistics/kept-estimates.js';
import {
  type FunnelCase,
  funnelLimits,
  overdispersion,
  placeOf,
} from '../../statistics/domain/funnel-limits.js';
import { sumCounts } from '../../statistics/domain/national.js';
import { type RateBounds, rateInterval } from '../../statistics/domain/rate-interval.js';
import { rolloutsOf } from '../../statistics/rollout.queries.js';
import type { FunnelCurvePoint, FunnelPlace, FunnelPoint } from '../../ui/charts/funnel-plot.js';
import { monthsFrom } from '../../ui/charts/scale.js';
import type { Panel } from '../../ui/charts/small-multiples.js';
import type { NationalQuery, Sort } from './national-filter.js';

export interface ServiceRow {
  readonly service: NationalService;
  readonly known: number;
  /** Null without a known outcome. */
  readonly interval: RateBounds | null;
  /** Share of past convocations that nobody marked; null when nothing is past. */
  readonly unknownShare: number | null;
  readonly isComplete: boolean;
}

export interface FunnelRow extends FunnelPoint {
  readonly low95: number;
  readonly high95: number;
}

export interface FunnelView {
  readonly rows: readonly FunnelRow[];
  readonly target: number;
  readonly curve: readonly FunnelCurvePoint[];
  /** How many times the variance exceeds chance; 1 when it does not. */
  readonly overdispersion: number;
  /** The reader sees one service by name, the others as points. */
  readonly isUnnamed: boolean;
}

export interface NationalView {
  readonly query: NationalQuery;
  readonly types: readonly { readonly code: string; readonly name: string }[];
  readonly rows: readonly ServiceRow[];
  readonly total: AttendanceCounts;
  readonly totalInterval: RateBounds | null;
  readonly funnel: FunnelView | null;
  /** `YYYY-MM`, of the curves. */
  readonly months: readonly string[];
  readonly panels: readonly Panel[];
  /** Null for who sees one service only: nothing to compare with. */
  readonly effect: StaggeredFinding | null;
}

/** At most nine statements, whatever the number of services. */
export async function nationalView(
  tx: EntityManager,
  actor: Actor,
  query: NationalQuery,
): Promise<NationalView> {
  const typeCodes = query.type === null ? undefined : [query.type];
  const filter = { ...query, kind: query.kind ?? undefined, typeCodes };
  const types: NationalView['types'] = await tx.query(
    'SELECT code, name FROM appointment_type ORDER BY position',
  );
  const services = await nationalServices(tx, actor, filter);
  const everywhere = reach(actor, 'statistics.national').everywhere;
  const total = sumCounts(services.map((service) => service.total));
  const months = monthsFrom(query.historyFrom, query.to);
  return {
    ...{ query, types, total, months },
    rows: sorted(services.map(rowOf), query.sort),
    totalInterval: rateInterval(
      { missed: total.missed, known: knownOutcomes(total) },
      meanDesignEffect(services),
    ),
    funnel: everywhere
      ? namedFunnel(services)
      : await unnamedFunnel(tx, actor, services, { ...query, typeCodes }),
    panels: services
      .filter((service) => service.months.length > 0)
      .map((service) => panelOf(service, months)),
    effect: everywhere ? await effectOf(tx, services, typeCodes) : null,
  };
}

function rowOf(service: NationalService): ServiceRow {
  const { total, designEffect } = service;
  const known = knownOutcomes(total);
  const complete = completeness(total);
  return {
    ...{ service, known },
    interval: rateInterval({ missed: total.missed, known }, designEffect),
    unknownShare: complete === null ? null : 1 - complete,
    isComplete: isComplete(total),
  };
}

/** Weighted by outcomes: services are independent of each other, the persons of one are not. */
function meanDesignEffect(services: readonly NationalService[]): number {
  const known = services.reduce((sum, { total }) => sum + knownOutcomes(total), 0);
  if (known === 0) return 1;
  return (
    services.reduce((sum, { total, designEffect }) => sum + designEffect * knownOutcomes(total), 0) / known
  );
}

const ORDERS: Readonly<Record<Sort, (a: ServiceRow, b: ServiceRow) => number>> = {
  name: () => 0,
  rate: (a, b) => (a.interval?.rate ?? Infinity) - (b.interval?.rate ?? Infinity),
  known: (a, b) => b.known - a.known,
  unknown: (a, b) => (b.unknownShare ?? -1) - (a.unknownShare ?? -1),
  start: (a, b) => ((a.service.startedOn ?? '9999') < (b.service.startedOn ?? '9999') ? -1 : 1),
};

/** Rows come by name; equal ones keep that order. */
function sorted(rows: readonly ServiceRow[], sort: Sort): readonly ServiceRow[] {
  return rows.toSorted(ORDERS[sort]);
}

interface Case extends FunnelCase {
  readonly name: string | null;
  readonly own?: boolean;
}

function namedFunnel(services: readonly NationalService[]): FunnelView | null {
  const cases = services.flatMap(({ name, total }): Case[] =>
    knownOutcomes(total) === 0 ? [] : [{ name, missed: total.missed, known: knownOutcomes(total) }],
  );
  const target = absenceRate(sumCounts(services.map(({ total }) => total)));
  return target === null || cases.length < 2 ? null : funnelOf(cases, target, false);
}

async function unnamedFunnel(
  tx: EntityManager,
  actor: Actor,
  services: readonly NationalService[],
  period: { readonly from: string; readonly to: string; readonly typeCodes?: readonly string[] | undefined },
): Promise<FunnelView | null> {
  const fellows = await unnamedFellows(tx, actor, period);
  if (fellows === null) return null;
  const own = services.flatMap(({ name, total }): Case[] =>
    knownOutcomes(total) === 0
      ? []
      : [{ name, missed: total.missed, known: knownOutcomes(total), own: true }],
  );
  return funnelOf([...own, ...fellows.others.map((one) => ({ ...one, name: null }))], fellows.target, true);
}

const CURVE_POINTS = 48;

function funnelOf(cases: readonly Case[], target: number, isUnnamed: boolean): FunnelView {
  const dispersion = overdispersion(cases, target);
  const most = Math.max(...cases.map(({ known }) => known)) * 1.06;
  const rows = cases.map((one) => {
    const limits = funnelLimits(target, one.known, dispersion);
    const place: FunnelPlace = placeOf(one, limits);
    const { name, known, own } = one;
    return { name, known, own, rate: one.missed / known, place, low95: limits.low95, high95: limits.high95 };
  });
  const curve = Array.from({ length: CURVE_POINTS }, (_, i) => {
    // Denser to the left, where the limits bend.
    const known = Math.max(5, most * ((i + 1) / CURVE_POINTS) ** 2);
    return { known, ...funnelLimits(target, Math.max(1, Math.round(known)), dispersion) };
  });
  return { rows, target, curve, overdispersion: dispersion, isUnnamed };
}

function panelOf(
  { id, name, startedOn, months: figures }: NationalService,
  months: readonly string[],
): Panel {
  const rates = new Map(figures.map((figure) => [figure.month, absenceRate(figure)]));
  return { id, name, startedOn, rates: months.map((month) => rates.get(month) ?? null) };
}

async function effectOf(
  tx: EntityManager,
  services: readonly NationalService[],
  typeCodes: readonly string[] | undefined,
): Promise<StaggeredFinding> {
  const rollouts = await rolloutsOf(
    tx,
    services.map(({ id }) => id),
  );
  const series = services
    .filter(({ months }) => months.length > 0)
    .map(({ id, months }) =>
      seriesOf(
        id,
        months,
        rollouts.filter(({ organizationId }) => organizationId === id),
        typeCodes,
      ),
    );
  return staggeredOf(series);
}
