import { canonicalEntry, canonicalJson, type SealedFacts } from '../domain/journal-canonical.js';
import type { DigestKind, JournalKeys } from './journal-keys.js';

/** What an entry names; forgotten after a year, digests stay. */
export interface NamedFacts {
  readonly agentId: string | null;
  readonly impersonatorId: string | null;
  readonly apiKeyId: string | null;
  readonly personId: string | null;
  readonly objectId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Digests of what an entry names. */
export type Digests = Pick<
  SealedFacts,
  'agentDigest' | 'impersonatorDigest' | 'apiKeyDigest' | 'personDigest' | 'objectDigest' | 'detailDigest'
>;

/** @param at ISO 8601, UTC: its month chooses the key @throws UnknownJournalKey */
export function digestsOf(keys: JournalKeys, keyId: string, at: string, named: NamedFacts): Digests {
  const month = at.slice(0, 7);
  const digest = (kind: DigestKind, id: string | null) =>
    id === null ? null : keys.digest(keyId, month, kind, id);
  return {
    agentDigest: digest('agent', named.agentId),
    impersonatorDigest: digest('agent', named.impersonatorId),
    apiKeyDigest: digest('api-key', named.apiKeyId),
    personDigest: digest('person', named.personId),
    objectDigest: digest('object', named.objectId),
    detailDigest: keys.digest(keyId, month, 'detail', canonicalJson(named.detail)),
  };
}

/** @throws UnknownJournalKey */
export function macOf(keys: JournalKeys, facts: SealedFacts): Buffer {
  return keys.mac(facts.keyId, canonicalEntry(facts));
}
