import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { expireMessages } from '../sending/expire-messages.js';
import { IS_SERVED, IS_UNSURE, type MayHaveLeft, mayHaveLeft, parametersOf } from './may-have-left.js';
import type { ListedSince } from './served-since.query.js';
import { IS_DUE_FROM } from './waiting-messages.js';

/** What becomes of messages that may have left already: kept back for an agent, or sent all the same. */
export const SERVED_CHOICES = ['withhold', 'send'] as const;
export type ServedChoice = (typeof SERVED_CHOICES)[number];

export interface ServedDecision {
  /** As the report was made from. */
  readonly lists: readonly ListedSince[];
  /** Null: the report asked for none. */
  readonly choice: ServedChoice | null;
  /** What was read of the lists, by `readingShown`, before this was decided. */
  readonly shown?: string | undefined;
}

/** Useful messages that wait and may have left already, locked in one order. */
const OPEN = `
  WITH clock AS MATERIALIZED (SELECT app_now() AS now)
  SELECT m.id FROM ${IS_DUE_FROM}
   WHERE m.useful_until > clock.now AND (${IS_SERVED} OR ${IS_UNSURE}) ORDER BY m.id FOR UPDATE OF m`;

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
    if (count > 0 && choice !== null) await decide(tx, choice, await mayHaveLeft(tx, lists));
    return count > 0;
  }
}

/** Of what is withheld, with its convocation `c`. */
const REASON = `CASE WHEN EXISTS (SELECT FROM person p WHERE p.id = c.person_id AND ${IS_SERVED})
  THEN 'served-before-restore' ELSE 'unknown-before-restore' END`;

async function decide(tx: EntityManager, choice: ServedChoice, open: MayHaveLeft): Promise<void> {
  if (open.served.length === 0 && !open.isBlind) return;
  if (choice === 'withhold') await expireMessages(tx, OPEN, REASON, parametersOf(open));
  else
    await tx.query(
      `UPDATE message SET possible_duplicate = true, updated_at = app_now()
        WHERE id IN (${OPEN}) AND state IN ('planned', 'queued')`,
      parametersOf(open),
    );
}
