import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { recordHistory } from '../../persons/history.js';
import { Clock } from '../../platform/clock.js';
import { Conflict } from '../../shared/domain-error.js';
import { instantOf } from '../../shared/time.js';
import { usefulUntil } from '../domain/cadence.js';
import { type LockedTask, lockTask } from './locked-task.js';
import { type Leaving, leavesAt, planAgain } from '../plans/plan-again.js';
import { SendingRules } from '../sending/sending-rules.js';
import { planSpareReminder } from './spare-reminder.js';
import { RESEND } from './task.queries.js';

interface Row extends Leaving {
  readonly convocationId: string;
  readonly startsAt: Date;
  readonly promiseVersion: number;
  /** Null: nothing that may be planned again; one more reminder is. */
  readonly messageId: string | null;
  readonly usefulUntil: Date | null;
}

/** An agent sends the text of a task once more, usually after correcting the number. The task stays until it arrives. */
@Injectable()
export class ResendTaskMessage {
  constructor(
    private readonly clock: Clock,
    private readonly rules: SendingRules,
  ) {}

  /** @throws NotFound, Conflict (closed meanwhile, on its way already, beside another text, or no longer useful) */
  async execute(tx: EntityManager, command: { readonly taskId: string }, actor: Actor): Promise<LockedTask> {
    const task = await lockTask(tx, actor, command.taskId);
    const row = await resendable(tx, task.id);
    if (row === undefined) throw new Conflict('task');
    const until =
      row.usefulUntil === null
        ? usefulUntil('reminder', instantOf(row.startsAt))
        : instantOf(row.usefulUntil);
    const dueAt = leavesAt(this.rules, row, { notBefore: await this.clock.now(tx), usefulUntil: until });
    if (dueAt === undefined) throw new Conflict('task');
    if (row.messageId === null) await planSpareReminder(tx, { ...row, dueAt, usefulUntil: until });
    else await planAgain(tx, [{ messageId: row.messageId, channel: 'sms', dueAt }]);
    await recordHistory(tx, actor, {
      event: 'task.resent',
      personId: task.personId,
      convocationId: row.convocationId,
    });
    return task;
  }
}

async function resendable(tx: EntityManager, taskId: string): Promise<Row | undefined> {
  const rows: Row[] = await tx.query(
    `SELECT c.id AS "convocationId", c.starts_at AS "startsAt", c.promise_version AS "promiseVersion",
            c.time_zone AS "timeZone", o.calendar, o.sends_on_closed_days AS "sendsOnClosedDays",
            o.send_window AS "sendWindow",
            CASE WHEN m.state IN ('undelivered', 'failed') THEN m.id END AS "messageId",
            CASE WHEN m.state IN ('undelivered', 'failed') THEN m.useful_until END AS "usefulUntil"
       FROM agent_task t
       JOIN convocation c ON c.id = t.convocation_id
       JOIN person p ON p.id = t.person_id
       JOIN organization o ON o.id = c.organization_id
       LEFT JOIN message m ON m.id = t.message_id
      WHERE t.id = $1 AND ${RESEND} = 'now'`,
    [taskId],
  );
  return rows[0];
}
