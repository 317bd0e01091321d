import type { ReceiptMeaning } from './attempt-results.js';

/** What the operator says of one part of a text. */
export interface PartReport {
  /** Its id at the operator. */
  readonly part: string;
  readonly meaning: ReceiptMeaning;
}

/** Hours for which an operator may still deliver, and report, what it took. */
export const REPORTED_WITHIN_HOURS = 72;

/** Names a text by its own ids and the number alone: its reports may come before the answer that names those ids. */
export function reportsByNumber(operator: string): boolean {
  return operator === 'link-mobility';
}

/** No id of an operator holds one. */
const BETWEEN = ',';

/** One id for each part, as they are kept with the attempt; the ids themselves hold no comma. */
export function joinedIds(ids: readonly string[]): string {
  return ids.join(BETWEEN);
}

/** The ids that `joinedIds` joined, in their order. */
export function idsOf(joined: string | null): readonly string[] {
  return joined === null ? [] : joined.split(BETWEEN);
}

/**
 * What the last of these reports makes of the whole text. It arrived once every part did: a phone shows nothing of a
 * text that lacks one. One part that did not arrive ends it at once, so that another way is tried in time. The first
 * end of a part stays; a later one that says otherwise is `contradicted`, and changes nothing.
 * @param parts how many the text has
 * @param reports in the order they came
 */
export function saidOfWhole(parts: number, reports: readonly PartReport[]): ReceiptMeaning | 'contradicted' {
  const ends = new Map<string, ReceiptMeaning>();
  for (const { part, meaning } of reports)
    if (meaning !== 'accepted' && !ends.has(part)) ends.set(part, meaning);
  const last = reports.at(-1);
  if (last !== undefined && last.meaning !== 'accepted' && ends.get(last.part) !== last.meaning)
    return 'contradicted';
  const all = [...ends.values()];
  if (all.includes('undelivered')) return 'undelivered';
  return all.length >= parts && parts > 0 ? 'delivered' : 'accepted';
}
