import { type Instant, toLocal } from '../../shared/time.js';
import type { Channel } from './notification.states.js';
import { type PromiseFacts, tellOutcome, wanted } from './plan-promise.js';
import type { LeavingRules } from './reminder-hour.js';

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
  const channel = wanted(facts.plan.summons.channel);
  if (text.isSetAside || channel === text.channel) return null;
  return { do: 'alter', to: { dueAt: text.firstDueAt, usefulUntil: text.usefulUntil, channel } };
}

function ofAbsence(text: WaitingText, facts: PromiseFacts, rules: LeavingRules): WaitingChange | null {
  const told = tellOutcome('after-absence', facts, rules);
  if (told === null) return text.isSetAside ? null : { do: 'withdraw' };
  if (text.isSetAside) return isBefore(told.dueAt, told.usefulUntil) ? { do: 'add', to: told } : null;
  if (!keepsItsHour(text, told.dueAt, facts)) return { do: 'move', to: told };
  const isSame = text.usefulUntil.equals(told.usefulUntil) && text.channel === told.channel;
  return isSame ? null : { do: 'alter', to: { ...told, dueAt: text.firstDueAt } };
}

/** A fixed hour is the same on any day; « as soon as possible » is no later than before. */
function keepsItsHour(
  { firstDueAt }: WaitingText,
  dueAt: Instant,
  { plan, promise: { timeZone } }: PromiseFacts,
): boolean {
  if (plan.afterAbsence?.hour == null) return !isBefore(dueAt, firstDueAt);
  return toLocal(firstDueAt, timeZone).time === toLocal(dueAt, timeZone).time;
}

function isBefore(a: Instant, b: Instant): boolean {
  return a.epochMilliseconds < b.epochMilliseconds;
}
