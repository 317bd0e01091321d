import type { Instant } from '../../shared/time.js';
import type { Channel, MessageKind, MessageState } from './notification.states.js';

/** States from which a next step is drawn. */
export type FailedState = Extract<MessageState, 'undelivered' | 'failed' | 'suppressed' | 'expired'>;

/** What the operator's error says, for what comes next. */
export type Fault =
  /** The telephone was off or out of reach: later may do. */
  | 'unreachable'
  /** The operator's own trouble: another attempt may do, the number is not to blame. */
  | 'operator'
  /** Nobody's number, or a landline: never again. */
  | 'number'
  /** The holder told the operator to stop. */
  | 'opted-out'
  /** Filtered: the text or the sender is to blame, not the number. */
  | 'filtered'
  | 'unknown';

/** A message that did not arrive, and everything the next step depends on. */
export interface Failure {
  readonly state: FailedState;
  /** Code kept with the message. */
  readonly reason: string | null;
  readonly kind: MessageKind;
  /** How often it was sent again already. */
  readonly step: number;
  /** The convocation is still as the message says, and so is its promise. */
  readonly holds: boolean;
  /** Another text of the same promise, due no earlier, arrived. */
  readonly toldSince: boolean;
  /**
   * An agent closed the task of this promise (of what was dropped: since it was due): told, or not to be reached. Or
   * is asked already, about a wrong number.
   */
  readonly settledByAgent: boolean;
  readonly usefulUntil: Instant;
  readonly startsAt: Instant;
  readonly settledAt: Instant;
  /** Of the last attempt; null when none was made. */
  readonly channel: Channel | null;
  readonly fault: Fault;
  /** The last text went to a number that is no longer the person's. */
  readonly numberChanged: boolean;
  /** A mobile, not refused, not flagged, not blocked. */
  readonly smsPossible: boolean;
  /** Known, and the mail channel is on. */
  readonly emailPossible: boolean;
  /** Attempts made so far, by way. */
  readonly smsTried: number;
  readonly emailTried: number;
}

/** What follows a message that did not arrive. */
export type Step =
  | { readonly do: 'nothing' }
  | { readonly do: 'again'; readonly channel: Channel; readonly notBefore: Instant }
  | { readonly do: 'task'; readonly reason: string };

/** Times one message is sent again at most, whatever the way. */
const MOST_STEPS = 3;
/** A telephone that was off is tried again after this, when the appointment is still that far away. */
const LATER_HOURS = 2;
const FAR_HOURS = 12;

/** The text itself cannot be written: another way would say as little. */
const UNWRITABLE: readonly string[] = [
  'no-template',
  'template-unrenderable',
  'not-discreet',
  'contact-unreadable',
];

const NOTHING: Step = { do: 'nothing' };

/** It never left, and there is no appointment left to tell of: to be known before an absence is noted. */
const HOUR_PASSED = 'hour-passed';

/**
 * What follows when a message did not arrive: the e-mail, one more text later, or an agent. Read from top to
 * bottom; `expired` and `suppressed` are final and end with an agent. What an agent said spares
 * another task, and no other way: a call of last month is not a reminder.
 */
export function nextStep(failure: Failure, now: Instant): Step {
  if (!failure.holds) return NOTHING;
  const step = stepOf(failure, now);
  return step.do === 'task' && failure.settledByAgent ? NOTHING : step;
}

function stepOf(failure: Failure, now: Instant): Step {
  const isOver = isPastItsHour(failure, now);
  if (failure.state === 'expired')
    return {
      do: 'task',
      reason: isOver && failure.channel === null ? HOUR_PASSED : (failure.reason ?? 'too-late'),
    };
  if (failure.toldSince) return NOTHING;
  // Days may pass before an e-mail comes back: once the hour is over, nobody can be told any more.
  if (failure.state === 'undelivered' && hoursBetween(now, deadlineOf(failure)) <= 0) return NOTHING;
  if (isOver) return { do: 'task', reason: HOUR_PASSED };
  if (failure.state === 'suppressed') return { do: 'task', reason: failure.reason ?? 'not-delivered' };
  return anotherWay(failure, now) ?? { do: 'task', reason: reasonOf(failure) };
}

/** The appointment that the message was to announce has begun; a cancellation is owed to whoever came, too. */
function isPastItsHour({ kind, startsAt }: Failure, now: Instant): boolean {
  return kind !== 'cancellation' && kind !== 'after-absence' && hoursBetween(now, startsAt) <= 0;
}

/** @returns undefined when no way is left, or no time */
function anotherWay(failure: Failure, now: Instant): Step | undefined {
  if (failure.step >= MOST_STEPS || UNWRITABLE.includes(failure.reason ?? '')) return undefined;
  if (failure.channel === 'email')
    return failure.smsPossible && failure.smsTried === 0 && failure.step === 0 ? bySms(now) : undefined;
  if (failure.channel !== 'sms') return undefined;
  if (failure.numberChanged && failure.smsPossible) return bySms(now);
  if (failure.emailPossible && failure.emailTried === 0)
    return { do: 'again', channel: 'email', notBefore: now };
  return oneMoreText(failure, now);
}

function oneMoreText(failure: Failure, now: Instant): Step | undefined {
  const worthIt = failure.fault === 'unreachable' || failure.fault === 'operator';
  if (!worthIt || failure.smsTried > 1 || !failure.smsPossible) return undefined;
  if (hoursBetween(now, deadlineOf(failure)) <= FAR_HOURS) return undefined;
  const later = failure.settledAt.add({ hours: LATER_HOURS });
  return bySms(later.epochMilliseconds > now.epochMilliseconds ? later : now);
}

function bySms(notBefore: Instant): Step {
  return { do: 'again', channel: 'sms', notBefore };
}

const REASONS: Readonly<Record<Fault, string>> = {
  unreachable: 'phone-unreachable',
  operator: 'not-delivered',
  number: 'wrong-number',
  'opted-out': 'sms-refused',
  filtered: 'filtered',
  unknown: 'not-delivered',
};

function reasonOf({ channel, fault, reason, state }: Failure): string {
  if (UNWRITABLE.includes(reason ?? '')) return reason ?? 'no-template';
  if (channel !== 'email') return REASONS[fault];
  return state === 'undelivered' ? 'email-returned' : 'email-refused';
}

/** When telling the person is of no use any more. */
export function deadlineOf(about: Pick<Failure, 'kind' | 'startsAt' | 'usefulUntil'>): Instant {
  return about.kind === 'after-absence' ? about.usefulUntil : about.startsAt;
}

/** Messages in a row that may miss a number before an agent is asked to check it. */
export const FAILURES_BEFORE_FLAG = 3;

/** What one failure says of the number or address itself. */
export type Verdict = 'fine' | 'failed' | 'wrong';

/** What an e-mail that was refused or came back says of its address. */
export function addressVerdict(failure: Pick<Failure, 'channel' | 'state' | 'reason' | 'fault'>): Verdict {
  const { channel, state, reason, fault } = failure;
  const refused = state === 'failed' && reason === 'operator-refused';
  if (channel !== 'email' || (state !== 'undelivered' && !refused)) return 'fine';
  if (fault === 'number') return 'wrong';
  return fault === 'unreachable' || fault === 'unknown' ? 'failed' : 'fine';
}

/** What a failed text says of the number: nothing, one more failure, or that it is wrong. */
export function numberVerdict(failure: Pick<Failure, 'channel' | 'state' | 'reason' | 'fault'>): Verdict {
  const { channel, state, reason, fault } = failure;
  const refused = state === 'failed' && reason === 'operator-refused';
  if (channel !== 'sms' || (state !== 'undelivered' && !refused)) return 'fine';
  if (fault === 'number') return 'wrong';
  return fault === 'unreachable' || (fault === 'unknown' && !refused) ? 'failed' : 'fine';
}

function hoursBetween(from: Instant, to: Instant): number {
  return (to.epochMilliseconds - from.epochMilliseconds) / 3_600_000;
}
