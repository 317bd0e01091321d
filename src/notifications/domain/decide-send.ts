import type { Instant, LocalTime } from '../../shared/time.js';
import type { Channel, MessageKind } from './notification.states.js';
import { isInside, nextOpening, type SendWindow } from './send-window.js';

/** What is read again, under lock, just before a message leaves. */
export interface SendFacts {
  readonly kind: MessageKind;
  readonly promiseVersion: number;
  readonly usefulUntil: Instant;
  readonly convocation: {
    readonly state: string;
    readonly promiseVersion: number;
    readonly promise: LocalTime;
  };
  readonly person: Reach;
}

/** How a person can be reached. */
export interface Reach {
  readonly phoneE164: string | null;
  readonly phoneMobile: boolean;
  readonly noPhone: boolean;
  readonly smsRefused: boolean;
  readonly email: string | null;
}

export interface SendRules {
  readonly window: SendWindow;
  readonly mailIsOn: boolean;
  /** Days on which the service lets nothing leave. */
  readonly isClosed: (date: string) => boolean;
}

export type SuppressedReason = 'sms-refused' | 'no-phone' | 'not-a-mobile';

export type SendDecision =
  | { readonly do: 'send'; readonly channel: Channel; readonly recipient: string }
  | { readonly do: 'withdraw' }
  | { readonly do: 'suppress'; readonly reason: SuppressedReason }
  | { readonly do: 'postpone'; readonly until: Instant }
  | { readonly do: 'expire' };

/** State in which the convocation must be for a message of each kind to be true. */
const HOLDS_WHILE: Readonly<Record<MessageKind, string>> = {
  summons: 'booked',
  reminder: 'booked',
  rescheduling: 'booked',
  cancellation: 'cancelled',
  'after-absence': 'missed',
};

/** May this message leave now, and how? */
export function decideSend(facts: SendFacts, rules: SendRules, now: Instant): SendDecision {
  const { convocation } = facts;
  if (convocation.state !== HOLDS_WHILE[facts.kind] || convocation.promiseVersion !== facts.promiseVersion)
    return { do: 'withdraw' };
  if (isAtOrAfter(now, facts.usefulUntil)) return { do: 'expire' };
  const zone = convocation.promise.timeZone;
  if (
    !isInside(rules.window, now, zone) ||
    rules.isClosed(now.toZonedDateTimeISO(zone).toPlainDate().toString())
  ) {
    const until = nextOpening(now, zone, rules.window, rules.isClosed);
    return isAtOrAfter(until, facts.usefulUntil) ? { do: 'expire' } : { do: 'postpone', until };
  }
  return route(facts.person, rules.mailIsOn);
}

/** The mobile first; the e-mail when the mobile cannot be used; otherwise nothing, with the reason an agent reads. */
export function route(person: Reach, mailIsOn: boolean): Extract<SendDecision, { do: 'send' | 'suppress' }> {
  const hindrance = smsHindrance(person);
  if (hindrance === null && person.phoneE164 !== null)
    return { do: 'send', channel: 'sms', recipient: person.phoneE164 };
  if (person.email !== null && mailIsOn) return { do: 'send', channel: 'email', recipient: person.email };
  return { do: 'suppress', reason: hindrance ?? 'no-phone' };
}

function smsHindrance(person: Reach): SuppressedReason | null {
  if (person.smsRefused) return 'sms-refused';
  if (person.noPhone || person.phoneE164 === null) return 'no-phone';
  return person.phoneMobile ? null : 'not-a-mobile';
}

function isAtOrAfter(a: Instant, b: Instant): boolean {
  return a.epochMilliseconds >= b.epochMilliseconds;
}
