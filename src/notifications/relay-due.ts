import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import { Failpoints } from '../platform/failpoints.js';
import { JobQueue, type SendJob } from '../platform/queue.js';
import type { AfterCommit } from '../platform/scheduled-tasks.js';
import { Transaction } from '../platform/transaction.js';
import { Gateways } from './providers/gateways.js';

/**
 * Messages claimed at most ahead of the workers: keeps the queue and the memory small whatever the backlog, and
 * what waits in the queue younger than the sweeper's five minutes.
 */
const AHEAD = 2_000;

/** Claims what is due and rings the queue once the claim is committed. */
@Injectable()
export class RelayDue {
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
    if (!this.gateways.smsIsOn || !(await this.isOurDatabase(tx))) return undefined;
    const jobs = await claim(tx);
    return jobs.length === 0 ? undefined : () => this.ring(jobs);
  }

  /** A copy of another environment's database sends nothing. */
  private async isOurDatabase(tx: EntityManager): Promise<boolean> {
    const rows: { name: string }[] = await tx.query('SELECT name FROM environment');
    if (rows[0]?.name === this.env.APP_ENV) return true;
    if (!this.mismatchTold) this.log.error('this database was made for another environment: nothing is sent');
    this.mismatchTold = true;
    return false;
  }

  private async ring(jobs: readonly SendJob[]): Promise<void> {
    this.failpoints.pass('after-claim');
    try {
      await this.queue.ring(jobs);
    } catch (error) {
      await this.transaction.run((tx) => putBack(tx, jobs));
      throw error;
    }
  }
}

/** No lower bound on `due_at`: after an outage of any length everything still useful is found. */
async function claim(tx: EntityManager): Promise<SendJob[]> {
  const [rows]: [SendJob[], number] = await tx.query(
    `UPDATE message m SET state = 'queued', claimed_at = app_now(), claim_epoch = claim_epoch + 1, updated_at = app_now()
       FROM (SELECT id FROM message
              WHERE state = 'planned' AND due_at <= app_now() AND useful_until > app_now()
              ORDER BY due_at
              LIMIT greatest(0, $1 - (SELECT count(*) FROM (SELECT FROM message WHERE state = 'queued' LIMIT $1) q))
              FOR UPDATE SKIP LOCKED) due
      WHERE m.id = due.id
      RETURNING m.id AS "messageId", m.claim_epoch AS epoch`,
    [AHEAD],
  );
  return rows;
}

async function putBack(tx: EntityManager, jobs: readonly SendJob[]): Promise<void> {
  await tx.query(
    `UPDATE message SET state = 'planned', updated_at = app_now()
      WHERE id = ANY($1::uuid[]) AND state = 'queued'`,
    [jobs.map((job) => job.messageId)],
  );
}
