import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../../platform/prepared.js';
import { canonicalHead, canonicalLink } from '../domain/journal-canonical.js';
import { JournalKeys } from './journal-keys.js';

const BATCH = 2_000;
/** 20 000 entries each time: more than all of France writes in the seconds between two runs. */
const BATCHES = 10;

/** Where the chain ends. */
interface Tip {
  readonly day: string;
  readonly firstSeq: bigint;
  readonly lastSeq: bigint;
  readonly hash: Buffer;
}

interface Waiting {
  readonly id: string;
  readonly mac: Buffer;
}

/**
 * Links what the journal gained since the last run: each entry to the one before it, by a keyed hash, one chain of
 * days. Apart from the transactions that write entries, which would otherwise wait for each other.
 */
@Injectable()
export class SealJournal {
  private readonly log = new Logger('journal');

  constructor(private readonly keys: JournalKeys) {}

  /** Bounded. Two at once: the second waits, then goes on where the first ended. @returns how many were linked */
  async execute(tx: EntityManager): Promise<number> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('journal'), hashtext('link'))`);
    let linked = 0;
    for (let batch = 0; batch < BATCHES; batch++) {
      const waiting: Waiting[] = await tx.query(TAKE, [BATCH]);
      if (waiting.length > 0) await this.link(tx, waiting);
      linked += waiting.length;
      if (waiting.length < BATCH) break;
    }
    return linked;
  }

  private async link(tx: EntityManager, waiting: readonly Waiting[]): Promise<void> {
    const { tip, day } = await this.tipOf(tx);
    if (tip !== null && tip.day !== day) this.announce(tip);
    let seq = tip?.lastSeq ?? 0n;
    let previous = tip?.hash ?? Buffer.alloc(0);
    const keyId = this.keys.newest;
    const hashes = waiting.map(({ mac }) => {
      seq += 1n;
      previous = this.keys.mac(keyId, canonicalLink({ previous, seq, day, mac }));
      return previous;
    });
    const ids = waiting.map(({ id }) => id);
    const before = tip?.lastSeq ?? 0n;
    await tx.query(LINK, [String(before), day, ids, keyId, hashes]);
    const firstSeq = tip?.day === day ? tip.firstSeq : before + 1n;
    await this.moveHead(tx, keyId, { day, firstSeq, lastSeq: seq, hash: previous });
  }

  /** Today, or the day of the last link should the clock have gone back. */
  private async tipOf(tx: EntityManager): Promise<{ tip: Tip | null; day: string }> {
    const rows: { today: string; day: string | null; firstSeq: string; lastSeq: string; hash: Buffer }[] =
      await tx.query(TIP);
    const row = rows[0];
    if (row === undefined) throw new Error('app_now() answered nothing');
    if (row.day === null) return { tip: null, day: row.today };
    const { day, hash } = row;
    const tip = { day, firstSeq: BigInt(row.firstSeq), lastSeq: BigInt(row.lastSeq), hash };
    return { tip, day: row.today > day ? row.today : day };
  }

  private async moveHead(tx: EntityManager, keyId: string, head: Tip): Promise<void> {
    await tx.query(MOVE_HEAD, [
      head.day,
      String(head.firstSeq),
      String(head.lastSeq),
      head.hash,
      keyId,
      this.keys.mac(keyId, canonicalHead(head)),
    ]);
  }

  /** Logs are kept elsewhere: there the head of a day cannot be changed with the database. */
  private announce(head: Tip): void {
    const { day, firstSeq, lastSeq } = head;
    this.log.log({
      journalDay: day,
      firstSeq: String(firstSeq),
      lastSeq: String(lastSeq),
      head: head.hash.toString('hex'),
    });
  }
}

/** An entry that somebody deleted meanwhile leaves its mark waiting, for `audit:verify` to name. */
const TAKE = prepared(`
WITH waiting AS (
  SELECT e.id, e.at, e.mac FROM journal_unlinked u JOIN journal_entry e ON e.id = u.entry_id
   ORDER BY e.at, e.id LIMIT $1
), taken AS (
  DELETE FROM journal_unlinked u USING waiting w WHERE u.entry_id = w.id RETURNING u.entry_id
)
SELECT w.id, w.mac FROM waiting w JOIN taken ON taken.entry_id = w.id ORDER BY w.at, w.id`);

const TIP = prepared(`
SELECT (app_now() AT TIME ZONE 'UTC')::date AS today, h.day, h.first_seq AS "firstSeq", h.last_seq AS "lastSeq", h.hash
  FROM (SELECT) AS always LEFT JOIN (SELECT * FROM journal_head ORDER BY day DESC LIMIT 1) AS h ON true`);

const LINK = prepared(`
INSERT INTO journal_link (seq, day, entry_id, key_id, hash)
SELECT $1::bigint + n, $2::date, id, $4, hash FROM unnest($3::uuid[], $5::bytea[]) WITH ORDINALITY AS l(id, hash, n)`);

const MOVE_HEAD = prepared(`
INSERT INTO journal_head (day, first_seq, last_seq, hash, key_id, mac) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (day) DO UPDATE
  SET last_seq = excluded.last_seq, hash = excluded.hash, key_id = excluded.key_id, mac = excluded.mac`);
