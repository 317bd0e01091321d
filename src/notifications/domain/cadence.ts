import { Temporal } from 'temporal-polyfill';
import type { Instant, LocalTime } from '../../shared/time.js';
import { leavesAtNext, leavesAtOnce } from './announcement-hour.js';
import type { MessageKind } from './notification.states.js';
import { type Leaving, leavesAt, leavesEarlier, type LeavingRules } from './reminder-hour.js';
import { HOURS_APART, leavesNotice } from './spacing.js';

/** One reminder asked for. */
export interface WantedReminder {
  /** Calendar days before the promise. */
  readonly offsetDays: number;
  /** Local hour; null or absent: that of the appointment. */
  readonly hour?: string | null;
  /** Hours before the promise; absent: 1. */
  readonly usefulUntilHours?: number;
}

/** What has left, or is sure to leave, of this very promise. */
export interface Told {
  readonly announcedAt: Instant | null;
  readonly remindedAt: Instant | null;
  /** Days before the promise of the reminder nearest to it. */
  readonly nearestOffset: number | null;
}

/** How a summons asks to leave. */
export interface WantedSummons {
  /** Local hour; null or absent: as soon as it is booked. */
  readonly hour?: string | null;
  /** Hours before the promise; absent: 1. */
  readonly usefulUntilHours?: number;
  /** Its turn, after another text to the person; absent: it waits for none. */
  readonly notBefore?: Instant | null;
}

/** One promise, and everything that decides which texts tell of it and when. */
export interface PlanInput extends LeavingRules {
  /** What the person is promised: wall clock of the place. */
  readonly promise: LocalTime;
  /** The instant of the promise. */
  readonly startsAt: Instant;
  /** The only "now" of the plan. */
  readonly bookedAt: Instant;
  /** What is told of this very change, if anything. */
  readonly announce: 'summons' | 'rescheduling' | null;
  /** A summons that would find its hour too late leaves at once; a rescheduling always does, as it is news. */
  readonly summons?: WantedSummons;
  /** Default: the day before. */
  readonly reminders?: readonly WantedReminder[];
  /** Reminders leave so many hours earlier by the wall clock, where that can still be done. */
  readonly earlierHours?: number;
  readonly told?: Told;
  /**
   * A reminder whose hour is past gives way to a later one instead of leaving at once: so for the steps of a plan,
   * not for offsets that a caller names one by one.
   */
  readonly pastGivesWay?: boolean;
}

/** One text that the plan wants. */
export interface PlannedMessage extends Leaving {
  readonly kind: MessageKind;
  /** A reminder's days before the promise; 0 for any other kind. */
  readonly offsetDays: number;
  readonly usefulUntil: Instant;
}

/** No reminder so soon after what announced the promise. */
export const QUIET_AFTER_ANNOUNCEMENT_HOURS = 12;

const DAY_BEFORE: readonly WantedReminder[] = [{ offsetDays: 1 }];
const NOTHING_TOLD: Told = { announcedAt: null, remindedAt: null, nearestOffset: null };

/**
 * The messages of a promise, in the order they leave; those that could only leave too late to be useful are left
 * out. The page that announces them, the API and the engine all ask here.
 */
export function planMessages(input: PlanInput): PlannedMessage[] {
  const announced = announcements(input);
  const { announcedAt, remindedAt } = input.told ?? NOTHING_TOLD;
  const before = announced[0]?.dueAt ?? announcedAt;
  const quiet = reminders(input, before, announced.length > 0).filter(
    ({ dueAt }) =>
      (before === null || !isBefore(dueAt, before)) &&
      !isWithin(QUIET_AFTER_ANNOUNCEMENT_HOURS, dueAt, before) &&
      !isWithin(HOURS_APART, dueAt, remindedAt),
  );
  return [...announced, ...apart(quiet)];
}

/**
 * From this instant on the message says nothing useful and must not leave.
 * @param hours of a step: before the promise, or after it for an absence; absent: 1, or 7 days
 */
export function usefulUntil(kind: MessageKind, startsAt: Instant, hours?: number): Instant {
  if (kind === 'cancellation') return startsAt;
  if (kind === 'after-absence') return startsAt.add({ hours: hours ?? 7 * 24 });
  return startsAt.subtract({ hours: hours ?? 1 });
}

function announcements(input: PlanInput): PlannedMessage[] {
  if (input.announce === null) return [];
  const {
    hour = null,
    usefulUntilHours,
    notBefore = null,
  } = (input.announce === 'summons' && input.summons) || {};
  const { bookedAt, startsAt } = input;
  const asked = { offsetDays: 0, ...(usefulUntilHours === undefined ? {} : { usefulUntilHours }) };
  const from = (instant: Instant) =>
    leavesFrom(instant, hour, input).map((leaving) =>
      describe(input, input.announce ?? 'summons', leaving, asked),
    );
  const usual = from(bookedAt).filter(isUseful)[0];
  if (usual === undefined) return [];
  if (notBefore === null || !isBefore(usual.dueAt, notBefore)) return [usual];
  const spaced = from(notBefore).find((one) => isUseful(one) && leavesNotice(one.dueAt, startsAt));
  return [spaced === undefined ? usual : { ...spaced, reason: 'spaced' }];
}

/** At its hour, if it has one; else, or where that is too late, at once. */
function leavesFrom(instant: Instant, hour: string | null, input: PlanInput): readonly Leaving[] {
  const { timeZone } = input.promise;
  const atItsHour = hour === null ? [] : [leavesAtNext(hour, instant, timeZone, input)];
  return [...atItsHour, leavesAtOnce(instant, timeZone, input)];
}

function reminders(input: PlanInput, announcedAt: Instant | null, isAnnouncedNow: boolean): PlannedMessage[] {
  const { bookedAt, told = NOTHING_TOLD } = input;
  const wanted = new Map((input.reminders ?? DAY_BEFORE).map((one) => [one.offsetDays, one]));
  const planned = [...wanted.values()].map((one) => ({
    one,
    leaving: reminderLeaves(input, one, announcedAt),
  }));
  const isPast = ({ leaving }: (typeof planned)[number]) => isBefore(leaving.dueAt, bookedAt);
  const ahead = planned
    .filter((each) => !isPast(each))
    .map(({ one, leaving }) => describe(input, 'reminder', leaving, one))
    .filter(isUseful);
  // Its time was past when booked: what is announced now says the same.
  if (isAnnouncedNow || (input.pastGivesWay === true && ahead.length > 0)) return ahead;
  const atOnce = leavesAtOnce(bookedAt, input.promise.timeZone, input);
  const late = planned
    .filter(({ one }) => one.offsetDays < (told.nearestOffset ?? Infinity))
    .filter(isPast)
    .map(({ one }) => describe(input, 'reminder', { ...atOnce, reason: 'late' }, one))
    .filter(isUseful);
  return [...ahead, ...late];
}

/** Earlier where coverage is poor, as long as that is neither past nor too close to what announced the promise. */
function reminderLeaves(input: PlanInput, wanted: WantedReminder, announcedAt: Instant | null): Leaving {
  const { promise, earlierHours = 0, bookedAt } = input;
  const { timeZone } = promise;
  const date = Temporal.PlainDate.from(promise.date).subtract({ days: wanted.offsetDays });
  const leaving = leavesAt({ date, time: wanted.hour ?? promise.time, timeZone }, input);
  if (earlierHours === 0) return leaving;
  const earlier = leavesEarlier(leaving, earlierHours, timeZone, input);
  const isTooEarly =
    isBefore(earlier.dueAt, bookedAt) || isWithin(QUIET_AFTER_ANNOUNCEMENT_HOURS, earlier.dueAt, announcedAt);
  return isTooEarly ? leaving : earlier;
}

/** Of reminders too close to each other only the one nearest to the appointment is kept. */
function apart(planned: readonly PlannedMessage[]): PlannedMessage[] {
  const kept: PlannedMessage[] = [];
  const fromTheLast = [...planned].sort(
    (a, b) => Temporal.Instant.compare(b.dueAt, a.dueAt) || a.offsetDays - b.offsetDays,
  );
  for (const message of fromTheLast)
    if (!isWithin(HOURS_APART, message.dueAt, kept.at(-1)?.dueAt ?? null)) kept.push(message);
  return kept.reverse();
}

function describe(
  { startsAt }: PlanInput,
  kind: MessageKind,
  leaving: Leaving,
  wanted?: WantedReminder,
): PlannedMessage {
  const limit = usefulUntil(kind, startsAt, wanted?.usefulUntilHours);
  return { kind, offsetDays: wanted?.offsetDays ?? 0, usefulUntil: limit, ...leaving };
}

function isUseful({ dueAt, usefulUntil: limit }: PlannedMessage): boolean {
  return isBefore(dueAt, limit);
}

function isBefore(a: Instant, b: Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}

/** Exactly that many hours apart is far enough. */
function isWithin(hours: number, a: Instant, b: Instant | null): boolean {
  return b !== null && Math.abs(a.epochMilliseconds - b.epochMilliseconds) < hours * 3_600_000;
}
