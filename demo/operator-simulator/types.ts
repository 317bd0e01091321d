/** Which operator took it; absent in what was kept: Twilio. */
export type SimulatedOperator = 'twilio' | 'link-mobility';

export type Status = 'queued' | 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'canceled';

/** What the operator holds about one text; dates are the operator's own, never simulated. */
export interface Message {
  readonly sid: string;
  /** Of LINK Mobility, one for each part of the text; the first is `sid`. */
  readonly partIds: readonly string[];
  readonly operator: SimulatedOperator;
  readonly to: string;
  readonly from: string;
  readonly messagingServiceSid: string | null;
  readonly statusCallback: string | null;
  readonly createdAt: string;
  /** Where the application's clock stood, when the simulator was told. */
  readonly simulatedAt?: string;
  body: string;
  status: Status;
  errorCode: number | null;
  sentAt: string | null;
  updatedAt: string;
}

interface Stamp {
  readonly at: string;
  readonly simulatedAt?: string;
}

/** A request to send: the judge's evidence. `httpStatus` null: the answer never left. */
export interface CreateEntry extends Stamp {
  readonly kind: 'create';
  readonly operator?: SimulatedOperator;
  readonly accepted: boolean;
  readonly httpStatus: number | null;
  readonly errorCode: number | null;
  readonly sid: string | null;
  /** Absent: the text has the one id. */
  readonly partIds?: readonly string[];
  readonly to: string;
  readonly from: string;
  readonly messagingServiceSid: string | null;
  readonly body: string;
  readonly statusCallback: string | null;
}

export interface StatusEntry extends Stamp {
  readonly kind: 'status';
  readonly sid: string;
  readonly status: Status;
  readonly errorCode: number | null;
}

export interface RedactionEntry extends Stamp {
  readonly kind: 'redaction';
  readonly sid: string;
}

/** `httpStatus` null: the application could not be reached. */
export interface CallbackEntry extends Stamp {
  readonly kind: 'callback';
  readonly sid: string;
  readonly status: Status;
  readonly httpStatus: number | null;
}

/** What a phone answered; `httpStatus` null: the application could not be reached. */
export interface ReplyEntry extends Stamp {
  readonly kind: 'reply';
  readonly sid: string;
  readonly from: string;
  readonly body: string;
  readonly httpStatus: number | null;
}

/** Everything else asked of the operator: look-ups, lists, refused sign-ins. */
export interface RequestEntry extends Stamp {
  readonly kind: 'request';
  readonly method: string;
  readonly path: string;
  readonly httpStatus: number;
}

export type LogEntry = CreateEntry | StatusEntry | RedactionEntry | CallbackEntry | ReplyEntry | RequestEntry;

/** `Omit` that keeps the union apart. */
type WithoutStamp<T> = T extends unknown ? Omit<T, 'at' | 'simulatedAt'> : never;
export type NewEntry = WithoutStamp<LogEntry>;

export type Outage = boolean | 'refuse' | '500' | 'hang';

export interface Control {
  /** Between accepting and answering. */
  readonly latencyMs: number;
  readonly receipts: boolean;
  /**
   * `refuse`: nobody listens; `500`: every request fails before anything is accepted; `hang`: none is answered, nothing
   * is accepted; `true` is `refuse`.
   */
  readonly down: Outage;
  /** The same for LINK Mobility, which listens on a port of its own. */
  readonly linkDown: Outage;
  /** Milliseconds before a message shows in Twilio's list. */
  readonly listLagMs: number;
  /** Added to the real time to tell the application's; 0 when its clock is not moved. */
  readonly clockOffsetMs: number;
}

/** A text as the phones show it; `at` is real time. */
export interface ReceivedMessage {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly at: string;
  readonly status: Status;
}

export interface ControlChange extends Partial<Control> {
  /** With `down`: back up by itself after this many milliseconds. */
  readonly downMs?: number;
}

/** Nobody listens: a connection is refused. */
export function isRefusing(outage: Outage): boolean {
  return outage === true || outage === 'refuse';
}
