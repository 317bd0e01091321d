import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DOUBT_AFTER_SECONDS, LOOKUP_SECONDS, SWEEP_AFTER_MINUTES } from '../domain/attempt-results.js';

/**
 * Repairs what a dead worker, a lost queue or a long outage left behind. Set-based, by partial indexes: its cost
 * follows what is wrong, not the size of the tables.
 */
@Injectable()
export class SweepMessages {
  async execute(tx: EntityManager): Promise<undefined> {
    await requeue(tx);
    await doubt(tx);
    await expire(tx);
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

/** Useful no longer: kept, dated, and shown to the agents of the convocation. */
async function expire(tx: EntityManager): Promise<void> {
  await tx.query(
    `UPDATE message SET state = 'expired', reason = coalesce(reason, 'too-late'), settled_at = app_now(),
            updated_at = app_now()
      WHERE id IN (SELECT id FROM message WHERE state IN ('planned', 'queued') AND useful_until <= app_now()
                    ORDER BY useful_until LIMIT 5000 FOR UPDATE SKIP LOCKED)`,
  );
}
