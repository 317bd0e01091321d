import type { Instant, LocalTime } from '../../shared/time.js';
import { announcementDueAt, leavesAtNext } from './announcement-hour.js';
import { type PlannedMessage, planMessages, type Told, usefulUntil, type WantedReminder } from './cadence.js';
import type { Channel, MessageKind } from './notification.states.js';
import {
  heldBy,
  type PlanFacts,
  type ReminderPlan,
  type ReminderStep,
  type StepChannel,
} from './reminder-plan.js';
import type { LeavingRules } from './reminder-hour.js';
import { apartFrom } from './spacing.js';

/** A promise and what is known when its messages are planned. */
export interface PromiseFacts {
  readonly promise: LocalTime;
  readonly startsAt: Instant;
  readonly plan: ReminderPlan;
  readonly facts: PlanFacts;
  readonly earlierHours: number;
  readonly told?: Told;
  /** When the last text left to the person, where the plan has something to do with it; else null or absent. */
  readonly lastTextAt?: Instant | null;
  /** When the promise was made; absent: now. */
  readonly promisedAt?: Instant;
  readonly now: Instant;
}

/** A planned text, and the way it takes. */
export interface PlannedByChannel extends PlannedMessage {
  /** Asked by the plan; null: the mobile first. */
  readonly channel: Channel | null;
}

type Announce = 'summons' | 'rescheduling' | null;

/**
 * What announces a promise and what reminds of it, by its plan. In the arm of a trial: by the reminders of the arm, or
 * by the last still possible of the usual plan, where the promise was made too late for any of the arm.
 */
export function planPromise(
  facts: PromiseFacts,
  announce: Announce,
  rules: LeavingRules,
): readonly PlannedByChannel[] {
  const { reminders, replaced = [] } = facts.plan;
  const planned = planSteps(facts, reminders, announce, rules);
  if (replaced.length === 0 || wasAhead(facts, announce, rules)) return planned;
  const last = planSteps(facts, replaced, announce, rules).filter(isAhead).at(-1);
  return last === undefined ? planned : [...planned.filter(({ kind }) => kind !== 'reminder'), last];
}

/** Judged when the promise was made: a reminder that has left since, or failed to, was still the arm's. */
function wasAhead(facts: PromiseFacts, announce: Announce, rules: LeavingRules): boolean {
  const { plan, told, now, promisedAt = now } = facts;
  const then: PromiseFacts = {
    ...facts,
    told: { announcedAt: told?.announcedAt ?? null, remindedAt: null, nearestOffset: null },
    now: announce === null ? promisedAt : now,
  };
  return planSteps(then, plan.reminders, announce, rules).some(isAhead);
}

function isAhead({ kind, reason }: PlannedMessage): boolean {
  return kind === 'reminder' && reason !== 'late';
}

function planSteps(
  { promise, startsAt, plan, facts, earlierHours, told, lastTextAt, now }: PromiseFacts,
  asked: readonly ReminderStep[],
  announce: Announce,
  rules: LeavingRules,
): readonly PlannedByChannel[] {
  const steps = heldBy(asked, facts);
  const reminders: readonly WantedReminder[] = steps;
  const planned = planMessages({
    promise,
    startsAt,
    bookedAt: now,
    announce,
    summons: { ...plan.summons, notBefore: turnOf(plan.summons, lastTextAt) },
    reminders,
    earlierHours,
    pastGivesWay: true,
    window: rules.window,
    ...(rules.isClosed === undefined ? {} : { isClosed: rules.isClosed }),
    ...(told === undefined ? {} : { told }),
  });
  const channelOf = ({ kind, offsetDays }: PlannedMessage) =>
    kind === 'reminder'
      ? steps.find((step) => step.offsetDays === offsetDays)?.channel
      : plan.summons.channel;
  return planned.map((message) => ({ ...message, channel: wanted(channelOf(message) ?? 'auto') }));
}

/** A cancellation, or what follows an absence; null when the plan says nothing after an absence. */
export function tellOutcome(
  kind: Extract<MessageKind, 'cancellation' | 'after-absence'>,
  { promise: { timeZone }, startsAt, plan, lastTextAt, now }: PromiseFacts,
  rules: LeavingRules,
): { readonly dueAt: Instant; readonly usefulUntil: Instant; readonly channel: Channel | null } | null {
  const soonest = announcementDueAt(now, timeZone, rules);
  if (kind === 'cancellation')
    return { dueAt: soonest, usefulUntil: usefulUntil(kind, startsAt), channel: null };
  const step = plan.afterAbsence;
  if (step === null) return null;
  const limit = usefulUntil(kind, startsAt, step.usefulUntilHours);
  const turn = turnOf(step, lastTextAt);
  const from = turn !== null && isBefore(now, turn) ? turn : now;
  const dueAt =
    step.hour === null
      ? announcementDueAt(from, timeZone, rules)
      : leavesAtNext(step.hour, from, timeZone, rules).dueAt;
  return {
    // Sooner than at its hour or its turn rather than when it says nothing any more.
    dueAt: isBefore(dueAt, limit) ? dueAt : soonest,
    usefulUntil: limit,
    channel: wanted(step.channel),
  };
}

function isBefore(a: Instant, b: Instant): boolean {
  return a.epochMilliseconds < b.epochMilliseconds;
}

function turnOf({ isSpaced }: { readonly isSpaced: boolean }, lastTextAt?: Instant | null): Instant | null {
  return isSpaced && lastTextAt != null ? apartFrom(lastTextAt) : null;
}

/** What a step asks for; null: the mobile first. */
export function wanted(channel: StepChannel): Channel | null {
  return channel === 'auto' ? null : channel;
}
