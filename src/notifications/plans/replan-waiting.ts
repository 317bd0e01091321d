import type { EntityManager } from 'typeorm';
import { instantOf } from '../../shared/time.js';
import { BOUNDS } from '../domain/reminder-plan.js';
import type { Channel } from '../domain/notification.states.js';
import { PLAN_CHANGED } from '../domain/plan-difference.js';
import { changeOfWaiting, type WaitingChange, type WaitingText } from '../domain/waiting-text.js';
import type { SendingRules } from '../sending/sending-rules.js';
import { move, type Replanned, withdraw } from './plan-changes.js';
import { readPromises } from './promise-to-plan.query.js';
import { writePlan } from './write-plan.js';

/** What may be touched, within one service. */
export interface WaitingScope {
  readonly organizationId: string;
  readonly typeCode: string | null;
  readonly territory: string | null;
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

const WAITS = `m.promise_version = c.promise_version AND m.attempts = 0 AND m.ladder_step = 0`;

/** What announces these convocations and waits for the window or for its hour, by the plan in force. */
export async function replanAnnouncements(
  tx: EntityManager,
  rules: SendingRules,
  convocationIds: readonly string[],
): Promise<Replanned> {
  const rows: Row[] = await tx.query(
    `SELECT ${ROW} FROM message m JOIN convocation c ON c.id = m.convocation_id
      WHERE c.id = ANY($1::uuid[]) AND c.state = 'booked' AND ${WAITS}
        AND m.kind IN ('summons', 'rescheduling') AND m.state = 'planned'`,
    [convocationIds],
  );
  return written(tx, await changesOf(tx, rules, rows));
}

/** What follows an absence and waits for its hour, or was set aside by another plan. */
export async function replanAbsences(
  tx: EntityManager,
  rules: SendingRules,
  { organizationId, typeCode, territory }: WaitingScope,
): Promise<Replanned> {
  const rows: Row[] = await tx.query(
    `SELECT ${ROW}
       FROM convocation c
       JOIN person p ON p.id = c.person_id
       JOIN message m ON m.convocation_id = c.id AND ${WAITS}
      WHERE c.organization_id = $1 AND c.starts_at > (SELECT app_now()) - make_interval(hours => $4)
        AND ($2::text IS NULL OR c.type_code = $2) AND ($3::text IS NULL OR p.phone_territory = $3)
        AND c.state = 'missed' AND m.kind = 'after-absence'
        AND (m.state = 'planned' OR m.state = 'withdrawn' AND m.reason = $5)
      ORDER BY c.id FOR NO KEY UPDATE OF c`,
    [organizationId, typeCode, territory, BOUNDS.afterAbsenceHours.most, PLAN_CHANGED],
  );
  return written(tx, await changesOf(tx, rules, rows));
}

const ROW = `m.id, m.convocation_id AS "convocationId", m.promise_version AS "promiseVersion", m.kind,
  m.state = 'withdrawn' AS "isSetAside", m.first_due_at AS "firstDueAt",
  m.useful_until AS "usefulUntil", m.wanted_channel AS channel`;

async function changesOf(
  tx: EntityManager,
  rules: SendingRules,
  rows: readonly Row[],
): Promise<readonly Changed[]> {
  if (rows.length === 0) return [];
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
