import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { Failpoints } from '../../platform/failpoints.js';
import { prepared } from '../../platform/prepared.js';
import { JobQueue, type Lane, type SendJob } from '../../platform/queue.js';
import { type AfterCommit, takeTurn, TURN } from '../../platform/scheduled-tasks.js';
import { Transaction } from '../../platform/transaction.js';
import { Gateways } from '../providers/gateways.js';
import { IS_HELD } from '../surety/sending-hold.js';

/**
 * Messages claimed at most ahead of the workers: keeps the queue and the memory small whatever the backlog, and
 * what waits in the queue younger than the sweeper's five minutes.
 */
const AHEAD = 2_000;
/** Of the bulk, for each call one worker may have open: about a second of work. What waits stays open to change. */
const BULK_AHEAD_PER_CALL = 20;
const TASK = 'relay';
/** A claim of this many or more was probably cut short: worth asking again when the queue runs dry. */
const MANY = 100;

interface Claimed {
  readonly isOurs: boolean;
  /** Null in the one row of an empty claim. */
  readonly messageId: string | null;
  readonly epoch: number;
  readonly lane: Lane;
}

/** Claims what is due and rings the queue once the claim is committed. */
@Injectable()
export class RelayDue {
  /** The last claim may have left some that are due. */
  leftSome = false;
  private readonly log = new Logger(RelayDue.name);
  private mismatchTold = false;

  constructor(
    private readonly env: Env,
    private readonly queue: JobQueue,
    private readonly transaction: Transaction,
    private readonly gateways: Gateways,
    private readonly failpoints: Failpoints,
  ) {}

  async execute(tx: EntityManager): Promise<AfterCommit | undefined> {
    if (!this.gateways.smsIsOn) {
      await takeTurn(tx, TASK, this.env.APP_ENV);
      return undefined;
    }
    const rows = await claim(tx, this.env);
    if (rows.some(({ isOurs }) => !isOurs)) this.tellMismatch();
    const claimed = rows.filter(isClaimed);
    this.leftSome = claimed.length >= MANY;
    return claimed.length === 0 ? undefined : () => this.ring(claimed);
  }

  /** A copy of another environment's database sends nothing. */
  private tellMismatch(): void {
    if (!this.mismatchTold) this.log.error('this database was made for another environment: nothing is sent');
    this.mismatchTold = true;
  }

  private async ring(jobs: readonly (SendJob & { readonly lane: Lane })[]): Promise<void> {
    this.failpoints.pass('after-claim');
    try {
      for (const lane of [0, 1] as const)
        await this.queue.ring(
          jobs.filter((job) => job.lane === lane),
          lane,
        );
    } catch (error) {
      await this.transaction.run((tx) => putBack(tx, jobs));
      throw error;
    }
  }
}

function isClaimed(row: Claimed): row is Claimed & { readonly messageId: string } {
  return row.messageId !== null;
}

/** No lower bound on `due_at`: after an outage of any length everything still useful is found. */
const due = (lane: Lane, ahead: string) => `
  SELECT id FROM message
   WHERE state = 'planned' AND lane = ${lane} AND due_at <= (SELECT now FROM gate) AND useful_until > (SELECT now FROM gate)
     AND (SELECT has_turn AND is_ours AND NOT is_held FROM gate)
   ORDER BY due_at
   LIMIT (SELECT greatest(0, ${ahead} - lane_${lane}) FROM ahead)
   FOR UPDATE SKIP LOCKED`;

/**
 * One statement: the turn, whose database this is, whether it is held, what is queued already, and the claim. What
 * another worker claimed a moment before is no longer `planned` once its lock is there to be taken.
 */
const CLAIM = prepared(`
WITH ${TURN}, gate AS MATERIALIZED (
  SELECT app_now() AS now, (SELECT name FROM environment) = $2 AS is_ours, EXISTS (SELECT FROM dated) AS has_turn,
         ${IS_HELD} AS is_held
), ahead AS MATERIALIZED (
  SELECT count(*) FILTER (WHERE lane = 0) AS lane_0, count(*) FILTER (WHERE lane = 1) AS lane_1
    FROM message WHERE state = 'queued'
), due AS MATERIALIZED (${due(0, '$3')}
), bulk AS MATERIALIZED (${due(1, '$4')}
), claimed AS (
  UPDATE message m SET state = 'queued', claimed_at = gate.now, claim_epoch = claim_epoch + 1, updated_at = gate.now
    FROM gate
   -- An array: each row by its key, however many the planner expects to be due.
   WHERE m.id = ANY (ARRAY(SELECT id FROM due UNION ALL SELECT id FROM bulk))
  RETURNING m.id, m.claim_epoch, m.lane, m.due_at
)
SELECT gate.is_ours AS "isOurs", claimed.id AS "messageId", claimed.claim_epoch AS epoch, claimed.lane
  FROM gate LEFT JOIN claimed ON true ORDER BY claimed.lane, claimed.due_at`);

async function claim(tx: EntityManager, env: Env): Promise<readonly Claimed[]> {
  return tx.query(CLAIM, [TASK, env.APP_ENV, AHEAD, BULK_AHEAD_PER_CALL * env.SEND_CONCURRENCY]);
}

async function putBack(tx: EntityManager, jobs: readonly SendJob[]): Promise<void> {
  await tx.query(
    `UPDATE message SET state = 'planned', updated_at = app_now()
      WHERE id = ANY($1::uuid[]) AND state = 'queued'`,
    [jobs.map((job) => job.messageId)],
  );
}
