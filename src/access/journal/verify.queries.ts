import type { EntityManager } from 'typeorm';
import { NAMED_MONTHS } from '../domain/journal-actions.js';
import type { FoundEntry } from './check-entry.js';

/** Rows held in memory at once. */
const PAGE = 2_000;
const NO_ID = '00000000-0000-0000-0000-000000000000';

export interface LinkRow {
  readonly seq: string;
  readonly day: string;
  readonly entryId: string;
  readonly keyId: string;
  readonly hash: Buffer;
  readonly entry: FoundEntry | null;
}

export interface HeadRow {
  readonly day: string;
  readonly firstSeq: string;
  readonly lastSeq: string;
  readonly hash: Buffer;
  readonly keyId: string;
  readonly mac: Buffer;
}

type Flat = Omit<LinkRow, 'entryId' | 'keyId' | 'entry'> &
  FoundEntry & { readonly entryId: string; readonly linkKeyId: string; readonly found: boolean };

const ENTRY = `e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, e.action,
  e.agent_id AS "agentId", e.impersonator_id AS "impersonatorId", e.api_key_id AS "apiKeyId",
  e.person_id AS "personId", e.object_id AS "objectId", e.organization_id AS "organizationId",
  e.request_id AS "requestId", e.detail, e.agent_digest AS "agentDigest",
  e.impersonator_digest AS "impersonatorDigest", e.api_key_digest AS "apiKeyDigest",
  e.person_digest AS "personDigest", e.object_digest AS "objectDigest", e.detail_digest AS "detailDigest",
  e.key_id AS "keyId", e.mac, e.at < app_now() - make_interval(months => ${NAMED_MONTHS}) AS "mayBeNameless"`;

/** Links in order, with their entries. */
export async function* linkPages(tx: EntityManager): AsyncGenerator<readonly LinkRow[]> {
  for (let after = '0'; ;) {
    const rows: Flat[] = await tx.query(
      `SELECT l.seq, l.day, l.entry_id AS "entryId", l.key_id AS "linkKeyId", l.hash, e.id IS NOT NULL AS found, ${ENTRY}
         FROM (SELECT * FROM journal_link WHERE seq > $1::bigint ORDER BY seq LIMIT ${PAGE}) AS l
         LEFT JOIN journal_entry e ON e.id = l.entry_id ORDER BY l.seq`,
      [after],
    );
    yield rows.map(linkOf);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.seq;
  }
}

function linkOf({ seq, day, entryId, linkKeyId, hash, found, ...entry }: Flat): LinkRow {
  return { seq, day, entryId, keyId: linkKeyId, hash, entry: found ? entry : null };
}

/** A handful of entries without a link, found by walking all of them once. */
export async function* unlinkedPages(
  tx: EntityManager,
): AsyncGenerator<readonly { entry: FoundEntry; isLate: boolean }[]> {
  for (let after = NO_ID; ;) {
    const rows: (FoundEntry & { isLate: boolean; isLinked: boolean })[] = await tx.query(
      `SELECT ${ENTRY}, e.at < app_now() - interval '1 minute' AS "isLate", l.seq IS NOT NULL AS "isLinked"
         FROM (SELECT * FROM journal_entry WHERE id > $1 ORDER BY id LIMIT ${PAGE}) AS e
         LEFT JOIN journal_link l ON l.entry_id = e.id ORDER BY e.id`,
      [after],
    );
    yield rows.filter(({ isLinked }) => !isLinked).map((entry) => ({ entry, isLate: entry.isLate }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}

export async function headRows(tx: EntityManager): Promise<HeadRow[]> {
  return tx.query(
    `SELECT day, first_seq AS "firstSeq", last_seq AS "lastSeq", hash, key_id AS "keyId", mac
       FROM journal_head ORDER BY day`,
  );
}

/** Waits for its link, and is not there any more. */
export async function lostMark(tx: EntityManager): Promise<string | null> {
  const rows: { id: string }[] = await tx.query(
    `SELECT u.entry_id AS id FROM journal_unlinked u LEFT JOIN journal_entry e ON e.id = u.entry_id
      WHERE e.id IS NULL ORDER BY 1 LIMIT 1`,
  );
  return rows[0]?.id ?? null;
}
