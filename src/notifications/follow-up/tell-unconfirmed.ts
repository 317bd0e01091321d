import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { type Instant, instantOf } from '../../shared/time.js';
import { usefulUntil } from '../domain/cadence.js';
import { RECEIPT_MINUTES, UNCONFIRMED_HOURS } from '../domain/reach.js';
import { type Leaving, leavesAt } from '../plans/plan-again.js';
import { EMAIL_POSSIBLE, hasArrived, wentToStranger } from './reach.query.js';
import { SendingRules } from '../sending/sending-rules.js';

interface Row extends Leaving {
  readonly convocationId: string;
  readonly promiseVersion: number;
  readonly startsAt: Date;
}

/** A text that leaves within this time is given its chance first. */
const SOON_HOURS = 2;

/**
 * A day before the appointment, a text that no receipt confirms, or that a stranger got, is said again by e-mail, when
 * one is known: an accepted text cannot be planned again, so this is one more reminder, of the day itself (occurrence 0),
 * once.
 */
@Injectable()
export class TellUnconfirmed {
  constructor(
    private readonly clock: Clock,
    private readonly rules: SendingRules,
  ) {}

  async execute(tx: EntityManager): Promise<void> {
    const rows = await unconfirmed(tx);
    if (rows.length === 0) return;
    const now = await this.clock.now(tx);
    const planned = rows.flatMap((row) => {
      const until = usefulUntil('reminder', instantOf(row.startsAt));
      const dueAt = leavesAt(this.rules, row, { notBefore: now, usefulUntil: until });
      return dueAt === undefined ? [] : [{ row, dueAt, until }];
    });
    await insert(tx, planned);
  }
}

/**
 * Not reached, the last text long enough ago for its receipt, and no other about to leave. A text of another
 * convocation of the same day that says this one too counts as its own.
 */
async function unconfirmed(tx: EntityManager): Promise<readonly Row[]> {
  return tx.query(
    `SELECT c.id AS "convocationId", c.promise_version AS "promiseVersion", c.starts_at AS "startsAt",
            c.time_zone AS "timeZone", o.calendar, o.sends_on_closed_days AS "sendsOnClosedDays",
            o.send_window AS "sendWindow"
       FROM convocation c JOIN person p ON p.id = c.person_id JOIN organization o ON o.id = c.organization_id
       CROSS JOIN LATERAL (
         SELECT bool_or(m.state = 'accepted' OR ${wentToStranger('m')}) AS sent,
                bool_or(${hasArrived('m', 'own')} OR (own.kind = 'reminder' AND own.occurrence = 0)
                        OR (m.state = 'accepted' AND m.accepted_at > app_now() - make_interval(mins => $2))
                        OR (m.state IN ('planned', 'queued', 'sending', 'uncertain')
                            AND m.due_at < app_now() + make_interval(hours => $3))) AS wait
           FROM message own JOIN message m ON m.id = coalesce(own.told_by_message_id, own.id)
          WHERE own.convocation_id = c.id AND own.promise_version = c.promise_version
            AND own.kind IN ('summons', 'reminder', 'rescheduling')
       ) AS told
      WHERE c.state = 'booked' AND ${EMAIL_POSSIBLE} AND told.sent AND NOT told.wait
        AND c.starts_at > app_now() + interval '1 hour' AND c.starts_at <= app_now() + make_interval(hours => $1)`,
    [UNCONFIRMED_HOURS, RECEIPT_MINUTES, SOON_HOURS],
  );
}

async function insert(
  tx: EntityManager,
  planned: readonly { row: Row; dueAt: Instant; until: Instant }[],
): Promise<void> {
  if (planned.length === 0) return;
  await tx.query(
    `INSERT INTO message (convocation_id, promise_version, kind, occurrence, wanted_channel, ladder_step, due_at, first_due_at,
       useful_until)
     SELECT p.id, p.version, 'reminder', 0, 'email', 1, p.due_at, p.due_at, p.useful_until
       FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::timestamptz[]) AS p(id, version, due_at, useful_until)
     ON CONFLICT ON CONSTRAINT message_once DO NOTHING`,
    [
      planned.map(({ row }) => row.convocationId),
      planned.map(({ row }) => row.promiseVersion),
      planned.map(({ dueAt }) => dueAt.toString()),
      planned.map(({ until }) => until.toString()),
    ],
  );
}
