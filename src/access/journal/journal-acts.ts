import type { EntityManager } from 'typeorm';
import type { Instant } from '../../shared/time.js';
import type { JournalAction } from '../domain/journal-actions.js';

/** What the journal is told of one act. Who acts is known from the request. */
export interface JournalAct {
  readonly action: JournalAction;
  /** Whose file. */
  readonly personId?: string | null | undefined;
  /** What was read or changed besides: convocation, message, agent, key… */
  readonly objectId?: string | null | undefined;
  /** Service concerned; absent: the caller's own. */
  readonly organizationId?: string | null | undefined;
  /** Names of fields, codes and counts: never what somebody typed, a name, a number or an address. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
  /** Who acted, where the request cannot tell it yet: at sign-in. */
  readonly agentId?: string | null | undefined;
}

/** Acts of one transaction, in order. */
export interface NotedActs {
  readonly acts: JournalAct[];
  /** When they happened, for who already asked; else the end of the transaction asks. */
  at: Instant | null;
}

const NOTED = new WeakMap<EntityManager, NotedActs>();

/**
 * Notes acts of this transaction. They are written together, by one statement, as the last thing the transaction
 * does (`Transaction.run`): they exist exactly when what they tell happened.
 */
export function noteActs(tx: EntityManager, acts: readonly JournalAct[], at: Instant | null = null): void {
  const noted = NOTED.get(tx) ?? { acts: [], at: null };
  noted.acts.push(...acts);
  noted.at ??= at;
  NOTED.set(tx, noted);
}

/** What was noted, once. */
export function takeActs(tx: EntityManager): NotedActs {
  const noted = NOTED.get(tx) ?? { acts: [], at: null };
  NOTED.delete(tx);
  return noted;
}
