import type { EntityManager } from 'typeorm';
import { currentCaller } from '../current-caller.js';
import type { JournalAction } from '../domain/journal-actions.js';
import { runningRoute } from './running-route.js';

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
const NOTED = new WeakMap<EntityManager, JournalAct[]>();

/**
 * Notes acts of this transaction. They are written together, by one statement, as the last thing the transaction
 * does (`Transaction.run`): they exist exactly when what they tell happened.
 */
export function noteActs(tx: EntityManager, acts: readonly JournalAct[]): void {
  NOTED.set(tx, [...(NOTED.get(tx) ?? []), ...acts]);
}

/**
 * Somebody reads this file. Called by the queries that show one, so that no page can forget it; told once for each
 * transaction, and not besides another act on the same file. Nothing outside of a request: there nobody looks.
 */
export function noteFileRead(tx: EntityManager, personId: string, objectId: string | null = null): void {
  if (currentCaller() === null) return;
  const noted = NOTED.get(tx) ?? [];
  if (noted.some((act) => act.action === 'file.read' && act.personId === personId)) return;
  noteActs(tx, [{ action: 'file.read', personId, objectId, detail: { route: runningRoute()?.name ?? '' } }]);
}

/** What was noted, once. */
export function takeActs(tx: EntityManager): readonly JournalAct[] {
  const noted = NOTED.get(tx) ?? [];
  NOTED.delete(tx);
  const toldOtherwise = new Set(
    noted.map(({ action, personId }) => (action === 'file.read' ? null : personId)),
  );
  return noted.filter(({ action, personId }) => action !== 'file.read' || !toldOtherwise.has(personId));
}
