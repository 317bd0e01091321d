import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { convocationsByIds, type ConvocationView } from '../../convocations/convocation.queries.js';
import { type CaseloadMonth, caseloadOf } from '../../statistics/caseload.query.js';
import { knownOutcomes } from '../../statistics/domain/absence-rate.js';
import type { AttendanceCounts } from '../../statistics/domain/counts.js';
import { clusterInterval } from '../../statistics/domain/effects/cluster-interval.js';
import type { RateInterval } from '../../statistics/domain/estimate.js';
import { type MonthCounts, sumCounts } from '../../statistics/domain/national.js';
import { monthAfter, monthsFrom } from '../../ui/charts/scale.js';
import type { Office } from '../office-hours.js';

export const SPANS = [3, 12, 24] as const;
export type Span = (typeof SPANS)[number];

export interface MineView {
  readonly span: Span;
  readonly persons: number;
  readonly total: AttendanceCounts;
  /** Between persons, who are not independent convocations; null without a known outcome. */
  readonly interval: RateInterval | null;
  /** Oldest first, those without anything too. */
  readonly months: readonly MonthCounts[];
  /** With an outcome to say; oldest first. */
  readonly unmarked: readonly ConvocationView[];
  /** Soonest first. */
  readonly coming: readonly ConvocationView[];
  readonly timeZone: string;
  readonly today: string;
}

/** `3`, `12` or `24` months; twelve unless asked otherwise. */
export function spanOf(asked: unknown): Span {
  return SPANS.find((span) => String(span) === asked) ?? 12;
}

/** Three statements beside those of the office, whatever the caseload. */
export async function mineView(
  tx: EntityManager,
  actor: Actor,
  office: Office,
  span: Span,
): Promise<MineView> {
  const to = office.today.slice(0, 7);
  const from = monthAfter(to, 1 - span);
  const lastDay = Temporal.PlainYearMonth.from(to).daysInMonth;
  const caseload = await caseloadOf(tx, actor, { from: `${from}-01`, to: `${to}-${lastDay}` });
  const rows = await convocationsByIds(tx, actor, [...caseload.unmarked, ...caseload.coming]);
  const total = sumCounts(caseload.months);
  const { persons, unmarked, coming } = caseload;
  return {
    ...{ span, persons, total },
    interval: knownOutcomes(total) === 0 ? null : clusterInterval(byPerson(caseload.months)),
    months: monthsFrom(from, to).map((month) => ({
      month,
      ...sumCounts(caseload.months.filter((one) => one.month === month)),
    })),
    unmarked: rows.filter(({ id }) => unmarked.includes(id)),
    coming: rows.filter(({ id }) => coming.includes(id)),
    timeZone: office.timeZone,
    today: office.today,
  };
}

function byPerson(months: readonly CaseloadMonth[]): { missed: number; known: number }[] {
  const counts = new Map<string, { missed: number; known: number }>();
  for (const month of months) {
    const { missed, known } = counts.get(month.personId) ?? { missed: 0, known: 0 };
    counts.set(month.personId, { missed: missed + month.missed, known: known + knownOutcomes(month) });
  }
  return [...counts.values()];
}
