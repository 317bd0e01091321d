import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { canonicalHead, canonicalLink } from '../domain/journal-canonical.js';
import { type BadLink, type KeptHead, lateHead, wrongHead } from '../domain/journal-findings.js';
import { checkEntry } from './check-entry.js';
import { JournalKeys, sameBytes, UnknownJournalKey } from './journal-keys.js';
import {
  type HeadRow,
  headRows,
  type LinkRow,
  linkPages,
  lostMark,
  unlinkedPages,
} from './verify.queries.js';

export interface Verdict {
  readonly healthy: boolean;
  readonly entries: number;
  readonly days: number;
  /** Null: nothing is wrong. */
  readonly firstBad: BadLink | null;
}

interface Walk {
  entries: number;
  seq: bigint;
  previous: Buffer;
  day: string | null;
  readonly heads: Map<string, HeadRow>;
  /** Heads kept in a second place, by the number of the link they name. */
  readonly kept: Map<string, KeptHead>;
}

/**
 * Computes every mac and every link again, in order, a page at a time: memory does not grow with the journal. Wants a
 * transaction that sees one moment (REPEATABLE READ). Stops at the first thing that is wrong.
 */
@Injectable()
export class VerifyJournal {
  constructor(private readonly keys: JournalKeys) {}

  /** @param kept heads exported earlier: they tell a journal that was rewritten together with its heads */
  async execute(tx: EntityManager, kept: readonly KeptHead[] = []): Promise<Verdict> {
    const heads = await headRows(tx);
    const walk: Walk = {
      entries: 0,
      seq: 0n,
      previous: Buffer.alloc(0),
      day: null,
      heads: new Map(heads.map((head) => [head.day, head])),
      kept: new Map(kept.map((head) => [head.lastSeq, head])),
    };
    const firstBad = (await this.chain(tx, walk)) ?? (await this.waiting(tx));
    return { healthy: firstBad === null, entries: walk.entries, days: heads.length, firstBad };
  }

  private async chain(tx: EntityManager, walk: Walk): Promise<BadLink | null> {
    for await (const page of linkPages(tx))
      for (const row of page) {
        const bad = this.step(walk, row);
        if (bad !== null) return bad;
      }
    const last = this.endOfDay(walk);
    if (last !== null) return last;
    const [empty] = walk.heads.values();
    if (empty !== undefined) return wrongHead(empty.day, empty.lastSeq);
    const [beyond] = walk.kept.values();
    return beyond === undefined ? null : lateHead(beyond);
  }

  private step(walk: Walk, row: LinkRow): BadLink | null {
    const seq = walk.seq + 1n;
    const place = { day: row.day, seq: row.seq, entryId: row.entryId };
    if (BigInt(row.seq) !== seq)
      return { ...place, seq: String(seq), entryId: null, problem: 'missing-link' };
    if (walk.day !== null && walk.day !== row.day) {
      const bad = this.endOfDay(walk);
      if (bad !== null) return bad;
    }
    const problem = this.problemOf(walk.previous, seq, row);
    if (problem !== null) return { ...place, problem };
    Object.assign(walk, { entries: walk.entries + 1, seq, previous: row.hash, day: row.day });
    return this.keptHead(walk, row);
  }

  private problemOf(previous: Buffer, seq: bigint, row: LinkRow): BadLink['problem'] | null {
    if (row.entry === null) return 'missing-entry';
    const problem = checkEntry(this.keys, row.entry);
    if (problem !== null) return problem;
    return this.isMac(
      row.keyId,
      canonicalLink({ previous, seq, day: row.day, mac: row.entry.mac }),
      row.hash,
    );
  }

  private isMac(keyId: string, text: string, given: Buffer): 'unknown-key' | 'wrong-link' | null {
    try {
      return sameBytes(this.keys.mac(keyId, text), given) ? null : 'wrong-link';
    } catch (error) {
      if (error instanceof UnknownJournalKey) return 'unknown-key';
      throw error;
    }
  }

  /** The day whose links were all read: does its head say the same? */
  private endOfDay(walk: Walk): BadLink | null {
    if (walk.day === null) return null;
    const head = walk.heads.get(walk.day);
    walk.heads.delete(walk.day);
    const ended = walk.seq === BigInt(head?.lastSeq ?? 0) && sameBytes(head?.hash ?? EMPTY, walk.previous);
    if (head === undefined || !ended) return wrongHead(walk.day, String(walk.seq));
    const { day, hash } = head;
    const facts = { day, hash, firstSeq: BigInt(head.firstSeq), lastSeq: BigInt(head.lastSeq) };
    const problem = this.isMac(head.keyId, canonicalHead(facts), head.mac);
    return problem === null ? null : wrongHead(day, head.lastSeq);
  }

  private keptHead(walk: Walk, row: LinkRow): BadLink | null {
    const head = walk.kept.get(row.seq);
    walk.kept.delete(row.seq);
    return head === undefined || head.hash === row.hash.toString('hex') ? null : lateHead(head);
  }

  /** What has no link yet: written a moment ago, or kept from being linked. */
  private async waiting(tx: EntityManager): Promise<BadLink | null> {
    for await (const page of unlinkedPages(tx))
      for (const { entry, isLate } of page) {
        const place = { day: null, seq: null, entryId: entry.id };
        const problem = checkEntry(this.keys, entry) ?? (isLate ? 'unlinked-entry' : null);
        if (problem !== null) return { ...place, problem };
      }
    const lost = await lostMark(tx);
    return lost === null ? null : { day: null, seq: null, entryId: lost, problem: 'missing-entry' };
  }
}

const EMPTY = Buffer.alloc(0);
