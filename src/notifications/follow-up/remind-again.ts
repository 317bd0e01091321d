import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { recordHistory } from '../../persons/history.js';
import { Clock } from '../../platform/clock.js';
import { Conflict, NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { instantOf } from '../../shared/time.js';
import { usefulUntil } from '../domain/cadence.js';
import { type Leaving, leavesAt } from '../plans/plan-again.js';
import { SendingRules } from '../sending/sending-rules.js';
import { planSpareReminder } from './spare-reminder.js';
import { taskScope } from './task.queries.js';
import { MAY_REMIND, MY_WORKLIST } from './worklist.query.js';

interface Row extends Leaving {
  readonly personId: string;
  readonly promiseVersion: number;
  readonly startsAt: Date;
  readonly mayRemind: boolean;
}

/** An agent who reads the list of the next 48 hours has the person told once more, in the window, now if it is open. */
@Injectable()
export class RemindAgain {
  constructor(
    private readonly clock: Clock,
    private readonly rules: SendingRules,
  ) {}

  /** @throws NotFound, Conflict (a text leaves or left within three hours, none can be sent, or it would be useless) */
  async execute(tx: EntityManager, command: { readonly convocationId: string }, actor: Actor): Promise<void> {
    const { convocationId } = command;
    const row = await lockCandidate(tx, actor, convocationId);
    if (!row.mayRemind) throw new Conflict('message');
    const until = usefulUntil('reminder', instantOf(row.startsAt));
    const dueAt = leavesAt(this.rules, row, { notBefore: await this.clock.now(tx), usefulUntil: until });
    if (dueAt === undefined) throw new Conflict('message');
    const { personId, promiseVersion } = row;
    await planSpareReminder(tx, { convocationId, promiseVersion, dueAt, usefulUntil: until });
    await recordHistory(tx, actor, { event: 'task.resent', personId, convocationId });
  }
}

async function lockCandidate(tx: EntityManager, actor: Actor, convocationId: string): Promise<Row> {
  if (!isUuid(convocationId)) throw new NotFound('convocation');
  const locked: unknown[] = await tx.query(
    `SELECT FROM convocation c WHERE c.id = $1 AND ${MY_WORKLIST} FOR NO KEY UPDATE`,
    [convocationId, ...taskScope(actor)],
  );
  if (locked.length === 0) throw new NotFound('convocation');
  const rows: Row[] = await tx.query(
    `SELECT c.person_id AS "personId", c.promise_version AS "promiseVersion", c.starts_at AS "startsAt",
            c.time_zone AS "timeZone", o.calendar, o.sends_on_closed_days AS "sendsOnClosedDays",
            o.send_window AS "sendWindow", ${MAY_REMIND} AS "mayRemind"
       FROM convocation c JOIN person p ON p.id = c.person_id JOIN organization o ON o.id = c.organization_id
      WHERE c.id = $1`,
    [convocationId],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFound('convocation');
  return row;
}
