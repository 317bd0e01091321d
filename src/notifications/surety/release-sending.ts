import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { expireMessages } from '../sending/expire-messages.js';
import { type ListedSince, servedContacts } from './served-since.query.js';
import { IS_DUE_FROM } from './waiting-messages.js';

/** What becomes of messages to numbers that an operator served since: kept back for an agent, or sent all the same. */
export const SERVED_CHOICES = ['withhold', 'send'] as const;
export type ServedChoice = (typeof SERVED_CHOICES)[number];

export interface ServedDecision {
  /** As the report was made from. */
  readonly lists: readonly ListedSince[];
  /** Null: the report asked for none. */
  readonly choice: ServedChoice | null;
}

/** Waiting messages whose number is among $1, those that are useful, locked in one order. */
const SERVED = `
  WITH clock AS MATERIALIZED (SELECT app_now() AS now)
  SELECT m.id FROM ${IS_DUE_FROM}
   WHERE m.useful_until > clock.now AND p.phone_id = ANY($1::uuid[]) ORDER BY m.id FOR UPDATE OF m`;

/** Lets messages leave again, in the order of their hours. What they would be: `releaseReport`. */
@Injectable()
export class ReleaseSending {
  /**
   * Whatever the operator took before this moment counts as accounted for.
   * @param by `agent:<id>` or `cli`
   * @param holdId the one whose report was read: another may have come meanwhile
   * @returns false when that one is not in force
   */
  async execute(
    tx: EntityManager,
    by: string,
    holdId: string,
    { lists, choice }: ServedDecision = { lists: [], choice: null },
  ): Promise<boolean> {
    const [, count]: [unknown, number] = await tx.query(
      `UPDATE sending_hold SET released_at = app_now(), released_by = $1, real_released_at = clock_timestamp()
        WHERE released_at IS NULL AND id::text = $2`,
      [by, holdId],
    );
    if (count > 0 && choice !== null) await decide(tx, choice, await servedContacts(tx, lists));
    return count > 0;
  }
}

async function decide(tx: EntityManager, choice: ServedChoice, contacts: readonly string[]): Promise<void> {
  if (contacts.length === 0) return;
  if (choice === 'withhold') await expireMessages(tx, SERVED, `'served-before-restore'`, [contacts]);
  else
    await tx.query(
      `UPDATE message SET possible_duplicate = true, updated_at = app_now()
        WHERE id IN (${SERVED}) AND state IN ('planned', 'queued')`,
      [contacts],
    );
}
