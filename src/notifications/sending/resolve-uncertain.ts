import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { AfterCommit } from '../../platform/scheduled-tasks.js';
import { Transaction } from '../../platform/transaction.js';
import { instantOf } from '../../shared/time.js';
import { LEASE_SECONDS, LOOKUP_SECONDS } from '../domain/attempt-results.js';
import type { Channel } from '../domain/notification.states.js';
import { Gateways } from '../providers/gateways.js';
import type { FoundMessage } from '../providers/message-gateway.port.js';
import { reportsByNumber } from '../domain/text-parts.js';
import { drawEarlyReports } from './draw-early-reports.js';
import { openRecipient } from './recipient-of.js';
import { applyStatus, lockMessageOf } from './record-receipt.js';
import { isMadeFor } from '../surety/sending-hold.js';

const BATCH = 100;
/** Look-ups in flight at once: a doubt is rare, a storm of them must not slow the sends. */
const PARALLEL = 5;

interface Doubt {
  readonly attemptId: string;
  readonly messageId: string;
  readonly operator: string;
  readonly sender: string;
  /** Null: nobody can read it any more. */
  readonly recipient: string | null;
  readonly bodyHash: Buffer;
  readonly realStartedAt: Date;
  /** Seconds since the attempt. */
  readonly age: number;
}

type DoubtRow = Omit<Doubt, 'recipient'> & { readonly recipientId: string };

/**
 * Ends every doubt: a receipt may have ended it already; otherwise the operator's own list is read 30 s, 2 min and
 * 5 min after the attempt. Absent at the last reading, the message is sent once more, flagged, or expired.
 */
@Injectable()
export class ResolveUncertain {
  private readonly log = new Logger(ResolveUncertain.name);

  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly gateways: Gateways,
  ) {}

  async execute(tx: EntityManager): Promise<AfterCommit | undefined> {
    const { smsIsOn, mailIsOn } = this.gateways;
    const channels: Channel[] = [
      ...(smsIsOn ? (['sms'] as const) : []),
      ...(mailIsOn ? (['email'] as const) : []),
    ];
    // Another environment's operator knows nothing of these messages: absent there proves nothing.
    if (channels.length === 0 || !(await isMadeFor(tx, this.env.APP_ENV))) return undefined;
    const doubts = await takeDoubts(tx, channels);
    return doubts.length === 0 ? undefined : () => this.resolveAll(doubts);
  }

  private async resolveAll(doubts: readonly Doubt[]): Promise<void> {
    const left = [...doubts];
    const lane = async () => {
      for (let doubt = left.pop(); doubt !== undefined; doubt = left.pop()) await this.resolve(doubt);
    };
    await Promise.all(Array.from({ length: PARALLEL }, lane));
  }

  /**
   * An operator that does not answer leaves the doubt as it is; the lease brings it back in a minute, until the sweep
   * ends a doubt about what is useful no longer.
   */
  private async resolve(doubt: Doubt): Promise<void> {
    try {
      const found = await this.lookUp(doubt);
      await this.transaction.run((tx) => this.conclude(tx, doubt, found));
    } catch (error) {
      this.log.warn(`look-up failed: ${error instanceof Error ? error.name : 'unknown'}`);
    }
  }

  /** Null: an operator that is configured no longer, or a number that nobody reads, is as one that keeps no list. */
  private async lookUp({ operator, recipient, ...doubt }: Doubt): Promise<readonly FoundMessage[] | null> {
    if (recipient === null) return null;
    const { sender, bodyHash, realStartedAt } = doubt;
    const wanted = { recipient, sender, bodyHash, since: instantOf(realStartedAt) };
    return (await this.gateways.find(operator)?.lookUp(wanted)) ?? null;
  }

  /** @param found null: there is no list to look at */
  private async conclude(
    tx: EntityManager,
    doubt: Doubt,
    found: readonly FoundMessage[] | null,
  ): Promise<void> {
    const attempt = await lockMessageOf(tx, doubt.messageId, doubt.attemptId);
    if (attempt?.result !== 'uncertain') return;
    if (reportsByNumber(doubt.operator) && (await drawEarlyReports(tx, doubt))) return;
    const unclaimed = await unclaimedOf(tx, doubt.operator, found ?? []);
    if (unclaimed[0] !== undefined) {
      // Its own answer will say whether it is that one: the lease brings the doubt back once the call has ended.
      if (!(await isAnotherOpen(tx, doubt))) await applyStatus(tx, attempt, unclaimed[0], 'list');
      return;
    }
    if (doubt.age < (LOOKUP_SECONDS.at(-1) ?? 0)) await scheduleNext(tx, doubt, found !== null);
    else await decideAbsent(tx, doubt);
  }
}

/**
 * Due look-ups by channels that are on, leased so that another worker does not read the same list. One whose number was
 * sealed by a key that this process lacks is another's: looked up nowhere, it would be taken for absent and sent again.
 */
async function takeDoubts(tx: EntityManager, channels: readonly Channel[]): Promise<readonly Doubt[]> {
  const [rows]: [DoubtRow[], number] = await tx.query(
    `UPDATE delivery_attempt a
        SET next_lookup_at = app_now() + make_interval(secs => $2)
      WHERE id IN (SELECT id FROM delivery_attempt WHERE result = 'uncertain' AND next_lookup_at <= app_now()
                      AND channel = ANY($3)
                    ORDER BY next_lookup_at LIMIT $1 FOR UPDATE SKIP LOCKED)
      RETURNING id AS "attemptId", message_id AS "messageId", operator, sender, recipient_id AS "recipientId",
                body_hash AS "bodyHash", real_started_at AS "realStartedAt",
                extract(epoch FROM app_now() - started_at)::float8 AS age`,
    [BATCH, LEASE_SECONDS, channels],
  );
  const sealed = await sealedRecipients(tx, rows);
  return rows.flatMap(({ recipientId, ...row }) => {
    const recipient = openRecipient(tx, recipientId, sealed.get(recipientId) ?? null);
    return recipient === 'unknown-key' ? [] : [{ ...row, recipient: recipient?.value ?? null }];
  });
}

async function sealedRecipients(
  tx: EntityManager,
  rows: readonly DoubtRow[],
): Promise<ReadonlyMap<string, Buffer>> {
  const contacts: { id: string; sealed: Buffer }[] = await tx.query(
    'SELECT id, value_sealed AS sealed FROM contact WHERE id = ANY($1::uuid[])',
    [rows.map(({ recipientId }) => recipientId)],
  );
  return new Map(contacts.map(({ id, sealed }) => [id, sealed]));
}

/** The operator's messages that no attempt of ours has adopted yet, newest first. */
async function unclaimedOf(
  tx: EntityManager,
  operator: string,
  found: readonly FoundMessage[],
): Promise<readonly FoundMessage[]> {
  if (found.length === 0) return [];
  const claimed: { id: string }[] = await tx.query(
    `SELECT operator_message_id AS id FROM delivery_attempt WHERE operator = $1 AND operator_message_id = ANY($2)`,
    [operator, found.map((message) => message.operatorMessageId)],
  );
  const taken = new Set(claimed.map((row) => row.id));
  return found.filter((message) => !taken.has(message.operatorMessageId));
}

/**
 * Another call with the same words to the same number has not ended (two persons share a telephone): what the operator
 * lists may be its text. The sweep ends every call after a minute, so this waits no longer.
 */
async function isAnotherOpen(tx: EntityManager, { attemptId }: Doubt): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `SELECT FROM delivery_attempt mine
       JOIN delivery_attempt other ON other.recipient_id = mine.recipient_id AND other.operator = mine.operator
        AND other.body_hash = mine.body_hash AND other.id <> mine.id
      WHERE mine.id = $1 AND other.result = 'open' LIMIT 1`,
    [attemptId],
  );
  return rows.length > 0;
}

/** @param isSeen a list was read, and it was not on it */
async function scheduleNext(tx: EntityManager, doubt: Doubt, isSeen: boolean): Promise<void> {
  const next =
    LOOKUP_SECONDS.find((seconds) => seconds > doubt.age) ?? LOOKUP_SECONDS[LOOKUP_SECONDS.length - 1];
  await tx.query(
    `UPDATE delivery_attempt SET next_lookup_at = started_at + make_interval(secs => $2),
            lookups = lookups + CASE WHEN $3 THEN 1 ELSE 0 END WHERE id = $1`,
    [doubt.attemptId, next, isSeen],
  );
}

/**
 * The operator does not have it, well after it could still have finished: one more send, flagged as a possible
 * duplicate; in doubt a second time, or useful no longer, it expires and an agent is told.
 */
async function decideAbsent(tx: EntityManager, doubt: Doubt): Promise<void> {
  await tx.query(`UPDATE delivery_attempt SET result = 'abandoned', next_lookup_at = NULL WHERE id = $1`, [
    doubt.attemptId,
  ]);
  await tx.query(
    `UPDATE message
        SET state = CASE WHEN possible_duplicate OR useful_until <= app_now() THEN 'expired' ELSE 'planned' END,
            reason = CASE WHEN possible_duplicate THEN 'in-doubt-twice' WHEN useful_until <= app_now() THEN 'too-late' END,
            settled_at = CASE WHEN possible_duplicate OR useful_until <= app_now() THEN app_now() END,
            due_at = CASE WHEN possible_duplicate OR useful_until <= app_now() THEN due_at ELSE app_now() END,
            possible_duplicate = true, updated_at = app_now()
      WHERE id = $1 AND state = 'uncertain'`,
    [doubt.messageId],
  );
}
