import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { elevated } from '../../platform/elevated.js';
import { SendingRules } from '../sending/sending-rules.js';
import { type Replanned, sumOf } from './plan-changes.js';
import { BATCH, convocationsAfter, type Place, replanBatch, type ReplanScope } from './replan-batch.js';
import { replanAbsences } from './replan-waiting.js';
import { openReplan } from './replan.queries.js';

export interface ReplanCommand extends ReplanScope {
  /** Counts, and leaves nothing behind. */
  readonly isDryRun: boolean;
}

/** What was done at once. */
export interface ReplanAnswer extends Replanned {
  /** So many convocations are concerned that the workers do it: its progress is found by this id. */
  readonly later?: string;
}

/**
 * Plans again what is not yet sent, by the plan in force: reminders of promises to come, and what waits for its hour
 * besides, at most what the scope says. What was being booked meanwhile by the old plan is reached by `RunReplans`.
 */
@Injectable()
export class ReplanMessages {
  constructor(private readonly rules: SendingRules) {}

  /** @returns what really changed; in a dry run, what would */
  execute(tx: EntityManager, command: ReplanCommand): Promise<ReplanAnswer> {
    return elevated(tx, () => (command.isDryRun ? this.replan(tx, command) : this.begin(tx, command)));
  }

  /** A batch of them, which stay locked until the end of the transaction. */
  batch(tx: EntityManager, places: readonly Place[]): Promise<Replanned> {
    return replanBatch(tx, this.rules, places, { isDryRun: false });
  }

  /** What follows an absence and waits for its hour. */
  async absences(tx: EntityManager, scope: ReplanScope): Promise<Replanned> {
    const done: Replanned[] = [];
    for (const organizationId of await organizations(tx, scope))
      done.push(await replanAbsences(tx, this.rules, { ...scope, organizationId }));
    return sumOf(done);
  }

  private async begin(tx: EntityManager, command: ReplanCommand): Promise<ReplanAnswer> {
    const { id, isLong } = await openReplan(tx, command);
    if (isLong) return { ...sumOf([]), later: id };
    await inTurn(tx);
    return this.replan(tx, command);
  }

  private async replan(tx: EntityManager, command: ReplanCommand): Promise<Replanned> {
    const { isDryRun } = command;
    const done: Replanned[] = [];
    for await (const places of batches(tx, command)) {
      const batch = () => replanBatch(tx, this.rules, places, command);
      done.push(await undoneWhen(isDryRun, tx, batch));
    }
    done.push(await undoneWhen(isDryRun, tx, () => this.absences(tx, command)));
    return sumOf(done);
  }
}

/**
 * One after the other, whoever changes what: plan, hours and territory work on the same messages, and the last one must
 * have read what those before it wrote.
 */
async function inTurn(tx: EntityManager): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('plan'), hashtext('replan'))`);
}

/** What was written before a dry run counts is taken back, as if nothing had been asked; one within another too. */
export async function undoneWhen<T>(
  isDryRun: boolean,
  tx: EntityManager,
  work: () => Promise<T>,
): Promise<T> {
  if (!isDryRun) return work();
  await tx.query('SAVEPOINT dry_run');
  try {
    return await work();
  } finally {
    await tx.query('ROLLBACK TO SAVEPOINT dry_run; RELEASE SAVEPOINT dry_run');
  }
}

async function organizations(tx: EntityManager, { organizationId }: ReplanScope): Promise<readonly string[]> {
  if (organizationId !== null) return [organizationId];
  const rows: { id: string }[] = await tx.query('SELECT id FROM organization ORDER BY id');
  return rows.map(({ id }) => id);
}

async function* batches(tx: EntityManager, scope: ReplanScope): AsyncGenerator<readonly Place[]> {
  let last: Place | null = null;
  do {
    const places: readonly Place[] = await convocationsAfter(tx, scope, last);
    if (places.length > 0) yield places;
    last = places.length < BATCH ? null : (places.at(-1) ?? null);
  } while (last !== null);
}
