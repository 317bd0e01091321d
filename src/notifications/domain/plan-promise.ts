import type { Instant, LocalTime } from '../../shared/time.js';
import { announcementDueAt, leavesAtNext } from './announcement-hour.js';
import { type PlannedMessage, planMessages, type Told, usefulUntil, type WantedReminder } from './cadence.js';
import type { Channel, MessageKind } from './notification.states.js';
import { type PlanFacts, type ReminderPlan, type StepChannel, stepsFor } from './reminder-plan.js';
import type { LeavingRules } from './reminder-hour.js';

/** A promise and what is known when its messages are planned. */
export interface PromiseFacts {
  readonly promise: LocalTime;
  readonly startsAt: Instant;
  readonly plan: ReminderPlan;
  readonly facts: PlanFacts;
  readonly earlierHours: number;
  readonly told?: Told;
  readonly now: Instant;
}

/** A planned text, and the way it takes. */
export interface PlannedByChannel extends PlannedMessage {
  /** Asked by the plan; null: the mobile first. */
  readonly channel: Channel | null;
}

/** What announces a promise and what reminds of it, by its plan. */
export function planPromise(
  { promise, startsAt, plan, facts, earlierHours, told, now }: PromiseFacts,
  announce: 'summons' | 'rescheduling' | null,
  rules: LeavingRules,
): readonly PlannedByChannel[] {
  const steps = stepsFor(plan, facts);
  const reminders: readonly WantedReminder[] = steps;
  const planned = planMessages({
    promise,
    startsAt,
    bookedAt: now,
    announce,
    summons: plan.summons,
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
  { promise: { timeZone }, startsAt, plan, now }: PromiseFacts,
  rules: LeavingRules,
): { readonly dueAt: Instant; readonly usefulUntil: Instant; readonly channel: Channel | null } | null {
  const soonest = announcementDueAt(now, timeZone, rules);
  if (kind === 'cancellation')
    return { dueAt: soonest, usefulUntil: usefulUntil(kind, startsAt), channel: null };
  const step = plan.afterAbsence;
  if (step === null) return null;
  const limit = usefulUntil(kind, startsAt, step.usefulUntilHours);
  const atItsHour = step.hour === null ? soonest : leavesAtNext(step.hour, now, timeZone, rules).dueAt;
  return {
    // Sooner than at its hour rather than when it says nothing any more.
    dueAt: atItsHour.epochMilliseconds < limit.epochMilliseconds ? atItsHour : soonest,
    usefulUntil: limit,
    channel: wanted(step.channel),
  };
}

/** What a step asks for; null: the mobile first. */
export function wanted(channel: StepChannel): Channel | null {
  return channel === 'auto' ? null : channel;
}
