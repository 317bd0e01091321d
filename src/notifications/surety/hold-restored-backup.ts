import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { findContacts } from '../../platform/contacts.js';
import { Transaction } from '../../platform/transaction.js';
import { HoldSending } from './hold-sending.js';
import { Gateways } from '../providers/gateways.js';
import type { RecentMessage } from '../providers/message-gateway.port.js';
import { isMadeFor } from './sending-hold.js';

type Outcome = 'explained' | 'unexplained' | 'no-list' | 'no-answer';

interface Listed {
  readonly operator: string;
  /** Null: it keeps no list, or did not answer. */
  readonly messages: readonly RecentMessage[] | null;
  readonly outcome: Outcome;
}

/** A worker that starts while an operator is silent waits this often, then goes on: it must not stay blocked. */
const TRIES = 3;
const PAUSE_MS = 1_000;
const ANSWERS_WITHIN_MS = 5_000;

/**
 * Before a worker takes its first job: does this database know what the operator took last? Yesterday's backup does
 * not, and would send yesterday's messages again. A worker that was killed left its attempts behind, and a new
 * database is younger than an old account, so neither is held.
 */
@Injectable()
export class HoldRestoredBackup {
  private readonly log = new Logger(HoldRestoredBackup.name);

  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly gateways: Gateways,
    private readonly holdSending: HoldSending,
  ) {}

  /** @returns false when this database belongs to another environment: nothing of it may be touched */
  async run(): Promise<boolean> {
    if (!(await this.transaction.run((tx) => isMadeFor(tx, this.env.APP_ENV)))) {
      this.log.error('this database was made for another environment: nothing is sent, no job is taken');
      return false;
    }
    const lists = await Promise.all(this.env.SMS_PROVIDERS.map((operator) => this.listOf(operator)));
    for (const listed of lists) await this.transaction.run((tx) => this.judge(tx, listed));
    return true;
  }

  private async listOf(operator: string): Promise<Listed> {
    for (let tried = 1; ; tried++)
      try {
        const messages = await this.recent(operator);
        return { operator, messages, outcome: messages === null ? 'no-list' : 'explained' };
      } catch {
        if (tried === TRIES) return { operator, messages: null, outcome: 'no-answer' };
        await delay(PAUSE_MS);
      }
  }

  private async recent(operator: string): Promise<readonly RecentMessage[] | null> {
    const silence = new AbortController();
    const late = delay(ANSWERS_WITHIN_MS, undefined, { signal: silence.signal }).then(() => {
      throw new Error('the operator does not answer');
    });
    const asked = this.gateways.byOperator(operator).recent?.() ?? Promise.resolve(null);
    try {
      return await Promise.race([asked, late]);
    } finally {
      silence.abort();
      late.catch(() => undefined);
      asked.catch(() => undefined);
    }
  }

  private async judge(tx: EntityManager, { operator, messages, outcome }: Listed): Promise<void> {
    const unknown = messages === null ? 0 : await countUnexplained(tx, operator, messages);
    await remember(tx, operator, unknown > 0 ? 'unexplained' : outcome);
    if (messages === null) {
      this.log.warn(`${operator}: ${outcome}, this database could not be compared with what was sent`);
      return;
    }
    if (unknown === 0) return;
    const detail = `${operator} took ${unknown} messages that this database does not know`;
    await this.holdSending.execute(tx, { reason: 'restored-backup', detail }, 'worker');
    this.log.error(`${detail}: it may be a restored backup, sending is held`);
  }
}

/**
 * Messages the operator took after everything we know of (installation, last release, our last attempt), for a
 * number that is registered here, and that no attempt of ours explains: neither by its id, nor by a call to that
 * number at that time whose answer was lost.
 */
async function countUnexplained(
  tx: EntityManager,
  operator: string,
  messages: readonly RecentMessage[],
): Promise<number> {
  const contacts = await findContacts(
    tx,
    'phone',
    messages.map((message) => message.recipient),
  );
  const rows: { n: number }[] = await tx.query(
    `SELECT count(*)::int AS n
       FROM unnest($2::text[], $3::uuid[], $4::timestamptz[]) AS listed(sid, recipient_id, created_at)
      WHERE created_at > greatest((SELECT installed_at FROM environment),
                                  (SELECT max(real_released_at) FROM sending_hold))
        AND EXISTS (SELECT FROM person WHERE phone_id = listed.recipient_id)
        AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.operator = $1 AND a.real_started_at >= created_at)
        AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.operator = $1 AND a.operator_message_id = sid)
        AND NOT EXISTS (SELECT FROM delivery_attempt a
                         WHERE a.recipient_id = listed.recipient_id AND a.operator_message_id IS NULL
                           AND a.real_started_at BETWEEN created_at - interval '2 minutes'
                                                     AND created_at + interval '2 minutes')`,
    [
      operator,
      messages.map((message) => message.operatorMessageId),
      messages.map((message) => contacts.get(message.recipient) ?? null),
      messages.map((message) => message.createdAt.toString()),
    ],
  );
  return rows[0]?.n ?? 0;
}

async function remember(tx: EntityManager, operator: string, outcome: Outcome): Promise<void> {
  await tx.query(
    `INSERT INTO operator_comparison (operator, outcome) VALUES ($1, $2)
     ON CONFLICT (operator) DO UPDATE SET outcome = excluded.outcome, compared_at = now()`,
    [operator, outcome],
  );
}
