import { type Instant, type LocalTime, toInstant, toLocal } from '../../shared/time.js';
import { QUIET_AFTER_ANNOUNCEMENT_HOURS } from './cadence.js';
import type { Channel, MessageKind } from './notification.states.js';
import { isInside, nextOpening, type SendWindow } from './send-window.js';
import { apartFrom, leavesNotice } from './spacing.js';

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
  /** Asked by the plan or by the ladder; null: the mobile first. */
  readonly wantedChannel: Channel | null;
  /** Asked for because what was sent did not arrive: it yields to nothing. */
  readonly isRepeat: boolean;
  /** News that waits its turn, by its plan. */
  readonly isSpaced: boolean;
  readonly lately: Lately;
}

/** How a person can be reached. */
export interface Reach {
  readonly hasPhone: boolean;
  readonly phoneMobile: boolean;
  readonly noPhone: boolean;
  readonly smsRefused: boolean;
  /** Too many messages in a row did not arrive at this number. */
  readonly phoneFlagged: boolean;
  /** The holder of this number said « ce n'est pas moi ». */
  readonly wrongPerson: boolean;
  /** An address is known, and nobody who reads it said « ce n'est pas moi » or asked for nothing more. */
  readonly hasEmail: boolean;
}

/** What a reminder yields to; announcements wait for it where their plan says so. */
export interface Lately {
  /** Other texts of the last seven days to the same person that left and may have arrived. */
  readonly texts: readonly RecentText[];
  /** Texts a person gets at most in seven days, by the plan. */
  readonly weeklyLimit: number;
  /** News for the person is due as well, and has not left: another batch may be about to send it. */
  readonly isNewsDue: boolean;
  /** No later reminder of this promise is still to come. */
  readonly isLastReminder: boolean;
}

/** One of the texts that left to the person lately. */
export interface RecentText {
  readonly at: Instant;
  /** It said the very date, hour and place that this message would say. */
  readonly isSamePromise: boolean;
  /** A summons or a rescheduling, after which reminders of the same promise are quiet for longer. */
  readonly isAnnouncement: boolean;
}

/** Of the service whose message it is. */
export interface SendRules {
  readonly window: SendWindow;
  readonly mailIsOn: boolean;
  /** Days on which the service lets nothing leave. */
  readonly isClosed: (date: string) => boolean;
}

/** Why no way leads to the person. */
export type SuppressedReason =
  'sms-refused' | 'no-phone' | 'not-a-mobile' | 'number-flagged' | 'wrong-person';

/** What becomes of a message that is due. */
export type SendDecision =
  | { readonly do: 'send'; readonly channel: Channel }
  /** Without a reason: the convocation changed; `over`: it did, and the message had become useless before. */
  | { readonly do: 'withdraw'; readonly reason?: 'told-just-before' | 'too-close' | 'weekly-limit' | 'over' }
  | { readonly do: 'suppress'; readonly reason: SuppressedReason }
  | { readonly do: 'postpone'; readonly until: Instant }
  | { readonly do: 'expire'; readonly reason: 'too-late' | 'no-hour-left' };

/** A text about the same promise that left this many hours ago or less makes one that finds no time needless. */
const HOURS_REMEMBERED = 24;
/** Until a reminder looks again whether news that was due with it has left. */
const SECONDS_FOR_NEWS = 30;

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
  const isTooLate = isAtOrAfter(now, facts.usefulUntil);
  if (convocation.state !== HOLDS_WHILE[facts.kind] || convocation.promiseVersion !== facts.promiseVersion)
    return isTooLate ? { do: 'withdraw', reason: 'over' } : { do: 'withdraw' };
  if (isTooLate) return { do: 'expire', reason: 'too-late' };
  const zone = convocation.promise.timeZone;
  if (!isOpen(now, zone, rules)) {
    const until = nextOpening(now, zone, rules.window, rules.isClosed);
    return isAtOrAfter(until, facts.usefulUntil)
      ? { do: 'expire', reason: 'too-late' }
      : { do: 'postpone', until };
  }
  const way = route(facts.person, rules.mailIsOn, facts.wantedChannel);
  if (way.do === 'suppress' || facts.isRepeat) return way;
  if (facts.kind === 'reminder') return yielding(facts, rules, now) ?? way;
  return (facts.isSpaced ? waiting(facts, rules, now) : null) ?? way;
}

/**
 * The mobile first, unless an e-mail is asked for; the e-mail when the mobile cannot be used; otherwise nothing,
 * with the reason an agent reads.
 */
export function route(
  person: Reach,
  mailIsOn: boolean,
  wanted: Channel | null = null,
): Extract<SendDecision, { do: 'send' | 'suppress' }> {
  const hindrance = smsHindrance(person);
  const byEmail = mailIsOn && person.hasEmail;
  if (hindrance === null && !(wanted === 'email' && byEmail)) return { do: 'send', channel: 'sms' };
  if (byEmail) return { do: 'send', channel: 'email' };
  return { do: 'suppress', reason: hindrance ?? 'no-phone' };
}

function smsHindrance(person: Reach): SuppressedReason | null {
  if (person.smsRefused) return 'sms-refused';
  if (person.noPhone || !person.hasPhone) return 'no-phone';
  if (person.wrongPerson) return 'wrong-person';
  if (person.phoneFlagged) return 'number-flagged';
  return person.phoneMobile ? null : 'not-a-mobile';
}

/** @param textsOfTheWeek that left in the seven days before; the last reminder of a promise always leaves */
export function isOverWeeklyLimit(
  textsOfTheWeek: number,
  { weeklyLimit, isLastReminder }: Pick<Lately, 'weeklyLimit' | 'isLastReminder'>,
): boolean {
  return !isLastReminder && textsOfTheWeek >= weeklyLimit;
}

/** A reminder makes way for what the person was just told; it is never lost without an agent being told. */
function yielding(facts: SendFacts, rules: SendRules, now: Instant): SendDecision | null {
  const { texts } = facts.lately;
  if (isOverWeeklyLimit(texts.length, facts.lately)) return { do: 'withdraw', reason: 'weekly-limit' };
  if (
    texts.some((text) => text.isSamePromise && text.isAnnouncement && !isAtOrAfter(now, quietUntil(text.at)))
  )
    return { do: 'withdraw', reason: 'told-just-before' };
  const close = tooClose(texts, now);
  const until = apartFromAll(close, facts, rules);
  if (until === null) return facts.lately.isNewsDue ? behindNews(facts, rules, now) : null;
  if (close.some(({ isSamePromise }) => isSamePromise)) return { do: 'withdraw', reason: 'told-just-before' };
  if (!isAtOrAfter(until, facts.usefulUntil)) return { do: 'postpone', until };
  const since = now.subtract({ hours: HOURS_REMEMBERED });
  return texts.some(({ at, isSamePromise }) => isSamePromise && isAtOrAfter(at, since))
    ? { do: 'withdraw', reason: 'too-close' }
    : { do: 'expire', reason: 'no-hour-left' };
}

/** News leaves first, and the reminder three hours after it; where that is too late, at once. */
function behindNews(facts: SendFacts, { window, isClosed }: SendRules, now: Instant): SendDecision | null {
  const until = now.add({ seconds: SECONDS_FOR_NEWS });
  const { timeZone } = facts.convocation.promise;
  const itsTurn = nextOpening(apartFrom(until), timeZone, window, isClosed);
  return isAtOrAfter(itsTurn, facts.usefulUntil) ? null : { do: 'postpone', until };
}

/** News goes late rather than never: it waits only where it is still of use then. */
function waiting(facts: SendFacts, rules: SendRules, now: Instant): SendDecision | null {
  const until = apartFromAll(tooClose(facts.lately.texts, now), facts, rules);
  if (until === null || isAtOrAfter(until, facts.usefulUntil)) return null;
  const isInTime = facts.kind !== 'summons' || leavesNotice(until, toInstant(facts.convocation.promise));
  return isInTime ? { do: 'postpone', until } : null;
}

function tooClose(texts: readonly RecentText[], now: Instant): readonly RecentText[] {
  return texts.filter(({ at }) => !isAtOrAfter(now, apartFrom(at)));
}

/** Far enough from the last of them, where messages may leave; null: there is none. */
function apartFromAll(
  close: readonly RecentText[],
  { convocation }: SendFacts,
  { window, isClosed }: SendRules,
): Instant | null {
  const [latest] = close.map(({ at }) => at).sort((a, b) => b.epochMilliseconds - a.epochMilliseconds);
  return latest === undefined
    ? null
    : nextOpening(apartFrom(latest), convocation.promise.timeZone, window, isClosed);
}

/** A summons that leaves some seconds after its hour must not take a reminder planned twelve hours later with it. */
const SUMMONS_GRACE_MINUTES = 10;

function quietUntil(announcedAt: Instant): Instant {
  return announcedAt.add({ minutes: 60 * QUIET_AFTER_ANNOUNCEMENT_HOURS - SUMMONS_GRACE_MINUTES });
}

function isOpen(now: Instant, zone: string, { window, isClosed }: SendRules): boolean {
  return isInside(window, now, zone) && !isClosed(toLocal(now, zone).date);
}

function isAtOrAfter(a: Instant, b: Instant): boolean {
  return a.epochMilliseconds >= b.epochMilliseconds;
}
