import { knownOutcomes } from './absence-rate.js';
import { addCounts, type AttendanceCounts } from './counts.js';
import type { FunnelCase } from './funnel-limits.js';

export const NO_COUNTS: AttendanceCounts = { attended: 0, missed: 0, excused: 0, cancelled: 0, unknown: 0 };

export type MonthCounts = AttendanceCounts & { readonly month: string };

/** All of them as one. */
export function sumCounts(counts: readonly AttendanceCounts[]): AttendanceCounts {
  return counts.reduce(addCounts, NO_COUNTS);
}

/**
 * Months wholly before the first day with messages, and months wholly since; a month in which the service began
 * belongs to neither.
 * @param startedOn `YYYY-MM-DD`; null: not yet
 * @returns null on a side without any known outcome
 */
export function aroundStart(
  months: readonly MonthCounts[],
  startedOn: string | null,
): { readonly before: AttendanceCounts | null; readonly since: AttendanceCounts | null } {
  if (startedOn === null) return { before: null, since: null };
  const started = startedOn.slice(0, 7);
  const wholly = startedOn.endsWith('-01');
  const side = (chosen: readonly MonthCounts[]) => {
    const sum = sumCounts(chosen);
    return knownOutcomes(sum) === 0 ? null : sum;
  };
  return {
    before: side(months.filter(({ month }) => month < started)),
    since: side(months.filter(({ month }) => month > started || (wholly && month === started))),
  };
}

/** Fewer outcomes than this would show single persons of a service that has no name. */
const LEAST_OUTCOMES = 50;
/** With fewer others, the one or two missing from a total could be worked out. */
export const LEAST_SERVICES = 5;

/** What somebody who may see one service is told of the others: where they lie, not who they are. */
export interface Fellows {
  /** Rate of all services together, the reader's own included; to a tenth of a point. */
  readonly target: number;
  /** Outcomes to two figures and rates to a whole point: too coarse to recognise a service by its counts. */
  readonly others: readonly FunnelCase[];
}

/** @returns null when fewer than five other services have outcomes enough */
export function fellowsOf(
  all: readonly { readonly id: string; readonly counts: AttendanceCounts }[],
  ownId: string,
): Fellows | null {
  const sum = sumCounts(all.map(({ counts }) => counts));
  const others = all
    .filter(({ id, counts }) => id !== ownId && knownOutcomes(counts) >= LEAST_OUTCOMES)
    .map(({ counts }) => coarse(counts))
    .toSorted((a, b) => a.known - b.known || a.missed - b.missed);
  if (others.length < LEAST_SERVICES) return null;
  return { target: Math.round((1000 * sum.missed) / knownOutcomes(sum)) / 1000, others };
}

function coarse(counts: AttendanceCounts): FunnelCase {
  const exact = knownOutcomes(counts);
  const known = Number(exact.toPrecision(2));
  return { known, missed: (Math.round((100 * counts.missed) / exact) / 100) * known };
}
