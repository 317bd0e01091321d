/** One entry as its mac sees it: digests stand for whatever is forgotten after a year. */
export interface SealedFacts {
  readonly id: string;
  /** ISO 8601 in UTC, microseconds: `2026-04-14T07:30:00.000000Z`. */
  readonly at: string;
  readonly action: string;
  readonly organizationId: string | null;
  readonly requestId: string | null;
  readonly keyId: string;
  readonly agentDigest: Buffer | null;
  readonly impersonatorDigest: Buffer | null;
  readonly apiKeyDigest: Buffer | null;
  readonly personDigest: Buffer | null;
  readonly objectDigest: Buffer | null;
  readonly detailDigest: Buffer;
}

const FORMAT = 1;

/** One text per entry, and one entry per text: every field has its place, an absent one is null. */
export function canonicalEntry(facts: SealedFacts): string {
  const hex = (digest: Buffer | null) => digest?.toString('hex') ?? null;
  return JSON.stringify([
    FORMAT,
    facts.id,
    facts.at,
    facts.action,
    facts.organizationId,
    facts.requestId,
    facts.keyId,
    hex(facts.agentDigest),
    hex(facts.impersonatorDigest),
    hex(facts.apiKeyDigest),
    hex(facts.personDigest),
    hex(facts.objectDigest),
    hex(facts.detailDigest),
  ]);
}

/** The same text for the same content, whatever the order in which the database gives the keys back. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value)
    .filter(([, content]) => content !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, content]) => `${JSON.stringify(key)}:${canonicalJson(content)}`).join(',')}}`;
}

/** What a link's hash is made of. */
export interface LinkFacts {
  /** Hash of the link before; empty for the very first. */
  readonly previous: Buffer;
  readonly seq: bigint;
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly mac: Buffer;
}

export function canonicalLink({ previous, seq, day, mac }: LinkFacts): string {
  return JSON.stringify(['link', previous.toString('hex'), String(seq), day, mac.toString('hex')]);
}

export interface HeadFacts {
  readonly day: string;
  readonly firstSeq: bigint;
  readonly lastSeq: bigint;
  readonly hash: Buffer;
}

export function canonicalHead({ day, firstSeq, lastSeq, hash }: HeadFacts): string {
  return JSON.stringify(['head', day, String(firstSeq), String(lastSeq), hash.toString('hex')]);
}
