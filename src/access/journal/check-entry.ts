import type { SealedFacts } from '../domain/journal-canonical.js';
import { type JournalKeys, sameBytes, UnknownJournalKey } from './journal-keys.js';
import { digestsOf, macOf, type NamedFacts } from './journal-row.js';

/** An entry as it is found. */
export interface FoundEntry extends SealedFacts, Omit<NamedFacts, 'detail'> {
  /** Null: pseudonymised. */
  readonly detail: Readonly<Record<string, unknown>> | null;
  /** Old enough to have been pseudonymised. */
  readonly mayBeNameless: boolean;
  readonly mac: Buffer;
}

const NAMES = ['agent', 'impersonator', 'apiKey', 'person', 'object', 'detail'] as const;

/** Does it say what it said when it was written? */
export function checkEntry(keys: JournalKeys, entry: FoundEntry): 'changed-entry' | 'unknown-key' | null {
  try {
    const isSound = sameBytes(macOf(keys, entry), entry.mac) && namesFit(keys, entry);
    return isSound ? null : 'changed-entry';
  } catch (error) {
    if (error instanceof UnknownJournalKey) return 'unknown-key';
    throw error;
  }
}

/** All names are there and fit their digests; or none is, and the entry is old enough. */
function namesFit(keys: JournalKeys, entry: FoundEntry): boolean {
  if (entry.detail === null)
    return entry.mayBeNameless && NAMES.every((name) => name === 'detail' || entry[`${name}Id`] === null);
  const expected = digestsOf(keys, entry.keyId, entry.at, { ...entry, detail: entry.detail });
  return NAMES.every((name) => {
    const [digest, found] = [expected[`${name}Digest`], entry[`${name}Digest`]];
    return digest === null || found === null ? digest === found : sameBytes(digest, found);
  });
}
