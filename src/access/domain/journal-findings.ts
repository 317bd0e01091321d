/** What may be wrong with the journal, and how it is said to an operator. */
export const JOURNAL_PROBLEMS = {
  'changed-entry': 'this entry was changed after it was written',
  'missing-entry': 'this entry was deleted',
  'missing-link': 'a link of the chain is missing here',
  'wrong-link':
    'this link does not continue the one before it: changed, or entries were put in another order',
  'wrong-head': 'the head of this day does not fit its last link: links were cut off, or the head changed',
  'kept-head-differs': 'the head kept elsewhere for this day is not in this chain: it was rewritten',
  'unlinked-entry': 'this entry is older than a minute and was never linked',
  'unknown-key': 'made with a key that is not listed in SECRET_KEYS',
} as const;

export type JournalProblem = keyof typeof JOURNAL_PROBLEMS;

/** The first thing that is wrong. */
export interface BadLink {
  /** Day of the link (UTC), or null for an entry without one. */
  readonly day: string | null;
  readonly seq: string | null;
  readonly entryId: string | null;
  readonly problem: JournalProblem;
}

/** A head as it was exported. */
export interface KeptHead {
  readonly day: string;
  readonly lastSeq: string;
  /** Hexadecimal. */
  readonly hash: string;
}

export function wrongHead(day: string, seq: string): BadLink {
  return { day, seq, entryId: null, problem: 'wrong-head' };
}

export function lateHead({ day, lastSeq }: KeptHead): BadLink {
  return { day, seq: lastSeq, entryId: null, problem: 'kept-head-differs' };
}

export function findingInWords({ day, seq, entryId, problem }: BadLink): string {
  const place = [
    ...(day === null ? [] : [`day ${day}`]),
    ...(seq === null ? [] : [`link ${seq}`]),
    ...(entryId === null ? [] : [`entry ${entryId}`]),
  ].join(', ');
  return `${place}: ${JOURNAL_PROBLEMS[problem]}`;
}
