import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { elevated } from '../../platform/elevated.js';
import { instantOf } from '../../shared/time.js';
import {
  differenceOf,
  type KnownReminder,
  type PlanDifference,
  PLAN_CHANGED,
} from '../domain/plan-difference.js';
import type { Channel, MessageState } from '../domain/notification.states.js';
import { type PlannedByChannel, planPromise } from '../domain/plan-promise.js';
import { type PromiseToPlan, readPromises } from './promise-to-plan.query.js';
import { SendingRules } from '../sending/sending-rules.js';
import { writePlan } from './write-plan.js';

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

/** Reminders, not convocations. */
export interface Replanned {
  readonly moved: number;
  readonly added: number;
  readonly withdrawn: number;
  /** Same hour, another channel or another limit. */
  readonly altered: number;
}

interface Known extends KnownReminder {
  readonly convocationId: string;
}

interface Changes {
  readonly promise: PromiseToPlan;
  readonly difference: PlanDifference;
}

/** So many convocations are worked out at a time: it bounds memory, and how long the process answers nobody else. */
const BATCH = 250;

/**
 * Plans again what is not yet sent, by the plan in force: reminders of promises to come, at most what `PlanScope` says.
 * A booking that is being committed meanwhile keeps the plan it read.
 */
@Injectable()
export class ReplanMessages {
  constructor(private readonly rules: SendingRules) {}

  /** @returns what really changed; in a dry run, what would */
  execute(tx: EntityManager, command: ReplanCommand): Promise<Replanned> {
    return elevated(tx, () => this.replan(tx, command));
  }

  private async replan(tx: EntityManager, command: ReplanCommand): Promise<Replanned> {
    const done = { moved: 0, added: 0, withdrawn: 0, altered: 0 };
    for await (const changes of this.changes(tx, command)) {
      const counts = command.isDryRun ? counted(changes) : await written(tx, changes);
      for (const what of ['moved', 'added', 'withdrawn', 'altered'] as const) done[what] += counts[what];
    }
    return done;
  }

  private async *changes(tx: EntityManager, scope: ReplanCommand): AsyncGenerator<readonly Changes[]> {
    for (const organizationId of await organizations(tx, scope))
      for await (const ids of convocations(tx, organizationId, scope)) {
        const known = await readReminders(tx, ids);
        const promises = await readPromises(tx, ids);
        yield promises.map((promise) => ({
          promise,
          difference: this.difference(promise, known.get(promise.convocationId) ?? []),
        }));
      }
  }

  private difference(promise: PromiseToPlan, known: readonly Known[]): PlanDifference {
    return differenceOf(known, planPromise(promise, null, this.rules.of(promise.hours)));
  }
}

/** What was written before a dry run counts is taken back, as if nothing had been asked. */
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
    await tx.query('ROLLBACK TO SAVEPOINT dry_run');
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

interface ReminderRow {
  readonly id: string;
  readonly convocationId: string;
  readonly occurrence: number;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly firstDueAt: Date;
  readonly usefulUntil: Date;
  readonly channel: Channel | null;
  readonly isTried: boolean;
  readonly isToldByAnother: boolean;
}

async function readReminders(
  tx: EntityManager,
  convocationIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Known[]>> {
  const rows: ReminderRow[] = await tx.query(
    `SELECT m.id, m.convocation_id AS "convocationId", m.occurrence, m.state, m.reason,
            m.first_due_at AS "firstDueAt", m.useful_until AS "usefulUntil", m.wanted_channel AS channel,
            m.attempts > 0 OR m.ladder_step > 0 AS "isTried", m.told_by_message_id IS NOT NULL AS "isToldByAnother"
       FROM message m JOIN convocation c ON c.id = m.convocation_id AND c.promise_version = m.promise_version
      WHERE m.convocation_id = ANY($1::uuid[]) AND m.kind = 'reminder'`,
    [convocationIds],
  );
  const known = rows.map((row) => ({
    ...row,
    firstDueAt: instantOf(row.firstDueAt),
    usefulUntil: instantOf(row.usefulUntil),
  }));
  const byConvocation = new Map<string, Known[]>();
  for (const one of known) {
    const same = byConvocation.get(one.convocationId);
    if (same === undefined) byConvocation.set(one.convocationId, [one]);
    else same.push(one);
  }
  return byConvocation;
}

function counted(changes: readonly Changes[]): Replanned {
  const count = (what: keyof Replanned) =>
    changes.reduce((total, { difference }) => total + difference[what].length, 0);
  return {
    moved: count('moved'),
    added: count('added'),
    withdrawn: count('withdrawn'),
    altered: count('altered'),
  };
}

async function written(tx: EntityManager, changes: readonly Changes[]): Promise<Replanned> {
  const differences = changes.map(({ difference }) => difference);
  return {
    withdrawn: await withdraw(
      tx,
      differences.flatMap((one) => one.withdrawn),
    ),
    moved: await move(
      tx,
      differences.flatMap((one) => one.moved),
    ),
    altered: await move(
      tx,
      differences.flatMap((one) => one.altered),
    ),
    added: await add(tx, changes),
  };
}

async function withdraw(tx: EntityManager, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const [, count]: [unknown, number] = await tx.query(
    `UPDATE message SET state = 'withdrawn', reason = $2, settled_at = app_now(), updated_at = app_now()
      WHERE id = ANY($1::uuid[]) AND state = 'planned' AND attempts = 0`,
    [ids, PLAN_CHANGED],
  );
  return count;
}

async function move(
  tx: EntityManager,
  moves: readonly { readonly id: string; readonly to: PlannedByChannel }[],
): Promise<number> {
  if (moves.length === 0) return 0;
  const [, count]: [unknown, number] = await tx.query(
    `UPDATE message m SET first_due_at = p.due_at, useful_until = p.useful_until, wanted_channel = p.channel,
            due_at = CASE WHEN m.first_due_at = p.due_at THEN m.due_at ELSE p.due_at END, updated_at = app_now()
       FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[]) AS p(id, due_at, useful_until, channel)
      WHERE m.id = p.id AND m.state = 'planned' AND m.attempts = 0`,
    [
      moves.map(({ id }) => id),
      moves.map(({ to }) => to.dueAt.toString()),
      moves.map(({ to }) => to.usefulUntil.toString()),
      moves.map(({ to }) => to.channel),
    ],
  );
  return count;
}

/** Those that leave at once are bulk; the others are due for their own sake, at their own hour. */
async function add(tx: EntityManager, changes: readonly Changes[]): Promise<number> {
  const planned = changes.flatMap(({ promise: { convocationId, promiseVersion }, difference }) =>
    difference.added.map((message) => ({
      ...message,
      kind: message.kind,
      occurrence: message.offsetDays,
      convocationId,
      promiseVersion,
      isBulk: message.reason === 'late',
    })),
  );
  return writePlan(tx, planned);
}
