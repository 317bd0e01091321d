import type { EntityManager } from 'typeorm';
import { lockAndReadFree, type SendContext } from './send-context.query.js';
import type { Attempt } from './write-attempts.js';

/**
 * Announcements that may leave as one text with others of the batch, by message: the batch's own, and those that are
 * due for the same persons, who are locked. Asks nothing where there is none.
 */
export async function readSameDay(
  tx: EntityManager,
  batch: readonly SendContext[],
  environment: string,
  mark: string | null,
): Promise<Map<string, SendContext>> {
  const known = new Map(batch.map((context) => [context.messageId, context]));
  const asked = batch.flatMap(({ kind, sameDay }) => (kind === 'reminder' ? [] : (sameDay ?? [])));
  const missing = [...new Set(asked.map(({ messageId }) => messageId))].filter((id) => !known.has(id));
  if (missing.length === 0) return known;
  for (const more of await lockAndReadFree(tx, missing, environment, mark)) known.set(more.messageId, more);
  return known;
}

/**
 * Those that this announcement may say besides its own. What is sent again because it did not arrive leaves alone, lest
 * what kept it back keeps back the others; what was tried before may tell others itself.
 * @param open announcements not decided yet
 */
export function joinable(
  { kind, isRepeat, sameDay }: SendContext,
  open: ReadonlyMap<string, SendContext>,
): readonly SendContext[] {
  if (kind === 'reminder' || isRepeat) return [];
  return (sameDay ?? []).flatMap(({ messageId, isTold }) => {
    const other = open.get(messageId);
    return other !== undefined && (isTold || other.attempts === 0) ? [other] : [];
  });
}

/** What an earlier try of these texts was to tell, and the text of this one does not. */
export function unsaidBy(attempts: readonly Attempt[]): readonly string[] {
  return attempts.flatMap(({ context, tells }) =>
    (context.sameDay ?? []).flatMap(({ messageId, isTold }) =>
      isTold && !tells.includes(messageId) ? [messageId] : [],
    ),
  );
}
