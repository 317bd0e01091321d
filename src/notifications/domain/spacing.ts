import type { Instant } from '../../shared/time.js';

/** Hours between two texts to one person. */
export const HOURS_APART = 3;
/** A summons that would leave less than this before its hour does not wait: who is told so late has plans already. */
const NOTICE_HOURS = 24;

/** The first instant far enough from a text that left then. */
export function apartFrom(at: Instant): Instant {
  return at.add({ hours: HOURS_APART });
}

/** Whether a summons may wait until then. @param startsAt the promised hour */
export function leavesNotice(dueAt: Instant, startsAt: Instant): boolean {
  return dueAt.epochMilliseconds <= startsAt.subtract({ hours: NOTICE_HOURS }).epochMilliseconds;
}
