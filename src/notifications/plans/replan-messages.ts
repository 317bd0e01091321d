import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { elevated } from '../../platform/elevated.js';
import { SendingRules } from '../sending/sending-rules.js';
import { changesOf, counted, type Replanned, sumOf, written } from './plan-changes.js';
import { replanAbsences, replanAnnouncements } from './replan-waiting.js';

/** Which promises a change of plan, or of the hours of a service, may touch. */
export interface PlanScope {
  /** Null: every service. */
  readonly organizationId: string | null;
  /** Null: every type. */
  readonly typeCode: string | null;
}

export interface ReplanCommand extends PlanScope {
  /** Null: wherever the telephone of the person is from. */
  readonly territory: string | null;
  /** Counts, and writes nothing. */
  readonly isDryRun: boolean;
}

/** So many convocations are worked out at a time: it bounds memory, and how long the process answers nobody else. */
const BATCH = 250;

/**
 * Plans again what is not yet sent, by the plan in force: reminders of promises to come, and what waits for its hour
 * besides, at most what `PlanScope` says. A booking that is being committed meanwhile keeps the plan it read.
 */
@Injectable()
export class ReplanMessages {
  constructor(private readonly rules: SendingRules) {}

  /** @returns what really changed; in a dry run, what would */
  execute(tx: EntityManager, command: ReplanCommand): Promise<Replanned> {
    return elevated(tx, () => this.replan(tx, command));
  }

  private async replan(tx: EntityManager, command: ReplanCommand): Promise<Replanned> {
    if (!command.isDryRun) await inTurn(tx);
    const done: Replanned[] = [];
    for (const organizationId of await organizations(tx, command)) {
      for await (const ids of convocations(tx, organizationId, command)) {
        done.push(await undoneWhen(command.isDryRun, tx, () => this.replanBatch(tx, ids, command)));
      }
      const scope = { ...command, organizationId };
      done.push(await undoneWhen(command.isDryRun, tx, () => replanAbsences(tx, this.rules, scope)));
    }
    return sumOf(done);
  }

  /** What announces a promise first, even in a dry run: where its hour moves, the reminders follow it. */
  private async replanBatch(
    tx: EntityManager,
    ids: readonly string[],
    { isDryRun }: ReplanCommand,
  ): Promise<Replanned> {
    const announced = await replanAnnouncements(tx, this.rules, ids);
    const changes = await changesOf(tx, ids, this.rules);
    return sumOf([announced, isDryRun ? counted(changes) : await written(tx, changes)]);
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

async function organizations(tx: EntityManager, { organizationId }: PlanScope): Promise<readonly string[]> {
  if (organizationId !== null) return [organizationId];
  const rows: { id: string }[] = await tx.query('SELECT id FROM organization ORDER BY id');
  return rows.map(({ id }) => id);
}

/** Booked and still to come, a batch at a time, along the index of what is not marked yet. */
async function* convocations(
  tx: EntityManager,
  organizationId: string,
  { typeCode, territory }: ReplanCommand,
): AsyncGenerator<readonly string[]> {
  let after: { startsAt: Date; id: string } | null = null;
  do {
    const rows: { id: string; startsAt: Date }[] = await tx.query(
      `SELECT c.id, c.starts_at AS "startsAt" FROM convocation c JOIN person p ON p.id = c.person_id
        WHERE c.organization_id = $1 AND c.state = 'booked' AND c.starts_at > app_now()
          AND ($2::text IS NULL OR c.type_code = $2) AND ($3::text IS NULL OR p.phone_territory = $3)
          AND ($4::timestamptz IS NULL OR (c.starts_at, c.id) > ($4::timestamptz, $5::uuid))
        ORDER BY c.starts_at, c.id LIMIT $6`,
      [organizationId, typeCode, territory, after?.startsAt ?? null, after?.id ?? null, BATCH],
    );
    if (rows.length > 0) yield rows.map(({ id }) => id);
    after = rows.length < BATCH ? null : (rows.at(-1) ?? null);
  } while (after !== null);
}
