import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  DOUBT_AFTER_SECONDS,
  LEASE_SECONDS,
  LOOKUP_SECONDS,
  SWEEP_AFTER_MINUTES,
} from '../domain/attempt-results.js';
import { expireMessages } from './expire-messages.js';

/**
 * Repairs what a dead worker, a lost queue or a long outage left behind. Set-based, by partial indexes: its cost
 * follows what is wrong, not the size of the tables.
 */
@Injectable()
export class SweepMessages {
  async execute(tx: EntityManager): Promise<undefined> {
    await requeue(tx);
    await doubt(tx);
    await expire(tx, `state IN ('planned', 'queued') AND useful_until <= app_now()`);
    // Its hour comes too late (the window opens after the appointment): an agent is told now, not at the door.
    await expire(tx, `state = 'planned' AND useful_until <= due_at`);
    await expireDoubts(tx);
    return undefined;
  }
}

async function requeue(tx: EntityManager): Promise<void> {
  await tx.query(
    `UPDATE message SET state = 'planned', updated_at = app_now()
      WHERE id IN (SELECT id FROM message WHERE state = 'queued'
                     AND claimed_at < app_now() - make_interval(mins => $1) FOR UPDATE SKIP LOCKED)`,
    [SWEEP_AFTER_MINUTES],
  );
}

/** An attempt was committed and nobody recorded its answer: the worker died, or its call never ended. */
async function doubt(tx: EntityManager): Promise<void> {
  await tx.query(
    `WITH stale AS (
       SELECT m.id, a.id AS attempt_id FROM delivery_attempt a JOIN message m ON m.id = a.message_id
        WHERE a.result = 'open' AND a.started_at < app_now() - make_interval(secs => $1)
        FOR UPDATE OF m SKIP LOCKED
     ), attempts AS (
       UPDATE delivery_attempt a
          SET result = 'uncertain', next_lookup_at = a.started_at + make_interval(secs => $2)
         FROM stale WHERE a.id = stale.attempt_id AND a.result = 'open'
     )
     UPDATE message m SET state = 'uncertain', updated_at = app_now()
       FROM stale WHERE m.id = stale.id AND m.state = 'sending'`,
    [DOUBT_AFTER_SECONDS, LOOKUP_SECONDS[0]],
  );
}

/**
 * Useful no longer.
 * @param useless SQL condition that one of the partial indexes on `useful_until` has for its own
 */
function expire(tx: EntityManager, useless: string): Promise<void> {
  const which = `SELECT id FROM message WHERE ${useless} ORDER BY useful_until LIMIT 5000 FOR UPDATE SKIP LOCKED`;
  return expireMessages(tx, which, `coalesce(m.reason, 'too-late')`);
}

/** In doubt until it was useful no longer, and the last look-up had its time: nobody will know, an agent is told. */
async function expireDoubts(tx: EntityManager): Promise<void> {
  await tx.query(
    `WITH hopeless AS (
       SELECT m.id, a.id AS attempt_id FROM message m
         JOIN delivery_attempt a ON a.message_id = m.id AND a.number = m.attempts AND a.result = 'uncertain'
        WHERE m.state = 'uncertain' AND m.useful_until <= app_now()
          AND a.started_at < app_now() - make_interval(secs => $1)
        LIMIT 5000 FOR UPDATE OF m SKIP LOCKED
     ), attempts AS (
       UPDATE delivery_attempt a SET result = 'abandoned', next_lookup_at = NULL
         FROM hopeless WHERE a.id = hopeless.attempt_id AND a.result = 'uncertain'
     )
     UPDATE message m
        SET state = 'expired', reason = CASE WHEN possible_duplicate THEN 'in-doubt-twice' ELSE 'in-doubt' END,
            settled_at = app_now(), updated_at = app_now()
       FROM hopeless WHERE m.id = hopeless.id AND m.state = 'uncertain'`,
    [(LOOKUP_SECONDS.at(-1) ?? 0) + LEASE_SECONDS],
  );
}
