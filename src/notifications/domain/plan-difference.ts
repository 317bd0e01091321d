import type { Instant } from '../../shared/time.js';
import type { Channel, MessageState } from './notification.states.js';
import type { PlannedByChannel } from './plan-promise.js';

/** A reminder of a promise as it stands. */
export interface KnownReminder {
  readonly id: string;
  /** Calendar days before the promise. */
  readonly occurrence: number;
  readonly state: MessageState;
  readonly reason: string | null;
  /** The hour promised when it was planned; a put-off send does not move it. */
  readonly firstDueAt: Instant;
  readonly usefulUntil: Instant;
  readonly channel: Channel | null;
  /** It was called for, or sent by another way: no longer only an intention. */
  readonly isTried: boolean;
  readonly isToldByAnother: boolean;
}

/** What a changed plan makes of the reminders of one promise; ids are those of messages. */
export interface PlanDifference {
  readonly added: readonly PlannedByChannel[];
  /** Same reminder, at another hour. */
  readonly moved: readonly { readonly id: string; readonly to: PlannedByChannel }[];
  /** Same hour, another channel or another limit. */
  readonly altered: readonly { readonly id: string; readonly to: PlannedByChannel }[];
  readonly withdrawn: readonly string[];
}

/** Withdrawn because the plan changed: planned again when it changes back. */
export const PLAN_CHANGED = 'plan-changed';

/** What a plan still says of reminders whose hour is past, which it does not plan again. */
export interface StillAsked {
  /** Days before the promise of every step that holds for it. */
  readonly offsets: ReadonlySet<number>;
  readonly now: Instant;
  /** The promise has no message at all, and nobody told the person of it. */
  readonly isUntold: boolean;
}

/**
 * From the reminders as they stand to those a plan asks for. Only what is still an intention is touched; what was
 * sent, tried or settled stays as it is, and so does what is only late: a hold, an outage or a closed window keeps it
 * waiting, not the plan. A reminder that is late at once is added only in the place of one that goes, or where nothing
 * else tells of the promise.
 */
export function differenceOf(
  known: readonly KnownReminder[],
  wanted: readonly PlannedByChannel[],
  { offsets, now, isUntold }: StillAsked,
): PlanDifference {
  const open = known.filter(isOpen);
  const isOnlyLate = ({ occurrence, firstDueAt }: KnownReminder) =>
    offsets.has(occurrence) && firstDueAt.epochMilliseconds <= now.epochMilliseconds;
  const withdrawn = open.filter(
    (one) => !isOnlyLate(one) && !wanted.some(({ offsetDays }) => offsetDays === one.occurrence),
  );
  // A new plan wakes nobody by itself, but whoever it finds without a word.
  const mayBeLate = isUntold || withdrawn.length > 0;
  const pairs = wanted.flatMap((to) => {
    const from = open.find(({ occurrence }) => occurrence === to.offsetDays);
    return from === undefined ? [] : [{ from, to }];
  });
  const changed = pairs.filter(({ from, to }) => to.reason !== 'late' && differs(from, to));
  const moved = changed.filter(({ from, to }) => !from.firstDueAt.equals(to.dueAt));
  return {
    added: wanted.filter((one) => isNew(known, one) && (one.reason !== 'late' || mayBeLate)),
    moved: moved.map(({ from, to }) => ({ id: from.id, to })),
    altered: changed.filter((pair) => !moved.includes(pair)).map(({ from, to }) => ({ id: from.id, to })),
    withdrawn: withdrawn.map(({ id }) => id),
  };
}

function isOpen({ state, isTried }: KnownReminder): boolean {
  return state === 'planned' && !isTried;
}

function isNew(known: readonly KnownReminder[], { offsetDays }: PlannedByChannel): boolean {
  const same = known.find(({ occurrence }) => occurrence === offsetDays);
  if (same === undefined) return true;
  const isSetAside = same.reason === null || same.reason === PLAN_CHANGED;
  return same.state === 'withdrawn' && isSetAside && !same.isToldByAnother;
}

function differs(from: KnownReminder, to: PlannedByChannel): boolean {
  return (
    !from.firstDueAt.equals(to.dueAt) ||
    !from.usefulUntil.equals(to.usefulUntil) ||
    from.channel !== to.channel
  );
}
