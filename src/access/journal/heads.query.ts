import type { EntityManager } from 'typeorm';

/** Where the chain of one day ends: what is kept in a second place. */
export interface JournalHead {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly firstSeq: string;
  readonly lastSeq: string;
  /** Hexadecimal. */
  readonly hash: string;
  readonly keyId: string;
}

/** Oldest first; 365 a year. */
export async function journalHeads(tx: EntityManager): Promise<JournalHead[]> {
  return tx.query(
    `SELECT day, first_seq AS "firstSeq", last_seq AS "lastSeq", encode(hash, 'hex') AS hash, key_id AS "keyId"
       FROM journal_head ORDER BY day`,
  );
}

/** The newest one, or null before the first link. */
export async function newestHead(tx: EntityManager): Promise<JournalHead | null> {
  const rows: JournalHead[] = await tx.query(
    `SELECT day, first_seq AS "firstSeq", last_seq AS "lastSeq", encode(hash, 'hex') AS hash, key_id AS "keyId"
       FROM journal_head ORDER BY day DESC LIMIT 1`,
  );
  return rows[0] ?? null;
}
