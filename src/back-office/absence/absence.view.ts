import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { may, reaches } from '../../access/domain/rights.js';
import { type BreakdownGround, breakdowns } from '../../statistics/breakdown.query.js';
import { type DetailedCounts, sumDetailed } from '../../statistics/domain/counts.js';
import { type Funnel, reminderFunnel } from '../../statistics/domain/funnel.js';
import { impactReport, type ImpactReport, type ServiceImpact } from '../../statistics/impact.query.js';
import { detailedMonths, type DetailedMonth } from '../../statistics/monthly-figures.query.js';
import { registersOf } from '../../statistics/rollout.queries.js';
import { serviceGrounds } from '../../statistics/service-grounds.query.js';
import { type WorstSlot, worstSlots } from '../../statistics/worst-slots.query.js';
import { monthAfter } from '../../ui/charts/scale.js';
import type { TrendProps } from '../../ui/charts/trend-words.js';
import { shortMoment } from '../../ui/typography.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { type Choices, choicesOf } from './choices.js';
import { type AskedFigures, monthsOf, type Period, periodOf } from './filters.js';
import { type MonthRow, monthRows, trendOf } from './months.view.js';
import { phaseRows, type PhaseRow } from './phases.view.js';
import { referencePercentOf } from './reference-rate.js';
import { type SavingsView, savingsOf } from './savings.view.js';
import { type ShareTable, shareTables } from './shares.view.js';

/** Everything the page of one service tells, but what surrounds it. */
export interface AbsenceFigures extends Choices {
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

  /** Six statements and a setting; one statement more with a type, two where months were imported. */
  async figures(tx: EntityManager, actor: Actor, asked: AskedFigures): Promise<AbsenceFigures> {
    const [office, choices] = await Promise.all([
      this.officeHours.of(tx, actor),
      choicesOf(tx, actor, asked),
    ]);
    const { services, types, service } = choices;
    const typeCode = types.find(({ code }) => code === asked.type)?.code ?? null;
    const to = asked.to ?? office.today.slice(0, 7);
    const found = service === null ? null : await monthsOfService(tx, actor, service.id, typeCode, to);
    const impact = found?.report.services[0] ?? null;
    const startedIn = impact?.series.startedIn ?? null;
    const period = periodOf(asked, office.today, startedIn);
    const scope = { service, typeCode, period, startedIn, impact };
    return {
      ...{ services, types, overall: found?.report.overall ?? null },
      ...scope,
      ...(await this.details(tx, actor, office, scope, choices)),
      counts: recordedCounts(found?.months ?? [], sinceOf(period, startedIn)),
      mayChangeCosts: service !== null && reaches(actor, 'rollout.manage', service.id),
      seesNational: may(actor, 'statistics.national'),
    };
  }

  private async details(tx: EntityManager, actor: Actor, office: Office, scope: Scope, { types }: Choices) {
    const { period, startedIn, impact, typeCode } = scope;
    const organizationId = scope.service?.id ?? actor.organizationId;
    const typeCodes = typeCode === null ? undefined : [typeCode];
    const filter = { organizationId, typeCodes, ...period };
    const since = sinceOf(period, startedIn);
    // One connection answers them in order, without a wait between.
    const [{ ground, texts, costs, baselineSources }, rows, slots] = await Promise.all([
      serviceGrounds(tx, actor, { ...filter, ...since }, monthsOf(since)),
      breakdowns(tx, actor, filter, startedIn),
      worstSlots(tx, actor, { ...filter, ...since }),
    ]);
    const ofSince = startedIn === null ? rows : rows.filter(({ isSince }) => isSince);
    const months = impact === null ? [] : monthRows(impact, period, ground.monthDesignEffect);
    return {
      since,
      ground,
      months,
      trend: trendOf(months, impact, period),
      baselineSource: baselineSources.join('\u00a0; ') || null,
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

/** The months of the service and what they say, whatever period is drawn. */
async function monthsOfService(
  tx: EntityManager,
  actor: Actor,
  organizationId: string,
  typeCode: string | null,
  to: string,
): Promise<{ readonly months: readonly DetailedMonth[]; readonly report: ImpactReport }> {
  const typeCodes = typeCode === null ? undefined : [typeCode];
  const from = monthAfter(to, -(MONTHS_READ - 1));
  const [months, registers] = await Promise.all([
    detailedMonths(tx, actor, { organizationIds: [organizationId], typeCodes, from, to }),
    registersOf(tx, [organizationId]),
  ]);
  return { months, report: impactReport(months, registers, typeCodes) };
}

function sinceOf(period: Period, startedIn: string | null): Period {
  return startedIn !== null && startedIn > period.from && startedIn <= period.to
    ? { from: startedIn, to: period.to }
    : period;
}

/** What was recorded here in the months of a period; null when nothing can be said of them yet. */
function recordedCounts(months: readonly DetailedMonth[], { from, to }: Period): DetailedCounts | null {
  const own = months.filter(({ month, source }) => source === 'recorded' && month >= from && month <= to);
  return own.length === 0 ? null : sumDetailed(own);
}

function foldedWords({ foldedAt }: BreakdownGround, office: Office): string | null {
  if (foldedAt === null) return null;
  return shortMoment(foldedAt, office.timeZone, office.timeZone, office.now);
}
