import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MessagePlanner, type PromiseChange } from '../convocations/message-planner.port.js';
import type { Calendar } from '../organizations/domain/calendar.js';
import { Clock } from '../platform/clock.js';
import { type Instant, instantOf, type LocalTime } from '../shared/time.js';
import { announcementDueAt, planMessages, usefulUntil } from './domain/cadence.js';
import type { SendRules } from './domain/decide-send.js';
import type { MessageKind } from './domain/notification.states.js';
import { SendingRules } from './sending-rules.js';

interface PromiseRow {
  readonly promiseVersion: number;
  readonly startsAt: Date;
  readonly promise: LocalTime;
  readonly calendar: Calendar;
  readonly sendsOnClosedDays: boolean;
}

interface Planned {
  readonly kind: MessageKind;
  readonly occurrence: number;
  readonly dueAt: Instant;
  readonly usefulUntil: Instant;
}

interface Effect {
  /** Kinds withdrawn when not yet sent; the others stay. */
  readonly withdraws: readonly MessageKind[];
  /** Told at once when the agent wishes it. */
  readonly tells?: MessageKind;
  /** Plans what announces the promise: its announcement and its reminders. */
  readonly promises?: boolean;
}

const BEFORE_THE_HOUR: readonly MessageKind[] = ['summons', 'reminder', 'rescheduling'];

/** What each change of a convocation does to its messages (contract, section 4). */
const EFFECTS: Readonly<Record<PromiseChange, Effect>> = {
  booked: { withdraws: [], tells: 'summons', promises: true },
  rescheduled: { withdraws: BEFORE_THE_HOUR, tells: 'rescheduling', promises: true },
  cancelled: { withdraws: BEFORE_THE_HOUR, tells: 'cancellation' },
  excused: { withdraws: BEFORE_THE_HOUR },
  attended: { withdraws: [] },
  missed: { withdraws: [], tells: 'after-absence' },
  reopened: { withdraws: ['after-absence'], promises: true },
};

/** Plans and withdraws messages in the transaction of the convocation; its rows are the outbox. */
@Injectable()
export class PlanMessages extends MessagePlanner {
  constructor(
    private readonly clock: Clock,
    private readonly rules: SendingRules,
  ) {
    super();
  }

  async plan(
    tx: EntityManager,
    request: { readonly convocationId: string; readonly change: PromiseChange; readonly notify: boolean },
  ): Promise<void> {
    const effect = EFFECTS[request.change];
    if (effect.withdraws.length > 0) await withdraw(tx, request.convocationId, effect.withdraws);
    const tells = request.notify ? effect.tells : undefined;
    if (tells === undefined && effect.promises !== true) return;
    const promise = await findPromise(tx, request.convocationId);
    const now = await this.clock.now(tx);
    const rules = this.rules.of(promise);
    const planned =
      effect.promises === true
        ? await this.announce(tx, request, promise, rules, now)
        : [told(tells ?? 'cancellation', promise, rules, now)];
    await insert(tx, request.convocationId, promise.promiseVersion, planned);
  }

  private async announce(
    tx: EntityManager,
    request: { readonly convocationId: string; readonly change: PromiseChange; readonly notify: boolean },
    promise: PromiseRow,
    rules: SendRules,
    now: Instant,
  ): Promise<readonly Planned[]> {
    const announce = await this.announcement(tx, request, promise);
    return planMessages({
      promise: promise.promise,
      startsAt: instantOf(promise.startsAt),
      bookedAt: now,
      announce,
      window: rules.window,
      isClosed: rules.isClosed,
    }).map((message) => ({ ...message, occurrence: message.offsetDays }));
  }

  /** A reopened promise is announced again only when its announcement had been withdrawn unsent. */
  private async announcement(
    tx: EntityManager,
    request: { readonly convocationId: string; readonly change: PromiseChange; readonly notify: boolean },
    promise: PromiseRow,
  ): Promise<'summons' | 'rescheduling' | null> {
    if (request.change !== 'reopened')
      return !request.notify ? null : request.change === 'rescheduled' ? 'rescheduling' : 'summons';
    const rows: { kind: 'summons' | 'rescheduling' }[] = await tx.query(
      `SELECT kind FROM message WHERE convocation_id = $1 AND promise_version = $2 AND state = 'withdrawn'
         AND kind IN ('summons', 'rescheduling')`,
      [request.convocationId, promise.promiseVersion],
    );
    return rows[0]?.kind ?? null;
  }
}

/** A cancellation or an after-absence message: due now, or when the window of the place opens. */
function told(kind: MessageKind, promise: PromiseRow, rules: SendRules, now: Instant): Planned {
  const startsAt = instantOf(promise.startsAt);
  const dueAt = announcementDueAt(now, promise.promise.timeZone, rules.window, rules.isClosed);
  return { kind, occurrence: 0, dueAt, usefulUntil: usefulUntil(kind, startsAt) };
}

async function findPromise(tx: EntityManager, convocationId: string): Promise<PromiseRow> {
  const rows: (Omit<PromiseRow, 'promise'> & { date: string; time: string; timeZone: string })[] =
    await tx.query(
      `SELECT c.promise_version AS "promiseVersion", c.starts_at AS "startsAt", c.local_date AS date,
            c.local_time AS time, c.time_zone AS "timeZone", o.calendar,
            o.sends_on_closed_days AS "sendsOnClosedDays"
       FROM convocation c JOIN organization o ON o.id = c.organization_id WHERE c.id = $1`,
      [convocationId],
    );
  const row = rows[0];
  if (row === undefined) throw new Error('a convocation plans its messages after it is written');
  return { ...row, promise: { date: row.date, time: row.time, timeZone: row.timeZone } };
}

async function withdraw(
  tx: EntityManager,
  convocationId: string,
  kinds: readonly MessageKind[],
): Promise<void> {
  await tx.query(
    `UPDATE message SET state = 'withdrawn', settled_at = app_now(), updated_at = app_now()
      WHERE convocation_id = $1 AND kind = ANY($2) AND state IN ('planned', 'queued')`,
    [convocationId, kinds],
  );
}

/** The unique key makes a second plan of the same intent harmless; a withdrawn one holds again. */
async function insert(
  tx: EntityManager,
  convocationId: string,
  promiseVersion: number,
  planned: readonly Planned[],
): Promise<void> {
  if (planned.length === 0) return;
  await tx.query(
    `INSERT INTO message (convocation_id, promise_version, kind, occurrence, due_at, first_due_at, useful_until)
     SELECT $1, $2, p.kind, p.occurrence, p.due_at, p.due_at, p.useful_until
       FROM unnest($3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[])
         AS p(kind, occurrence, due_at, useful_until)
     ON CONFLICT ON CONSTRAINT message_once DO UPDATE
       SET state = 'planned', due_at = excluded.due_at, first_due_at = excluded.first_due_at,
           useful_until = excluded.useful_until, settled_at = NULL, updated_at = app_now()
       WHERE message.state = 'withdrawn'`,
    [
      convocationId,
      promiseVersion,
      planned.map((message) => message.kind),
      planned.map((message) => message.occurrence),
      planned.map((message) => message.dueAt.toString()),
      planned.map((message) => message.usefulUntil.toString()),
    ],
  );
}
