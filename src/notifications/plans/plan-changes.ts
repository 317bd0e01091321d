import type { EntityManager } from 'typeorm';
import { instantOf } from '../../shared/time.js';
import type { Channel, MessageState } from '../domain/notification.states.js';
import {
  differenceOf,
  type KnownReminder,
  PLAN_CHANGED,
  type PlanDifference,
} from '../domain/plan-difference.js';
import { type PlannedByChannel, planPromise } from '../domain/plan-promise.js';
import { stepsFor } from '../domain/reminder-plan.js';
import type { SendingRules } from '../sending/sending-rules.js';
import { type PromiseToPlan, readPromises } from './promise-to-plan.query.js';
import { writePlan } from './write-plan.js';

/** Messages, not convocations. */
export interface Replanned {
  readonly moved: number;
  readonly added: number;
  readonly withdrawn: number;
  /** Same hour, another channel or another limit. */
  readonly altered: number;
}

/** What the reminders of one promise would become. */
export interface Changes {
  readonly promise: PromiseToPlan;
  readonly difference: PlanDifference;
}

/** When, by what and until when. */
export type Intention = Pick<PlannedByChannel, 'dueAt' | 'usefulUntil' | 'channel'>;

interface Known extends KnownReminder {
  readonly convocationId: string;
}

/** Several counts as one. */
export function sumOf(parts: readonly Replanned[]): Replanned {
  return each((what) => parts.reduce((total, part) => total + part[what], 0));
}

function each(count: (what: keyof Replanned) => number): Replanned {
  return {
    moved: count('moved'),
    added: count('added'),
    withdrawn: count('withdrawn'),
    altered: count('altered'),
  };
}

/** What the plan in force makes of the reminders of these convocations, none of which has to have any. */
export async function changesOf(
  tx: EntityManager,
  convocationIds: readonly string[],
  rules: SendingRules,
): Promise<readonly Changes[]> {
  const known = await readReminders(tx, convocationIds);
  const promises = await readPromises(tx, convocationIds);
  return promises.map((promise) => ({
    promise,
    difference: differenceOf(
      known.get(promise.convocationId) ?? [],
      planPromise(promise, null, rules.of(promise.hours)),
      {
        offsets: new Set(stepsFor(promise.plan, promise.facts).map(({ offsetDays }) => offsetDays)),
        now: promise.now,
        isUntold: promise.isUntold,
      },
    ),
  }));
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

/** How many messages these changes concern, before anything is written. */
export function counted(changes: readonly Changes[]): Replanned {
  return each((what) => changes.reduce((total, { difference }) => total + difference[what].length, 0));
}

/** @returns what really changed: a worker may have taken some meanwhile */
export async function written(tx: EntityManager, changes: readonly Changes[]): Promise<Replanned> {
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

/** Withdraws what is still an intention; planned again when the plan changes back. */
export async function withdraw(tx: EntityManager, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const [, count]: [unknown, number] = await tx.query(
    `UPDATE message SET state = 'withdrawn', reason = $2, settled_at = app_now(), updated_at = app_now()
      WHERE id = ANY($1::uuid[]) AND state = 'planned' AND attempts = 0`,
    [ids, PLAN_CHANGED],
  );
  return count;
}

/** Another hour, channel or limit for what is still an intention. */
export async function move(
  tx: EntityManager,
  moves: readonly { readonly id: string; readonly to: Intention }[],
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
