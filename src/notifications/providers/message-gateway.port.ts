import type { Instant } from '../../shared/time.js';
import type { CallOutcome } from '../domain/attempt-results.js';
import type { Channel } from '../domain/notification.states.js';

/** What an operator or a mail relay is given. */
export interface OutgoingMessage {
  /** Identifies the attempt at the operator where it can be given (mail Message-ID). */
  readonly attemptId: string;
  readonly recipient: string;
  readonly body: string;
  /** Where the operator reports, one opaque token per attempt; empty for one that is told an address once for all. */
  readonly callbackUrl: string;
  /** Where the message comes back to when it cannot be delivered; null or absent: nowhere of its own. */
  readonly returnAddress?: string | null;
  /** Seconds during which the operator may still deliver; after that the message is useless. */
  readonly validitySeconds: number;
}

/** By what a message is looked for when its answer was lost. */
export interface LookUp {
  readonly recipient: string;
  readonly sender: string;
  readonly bodyHash: Buffer;
  /** Real time of the attempt. */
  readonly since: Instant;
}

/** What the operator says of a message that it has. */
export interface FoundMessage {
  readonly operatorMessageId: string;
  readonly status: string;
  readonly errorCode: string | null;
}

/** A message the operator took from our sender, as its newest list tells it; never one of a drill. */
export interface RecentMessage {
  readonly operatorMessageId: string;
  readonly recipient: string;
  /** The operator's own clock. */
  readonly createdAt: Instant;
}

/** How far back a list is read at most. */
export interface ListBounds {
  readonly pages: number;
  readonly pageSize: number;
  /** No further page is asked for after this. */
  readonly patienceMs: number;
}

/** What an operator took since a moment, as far as its list goes. */
export interface TakenSince {
  readonly messages: readonly RecentMessage[];
  /** False: the list was left before its beginning was reached. */
  readonly isWhole: boolean;
}

/** An operator or a mail relay, with its own words translated inside its file. */
export interface MessageGateway {
  readonly channel: Channel;
  /** Stored with each attempt: `twilio`, `link-mobility`, `smtp`. */
  readonly operator: string;
  readonly sender: string;
  /** Whether it is asked to tell what became of each message it takes. */
  readonly givesReceipts: boolean;
  /** False when this recipient may not be reached from here (outside production, not on the allow list). */
  mayReach(recipient: string): boolean;
  /** Path, under our public address, at which this operator reports about one attempt; empty when it takes none. */
  callbackPath(token: string): string;
  /** Absent: a channel on which nothing comes back. */
  returnAddress?(token: string): string | null;
  /** Never throws: what went wrong is the outcome. */
  send(message: OutgoingMessage): Promise<CallOutcome>;
  /**
   * What the operator holds for this recipient that has this text, newest first; null when it keeps no list.
   * @throws when the operator does not answer: the doubt stays
   */
  lookUp(query: LookUp): Promise<readonly FoundMessage[] | null>;
  /**
   * The newest page of what the operator took from our sender, whatever the recipient; null when it keeps no list.
   * Absent: the same. Read once by a worker that starts, to recognise a database older than what was sent.
   * @throws when the operator does not answer
   */
  recent?(): Promise<readonly RecentMessage[] | null>;
  /**
   * Everything the operator took from our sender since then, whatever the recipient, newest first; null when it keeps
   * no list. Absent: the same. Read before a hold is released.
   * @throws when the operator does not answer
   */
  takenSince?(since: Instant, bounds: ListBounds): Promise<TakenSince | null>;
  /** Closes its connections. */
  close(): Promise<void>;
}
