import type { EntityManager } from 'typeorm';
import type { SameDayRow, SendContext } from './send-context.js';
import { lockAndReadFree } from './send-context.query.js';
import type { Attempt } from './write-attempts.js';

/**
 * What may leave as one text with messages of the batch, by message: the batch's own, and those for the same persons,
 * who are locked. Asks nothing where there is none.
 */
export async function readSameDay(
  tx: EntityManager,
  batch: readonly SendContext[],
  environment: string,
  mark: string | null,
): Promise<Map<string, SendContext>> {
  const known = new Map(batch.map((context) => [context.messageId, context]));
  const asked = batch.flatMap(({ sameDay }) => (sameDay ?? []).filter(({ isAlike }) => !isAlike));
  const missing = [...new Set(asked.map(({ messageId }) => messageId))].filter((id) => !known.has(id));
  if (missing.length === 0) return known;
  for (const more of await lockAndReadFree(tx, missing, environment, mark)) known.set(more.messageId, more);
  return known;
}

/**
 * Those that this text may say besides its own, whole, one for each appointment. What is sent again because it did not
 * arrive leaves alone, lest what kept it back keeps back the others; what was tried before may tell others itself.
 * @param open messages not decided yet
 */
export function joinable(
  { isRepeat, sameDay }: SendContext,
  open: ReadonlyMap<string, SendContext>,
): readonly SendContext[] {
  if (isRepeat) return [];
  const others = (sameDay ?? []).flatMap(({ messageId, isTold, isAlike }) => {
    const other = open.get(messageId);
    return !isAlike && other !== undefined && (isTold || other.attempts === 0) ? [other] : [];
  });
  return [...oncePerAppointment(others)];
}

/** Though several reminders of it may be due. */
export function oncePerAppointment<T extends { readonly convocationId: string }>(
  rows: readonly T[],
): Iterable<T> {
  return new Map(rows.map((row) => [row.convocationId, row])).values();
}

/** Every message of these rows that the text tells: in a word, or because it says the appointment whole. */
export function toldBy(sameDay: readonly SameDayRow[], joined: readonly SendContext[]): readonly string[] {
  const whole = new Set(joined.map(({ convocationId }) => convocationId));
  return sameDay
    .filter(({ isAlike, convocationId }) => isAlike || whole.has(convocationId))
    .map(({ messageId }) => messageId);
}

/** What an earlier try of these texts was to tell, and the text of this one does not. */
export function unsaidBy(attempts: readonly Attempt[]): readonly string[] {
  return attempts.flatMap(({ context, tells }) =>
    (context.sameDay ?? []).flatMap(({ messageId, isTold }) =>
      isTold && !tells.includes(messageId) ? [messageId] : [],
    ),
  );
}
