import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { may, reaches, scopeOf } from '../../access/domain/rights.js';
import { keepPlans } from '../../platform/kept-plans.js';
import { prepared } from '../../platform/prepared.js';
import { baselineSources } from '../../statistics/baseline-sources.query.js';
import { type BreakdownGround, breakdownGround, breakdowns } from '../../statistics/breakdown.query.js';
import type { DetailedCounts } from '../../statistics/domain/counts.js';
import { type Funnel, reminderFunnel } from '../../statistics/domain/funnel.js';
import { type ImpactReport, impactOf, type ServiceImpact } from '../../statistics/impact.query.js';
import { figuresBetween } from '../../statistics/monthly-figures.query.js';
import { textCost, unitCosts } from '../../statistics/savings.query.js';
import { type WorstSlot, worstSlots } from '../../statistics/worst-slots.query.js';
import { monthAfter } from '../../ui/charts/scale.js';
import type { TrendProps } from '../../ui/charts/trend-words.js';
import { shortMoment } from '../../ui/typography.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { type AskedFigures, monthsOf, type Period, periodOf } from './filters.js';
import { type MonthRow, monthRows, trendOf } from './months.view.js';
import { phaseRows, type PhaseRow } from './phases.view.js';
import { referencePercentOf } from './reference-rate.js';
import { type SavingsView, savingsOf } from './savings.view.js';
import { type ShareTable, shareTables } from './shares.view.js';

export interface NamedService {
  readonly id: string;
  readonly name: string;
}

/** Everything the page of one service tells, but what surrounds it. */
export interface AbsenceFigures {
  readonly services: readonly NamedService[];
  readonly types: readonly { readonly code: string; readonly name: string }[];
  readonly service: NamedService | null;
  readonly typeCode: string | null;
  readonly period: Period;
  /** Months of the figures that are not compared: those since the start inside the period, or all of it. */
  readonly since: Period;
  readonly startedIn: string | null;
  readonly impact: ServiceImpact | null;
  readonly overall: ImpactReport['overall'] | null;
  readonly trend: TrendProps;
  readonly baselineSource: string | null;
  readonly months: readonly MonthRow[];
  readonly counts: DetailedCounts | null;
  /** As earlier dashboards told it, in whole per cent, as of the last night; null when nothing is known. */
  readonly referencePercent: number | null;
  readonly phases: readonly PhaseRow[];
  readonly tables: readonly ShareTable[];
  readonly funnel: Funnel;
  readonly slots: readonly WorstSlot[];
  readonly ground: BreakdownGround;
  /** « aujourd’hui à 3 h 20 »; null before the first night. */
  readonly foldedWords: string | null;
  readonly savings: SavingsView;
  readonly mayChangeCosts: boolean;
  readonly seesNational: boolean;
}

/** Months read for the estimates, whatever is drawn: six years. */
const MONTHS_READ = 72;

@Injectable()
export class AbsencePages {
  constructor(private readonly officeHours: OfficeHours) {}

  async figures(tx: EntityManager, actor: Actor, asked: AskedFigures): Promise<AbsenceFigures> {
    // What depends on nothing is asked at once: one connection answers it in order, without a wait between.
    const [, office, services, types] = await Promise.all([
      keepPlans(tx),
      this.officeHours.of(tx, actor),
      servicesOf(tx, actor),
      typesOf(tx),
    ]);
    const service = await chosenOf(tx, services, asked, actor);
    const typeCode = types.find(({ code }) => code === asked.type)?.code ?? null;
    const to = asked.to ?? office.today.slice(0, 7);
    const report = service === null ? null : await impactOfService(tx, actor, service.id, typeCode, to);
    const impact = report?.services[0] ?? null;
    const startedIn = impact?.series.startedIn ?? null;
    const period = periodOf(asked, office.today, startedIn);
    const scope = { service, typeCode, period, startedIn, impact };
    return {
      ...{ services, types, overall: report?.overall ?? null },
      ...scope,
      ...(await this.details(tx, actor, office, scope, types)),
      mayChangeCosts: service !== null && reaches(actor, 'rollout.manage', service.id),
      seesNational: may(actor, 'statistics.national'),
    };
  }

  private async details(
    tx: EntityManager,
    actor: Actor,
    office: Office,
    scope: Scope,
    types: AbsenceFigures['types'],
  ) {
    const { period, startedIn, impact, typeCode } = scope;
    const organizationId = scope.service?.id ?? actor.organizationId;
    const typeCodes = typeCode === null ? undefined : [typeCode];
    const filter = { organizationId, typeCodes, ...period };
    const since = sinceOf(period, startedIn);
    const [ground, rows, texts, costs, sources, counts, slots] = await Promise.all([
      breakdownGround(tx, organizationId, monthsOf(since)),
      breakdowns(tx, actor, filter, startedIn),
      textCost(tx, actor, { ...filter, ...since }),
      unitCosts(tx, organizationId),
      baselineSources(tx, organizationId),
      countsOf(tx, actor, { organizationId, typeCodes, ...since }),
      worstSlots(tx, actor, { ...filter, ...since }),
    ]);
    const ofSince = startedIn === null ? rows : rows.filter(({ isSince }) => isSince);
    const months = impact === null ? [] : monthRows(impact, period, ground.monthDesignEffect);
    return {
      since,
      ground,
      months,
      trend: trendOf(months, impact, period),
      baselineSource: sources.join('\u00a0; ') || null,
      counts,
      referencePercent: referencePercentOf(ofSince),
      phases: phaseRows(impact, period, ground.periodDesignEffect),
      tables: shareTables(rows, startedIn !== null, ground.periodDesignEffect, types),
      funnel: reminderFunnel(ofSince),
      slots,
      foldedWords: foldedWords(ground, office),
      savings: savingsOf(impact, since, texts, costs),
    };
  }
}

type Scope = Pick<AbsenceFigures, 'service' | 'typeCode' | 'period' | 'startedIn' | 'impact'>;

async function servicesOf(tx: EntityManager, actor: Actor): Promise<readonly NamedService[]> {
  return tx.query(SERVICES, scopeOf(actor, 'statistics.read'));
}

const SERVICES = prepared(
  'SELECT id, name FROM organization WHERE $1::boolean OR id = ANY($2::uuid[]) ORDER BY name',
);

async function typesOf(tx: EntityManager): Promise<AbsenceFigures['types']> {
  return tx.query(TYPES);
}

const TYPES = prepared('SELECT code, name FROM appointment_type ORDER BY position');

/** The one asked for; else the own one; who sees everything first meets a service that has figures. */
async function chosenOf(
  tx: EntityManager,
  services: readonly NamedService[],
  asked: AskedFigures,
  actor: Actor,
): Promise<NamedService | null> {
  const [first = null] = services;
  const found = services.find(({ id }) => id === asked.service);
  if (found !== undefined || services.length < 2) return found ?? first;
  const rows: { id: string }[] = await tx.query(WITH_FIGURES, [
    services.map(({ id }) => id),
    actor.organizationId,
  ]);
  const id = rows[0]?.id ?? actor.organizationId;
  return services.find((one) => one.id === id) ?? first;
}

const WITH_FIGURES = prepared(`
SELECT o.id FROM organization o
 WHERE o.id = ANY($1::uuid[]) AND EXISTS (SELECT FROM attendance_cell c WHERE c.layer = 1 AND c.organization_id = o.id
                                             AND c.attended + c.missed > 0)
 ORDER BY o.id <> $2::uuid, o.name LIMIT 1`);

function impactOfService(
  tx: EntityManager,
  actor: Actor,
  organizationId: string,
  typeCode: string | null,
  to: string,
): Promise<ImpactReport> {
  return impactOf(tx, actor, {
    organizationIds: [organizationId],
    typeCodes: typeCode === null ? undefined : [typeCode],
    from: monthAfter(to, -(MONTHS_READ - 1)),
    to,
  });
}

function sinceOf(period: Period, startedIn: string | null): Period {
  return startedIn !== null && startedIn > period.from && startedIn <= period.to
    ? { from: startedIn, to: period.to }
    : period;
}

async function countsOf(
  tx: EntityManager,
  actor: Actor,
  {
    organizationId,
    typeCodes,
    from,
    to,
  }: Period & {
    readonly organizationId: string;
    readonly typeCodes: readonly string[] | undefined;
  },
): Promise<DetailedCounts | null> {
  const last = Temporal.PlainYearMonth.from(to);
  const days = { from: `${from}-01`, to: `${to}-${last.daysInMonth}` };
  const rows = await figuresBetween(tx, actor, { organizationIds: [organizationId], typeCodes, ...days });
  return rows[0] ?? null;
}

function foldedWords({ foldedAt }: BreakdownGround, office: Office): string | null {
  if (foldedAt === null) return null;
  return shortMoment(foldedAt, office.timeZone, office.timeZone, office.today);
}
