import type { Calendar } from '../../organizations/domain/calendar.js';
import type { Lane } from '../../platform/queue.js';
import type { Channel, MessageKind } from '../domain/notification.states.js';
import type { SeenDatabase } from '../surety/database-witness.js';
import type { OperatorRow } from './operator-view.js';

/** What holds for every message of a batch, read with the first of them. */
export interface SeenBatch extends SeenDatabase {
  /** The one « now » of the batch. */
  readonly now: Date;
  /** Never simulated. */
  readonly realNow: Date;
  /** Nothing leaves: a hold, or a database made for another environment. */
  readonly isHeld: boolean;
  /** Circuits and routes as they are now. */
  readonly operators: readonly OperatorRow[];
}

/** Everything one message needs to be decided and written, read after its row is locked. */
export interface SendContext {
  readonly messageId: string;
  readonly kind: MessageKind;
  readonly lane: Lane;
  readonly dueAt: Date;
  readonly promiseVersion: number;
  readonly usefulUntil: Date;
  readonly attempts: number;
  readonly wantedChannel: Channel | null;
  /** Sent again by the ladder or by an agent, because it did not arrive. */
  readonly isRepeat: boolean;
  readonly convocationId: string;
  readonly convocationState: string;
  readonly currentPromiseVersion: number;
  readonly startsAt: Date;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly personId: string;
  readonly hasPhone: boolean;
  /** The contact of the number, opened just before the call. */
  readonly phoneId: string | null;
  readonly phoneSealed: Buffer | null;
  readonly phoneMobile: boolean;
  readonly phoneTerritory: string | null;
  readonly noPhone: boolean;
  readonly smsRefused: boolean;
  readonly phoneFlagged: boolean;
  readonly wrongPerson: boolean;
  readonly poorCoverage: boolean;
  readonly hasEmail: boolean;
  readonly emailId: string | null;
  readonly emailSealed: Buffer | null;
  readonly register: 'standard' | 'discreet';
  readonly showsAddress: boolean;
  readonly placeName: string;
  readonly placeAddress: string;
  readonly placePhone: string | null;
  readonly placeEmail: string | null;
  readonly contactMethod: 'phone' | 'email';
  readonly informationUrl: string | null;
  readonly calendar: Calendar;
  readonly sendsOnClosedDays: boolean;
  /** `HH:mm-HH:mm` of the service; null: the window of the environment. */
  readonly sendWindow: string | null;
  readonly templateId: string | null;
  readonly templateText: string | null;
  /** In which it is written: the person's, or French. */
  readonly templateLanguage: string | null;
  /** By a text, and by an e-mail: whether the recipient has no stop link that works. */
  readonly lacksLinkBySms: boolean;
  readonly lacksLinkByMail: boolean;
  readonly weeklyLimit: number | null;
  /** Of news: it waits its turn after another text to the person. */
  readonly isSpaced: boolean;
  /** Of a reminder: news for the person that is due and has not left, in its lane or before it. */
  readonly newsDue: readonly string[] | null;
  /** Of a reminder: no later one of this promise is still to come. */
  readonly isLastReminder: boolean;
  /** Of a reminder, and of what is spaced: what else the person was sent in the last seven days, oldest first. */
  readonly recent: readonly RecentRow[] | null;
  /** Messages of the same kind about the person's other appointments of that day that this text can say too. */
  readonly sameDay: readonly SameDayRow[] | null;
}

/** A batch whose rows are locked. */
export interface LockedBatch {
  readonly seen: SeenBatch;
  /** At least one. */
  readonly contexts: readonly SendContext[];
}

export interface RecentRow {
  /** Milliseconds since 1970; null: another text said it. */
  readonly at: number | null;
  /** The message whose text said it. */
  readonly textId: string;
  readonly kind: MessageKind;
  readonly convocationId: string;
  readonly promiseVersion: number;
}

export interface SameDayRow {
  readonly messageId: string;
  readonly convocationId: string;
  /** An earlier try of this very text was to say it. */
  readonly isTold: boolean;
  /** A reminder of an appointment of the same type at the same place: the hour says all of it. */
  readonly isAlike: boolean;
  /** `HH:mm` at the place. */
  readonly time: string;
  /** Milliseconds since 1970. */
  readonly usefulUntil: number;
}

/** Whether its text carries a stop link. */
export function needsLink(context: SendContext, channel: Channel): boolean {
  return channel === 'sms' ? context.lacksLinkBySms : context.lacksLinkByMail;
}
