import type { EntityManager } from 'typeorm';
import { instantOf } from '../../shared/time.js';
import { BOUNDS } from '../domain/reminder-plan.js';
import type { Channel } from '../domain/notification.states.js';
import { PLAN_CHANGED } from '../domain/plan-difference.js';
import { changeOfWaiting, type WaitingChange, type WaitingText } from '../domain/waiting-text.js';
import type { SendingRules } from '../sending/sending-rules.js';
import { move, type Replanned, sumOf, withdraw } from './plan-changes.js';
import { readPromises } from './promise-to-plan.query.js';
import { writePlan } from './write-plan.js';

/** What may be touched, within one service. */
export interface WaitingScope {
  readonly organizationId: string;
  readonly typeCode: string | null;
  readonly territory: string | null;
  /** Counts, and writes nothing. */
  readonly isDryRun: boolean;
}

interface Row {
  readonly id: string;
  readonly convocationId: string;
  readonly promiseVersion: number;
  readonly kind: WaitingText['kind'];
  readonly isSetAside: boolean;
  readonly firstDueAt: Date;
  readonly usefulUntil: Date;
  readonly channel: Channel | null;
}

interface Changed {
  readonly row: Row;
  readonly change: WaitingChange;
}

const BATCH = 250;

/** Announcements that wait for the window, and texts after an absence that wait for their hour, by the plan in force. */
export async function replanWaiting(
  tx: EntityManager,
  rules: SendingRules,
  scope: WaitingScope,
): Promise<Replanned> {
  const done: Replanned[] = [];
  for await (const rows of waiting(tx, scope)) {
    const changed = await changesOf(tx, rules, rows);
    done.push(scope.isDryRun ? counted(changed) : await written(tx, changed));
  }
  return sumOf(done);
}

/** A batch at a time, found once: looked for again at each batch, a night of announcements would be read hundreds of times. */
async function* waiting(tx: EntityManager, scope: WaitingScope): AsyncGenerator<readonly Row[]> {
  const ids = await waitingIds(tx, scope);
  for (let at = 0; at < ids.length; at += BATCH) yield await rowsOf(tx, ids.slice(at, at + BATCH));
}

/** Before the hour what announces it, after it what follows an absence; never what was called for already. */
async function waitingIds(
  tx: EntityManager,
  { organizationId, typeCode, territory }: WaitingScope,
): Promise<readonly string[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT m.id
       FROM convocation c
       JOIN person p ON p.id = c.person_id
       JOIN message m ON m.convocation_id = c.id AND m.promise_version = c.promise_version
      WHERE c.organization_id = $1 AND c.starts_at > (SELECT app_now()) - make_interval(hours => $4)
        AND ($2::text IS NULL OR c.type_code = $2) AND ($3::text IS NULL OR p.phone_territory = $3)
        AND m.attempts = 0 AND m.ladder_step = 0
        AND CASE c.state WHEN 'booked' THEN m.kind IN ('summons', 'rescheduling') AND m.state = 'planned'
                         WHEN 'missed' THEN m.kind = 'after-absence'
                           AND (m.state = 'planned' OR m.state = 'withdrawn' AND m.reason = $5) END`,
    [organizationId, typeCode, territory, BOUNDS.afterAbsenceHours.most, PLAN_CHANGED],
  );
  return rows.map(({ id }) => id);
}

/** What has left meanwhile is no longer there when it is written. */
async function rowsOf(tx: EntityManager, ids: readonly string[]): Promise<readonly Row[]> {
  return tx.query(
    `SELECT m.id, m.convocation_id AS "convocationId", m.promise_version AS "promiseVersion", m.kind,
            m.state = 'withdrawn' AS "isSetAside", m.first_due_at AS "firstDueAt",
            m.useful_until AS "usefulUntil", m.wanted_channel AS channel
       FROM message m WHERE m.id = ANY($1::uuid[])`,
    [ids],
  );
}

async function changesOf(
  tx: EntityManager,
  rules: SendingRules,
  rows: readonly Row[],
): Promise<readonly Changed[]> {
  const promises = await readPromises(tx, [...new Set(rows.map(({ convocationId }) => convocationId))]);
  const byConvocation = new Map(promises.map((promise) => [promise.convocationId, promise]));
  return rows.flatMap((row) => {
    const promise = byConvocation.get(row.convocationId);
    if (promise === undefined) return [];
    const change = changeOfWaiting(textOf(row), promise, rules.of(promise.hours));
    return change === null ? [] : [{ row, change }];
  });
}

function textOf(row: Row): WaitingText {
  return { ...row, firstDueAt: instantOf(row.firstDueAt), usefulUntil: instantOf(row.usefulUntil) };
}

function counted(changed: readonly Changed[]): Replanned {
  const count = (what: WaitingChange['do']) => changed.filter(({ change }) => change.do === what).length;
  return {
    moved: count('move'),
    added: count('add'),
    withdrawn: count('withdraw'),
    altered: count('alter'),
  };
}

async function written(tx: EntityManager, changed: readonly Changed[]): Promise<Replanned> {
  const to = (what: Exclude<WaitingChange['do'], 'withdraw'>) =>
    changed.flatMap(({ row, change }) => (change.do === what ? [{ row, to: change.to, id: row.id }] : []));
  const gone = changed.filter(({ change }) => change.do === 'withdraw');
  return {
    withdrawn: await withdraw(
      tx,
      gone.map(({ row }) => row.id),
    ),
    moved: await move(tx, to('move')),
    altered: await move(tx, to('alter')),
    added: await writePlan(
      tx,
      to('add').map(({ row, to: planned }) => ({ ...row, ...planned, occurrence: 0, isBulk: true })),
    ),
  };
}
