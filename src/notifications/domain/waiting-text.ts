import { type Instant, toLocal } from '../../shared/time.js';
import type { Channel } from './notification.states.js';
import {
  type PlannedByChannel,
  planPromise,
  type PromiseFacts,
  tellOutcome,
  wanted,
} from './plan-promise.js';
import type { LeavingRules } from './reminder-hour.js';
import type { StepHour } from './reminder-plan.js';

/** A text that is no reminder and has not left: it waits for the window to open, or for the hour of its step. */
export interface WaitingText {
  readonly kind: 'summons' | 'rescheduling' | 'after-absence';
  /** Withdrawn because the plan no longer had it. */
  readonly isSetAside: boolean;
  readonly firstDueAt: Instant;
  readonly usefulUntil: Instant;
  readonly channel: Channel | null;
}

/** When, by what and until when. */
interface Intention {
  readonly dueAt: Instant;
  readonly usefulUntil: Instant;
  readonly channel: Channel | null;
}

/** What becomes of a text that waits when its promise or its plan changes. */
export type WaitingChange =
  | { readonly do: 'withdraw' }
  /** To another hour; or by another channel, or with another limit, at the same hour; or again. */
  | { readonly do: 'move' | 'alter' | 'add'; readonly to: Intention };

/** What the plan in force makes of a text that waits; null: it stays as it is. */
export function changeOfWaiting(
  text: WaitingText,
  facts: PromiseFacts,
  rules: LeavingRules,
): WaitingChange | null {
  if (text.kind === 'after-absence') return ofAbsence(text, facts, rules);
  return text.isSetAside ? null : ofAnnouncement(text, facts, rules);
}

/** Where the new limit has passed already, what was promised is kept: nobody else would tell the person. */
function ofAnnouncement(text: WaitingText, facts: PromiseFacts, rules: LeavingRules): WaitingChange | null {
  const { summons } = facts.plan;
  const asItIs = { dueAt: text.firstDueAt, usefulUntil: text.usefulUntil, channel: wanted(summons.channel) };
  const planned = text.kind === 'summons' ? planPromise(facts, 'summons', rules)[0] : undefined;
  const to = planned?.kind === 'summons' ? intentionOf(planned) : asItIs;
  const isDue = !isBefore(facts.now, text.firstDueAt);
  return isDue || keepsItsHour(text, to.dueAt, summons.hour, facts)
    ? alteredTo(text, to)
    : { do: 'move', to };
}

function ofAbsence(text: WaitingText, facts: PromiseFacts, rules: LeavingRules): WaitingChange | null {
  const told = tellOutcome('after-absence', facts, rules);
  if (told === null) return text.isSetAside ? null : { do: 'withdraw' };
  if (text.isSetAside) return isBefore(told.dueAt, told.usefulUntil) ? { do: 'add', to: told } : null;
  const hour = facts.plan.afterAbsence?.hour ?? null;
  return keepsItsHour(text, told.dueAt, hour, facts) ? alteredTo(text, told) : { do: 'move', to: told };
}

function alteredTo(text: WaitingText, to: Intention): WaitingChange | null {
  const isSame = text.usefulUntil.equals(to.usefulUntil) && text.channel === to.channel;
  return isSame ? null : { do: 'alter', to: { ...to, dueAt: text.firstDueAt } };
}

function intentionOf({ dueAt, usefulUntil, channel }: PlannedByChannel): Intention {
  return { dueAt, usefulUntil, channel };
}

/** A fixed hour is the same on any day; « as soon as possible » is no later than before. */
function keepsItsHour(
  { firstDueAt }: WaitingText,
  dueAt: Instant,
  hour: StepHour,
  { promise: { timeZone } }: PromiseFacts,
): boolean {
  if (hour === null) return !isBefore(dueAt, firstDueAt);
  return toLocal(firstDueAt, timeZone).time === toLocal(dueAt, timeZone).time;
}

function isBefore(a: Instant, b: Instant): boolean {
  return a.epochMilliseconds < b.epochMilliseconds;
}
