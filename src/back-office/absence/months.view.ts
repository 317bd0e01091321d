import type { AttendanceCounts } from '../../statistics/domain/counts.js';
import { knownOutcomes } from '../../statistics/domain/absence-rate.js';
import { completeness, isComplete } from '../../statistics/domain/definitions.js';
import { rateInterval } from '../../statistics/domain/rate-interval.js';
import type { ServiceImpact } from '../../statistics/impact.query.js';
import type { Rollout, RolloutTarget } from '../../statistics/rollout.queries.js';
import { monthsFrom } from '../../ui/charts/scale.js';
import type { TrendMark, TrendProps, TrendTarget } from '../../ui/charts/trend-words.js';
import { NBSP, percent } from '../../ui/typography.js';
import type { Period } from './filters.js';

/** One month of the curve and of the table beside it. */
export interface MonthRow {
  readonly month: string;
  readonly missed: number;
  readonly known: number;
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly unknown: number;
  /** Share of the past outcomes that are known; null when nothing is past. */
  readonly completeness: number | null;
  readonly isIncomplete: boolean;
  readonly isBaseline: boolean;
  /** From the first whole month with messages on. */
  readonly isSince: boolean;
  /** Neither before nor after: begun on its way, or stopped. */
  readonly isLeftOut: boolean;
  /** Rate of the same month a year earlier. */
  readonly yearBefore: number | null;
}

const NOTHING: AttendanceCounts = { attended: 0, missed: 0, excused: 0, cancelled: 0, unknown: 0 };

/** Every month of the period up to the last that has something. */
export function monthRows(impact: ServiceImpact, period: Period, designEffect: number): readonly MonthRow[] {
  const { months, startedIn, leftOut = [] } = impact.series;
  const counts = new Map(months.map((month) => [month.month, month]));
  const first = months[0]?.month ?? period.from;
  const last = months.at(-1)?.month ?? period.to;
  const shown = monthsFrom(first > period.from ? first : period.from, last < period.to ? last : period.to);
  return shown.map((month) => {
    const own = counts.get(month) ?? NOTHING;
    const known = knownOutcomes(own);
    const interval = rateInterval({ missed: own.missed, known }, designEffect);
    return {
      ...{ month, missed: own.missed, known, unknown: own.unknown },
      ...{ rate: interval?.rate ?? null, low: interval?.low ?? null, high: interval?.high ?? null },
      completeness: completeness(own),
      isIncomplete: !isComplete(own),
      isBaseline: impact.baselineMonths.includes(month),
      isSince: startedIn !== null && month >= startedIn,
      isLeftOut: leftOut.includes(month),
      yearBefore: rateOf(counts.get(`${Number(month.slice(0, 4)) - 1}${month.slice(4)}`)),
    };
  });
}

function rateOf(counts: AttendanceCounts | undefined): number | null {
  if (counts === undefined || knownOutcomes(counts) === 0) return null;
  return counts.missed / knownOutcomes(counts);
}

/** The same months as a drawing. */
export function trendOf(
  months: readonly MonthRow[],
  impact: ServiceImpact | null,
  period: Period,
): TrendProps {
  const last = months.at(-1)?.month ?? period.to;
  return {
    points: months,
    marks: (impact?.rollouts ?? []).flatMap((rollout) => marksOf(rollout)),
    targets: targetsOf(impact, last),
  };
}

function marksOf(rollout: Rollout): readonly TrendMark[] {
  const isMain = rollout.placeId === null && rollout.typeCode === null && rollout.agentId === null;
  const of = partOf(rollout);
  const start = { on: rollout.startedOn, label: `Mise en service${of}`, isMain };
  return rollout.stoppedOn === null
    ? [start]
    : [start, { on: rollout.stoppedOn, label: `Arrêt${of}`, isMain }];
}

/** What a partial start is of: nobody is named, an agent neither. */
function partOf({ placeId, typeCode, agentId, note }: Rollout): string {
  const part =
    agentId !== null
      ? ' d’un agent'
      : placeId !== null
        ? ' d’un lieu'
        : typeCode !== null
          ? ' d’un type'
          : '';
  return part === '' || note === '' ? part : `${part} (${note})`;
}

/** A target is a share of the rate before the start: without one, there is no line. */
function targetsOf(impact: ServiceImpact | null, last: string): readonly TrendTarget[] {
  if (impact === null || impact.naive.kind === 'refused') return [];
  const before = impact.naive.before.value;
  return impact.targets.map(({ relativeChange, fromOn, untilOn }: RolloutTarget) => {
    const rate = Math.max(0, before * (1 + relativeChange));
    const change = `${relativeChange < 0 ? '−' : '+'}${Math.round(Math.abs(relativeChange) * 100)}${NBSP}%`;
    const until = untilOn.slice(0, 7);
    return {
      rate,
      from: fromOn.slice(0, 7),
      until: until > last ? last : until,
      words: `Objectif${NBSP}: ${percent(rate)} (${change})`,
    };
  });
}
