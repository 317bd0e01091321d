import type { EntityManager } from 'typeorm';
import type { Calendar } from '../../organizations/domain/calendar.js';
import type { FailedState } from '../domain/ladder.js';
import type { Channel, MessageKind } from '../domain/notification.states.js';
import { EMAIL_POSSIBLE, hasArrived, SETTLED_BY_AGENT, WRONG_PERSON_ASKED } from './reach.query.js';

/** A message that did not arrive, with what the ladder must know of it. */
export interface FailedRow {
  readonly messageId: string;
  readonly convocationId: string;
  readonly personId: string;
  readonly state: FailedState;
  readonly reason: string | null;
  readonly kind: MessageKind;
  readonly step: number;
  readonly usefulUntil: Date;
  readonly startsAt: Date;
  readonly settledAt: Date;
  readonly firstDueAt: Date;
  readonly timeZone: string;
  readonly holds: boolean;
  readonly toldSince: boolean;
  readonly settledByAgent: boolean;
  /** Of the last attempt. */
  readonly channel: Channel | null;
  readonly operator: string | null;
  readonly errorCode: string | null;
  /** The contact it went to. */
  readonly recipientId: string | null;
  readonly smsTried: number;
  readonly emailTried: number;
  /** No earlier text of this message had failed at the same number. */
  readonly firstFailure: boolean;
  /** Its consequence was drawn before the convocation was reopened: what it says of the contact counted then. */
  readonly drawnBefore: boolean;
  readonly numberChanged: boolean;
  readonly smsPossible: boolean;
  readonly hasEmail: boolean;
  readonly calendar: Calendar;
  readonly sendsOnClosedDays: boolean;
  readonly sendWindow: string | null;
}

/** SQL condition on the person `p`: a text may be tried at the number known today. */
export const SMS_POSSIBLE = `(p.phone_mobile AND p.sms_refused_at IS NULL AND p.phone_flagged_at IS NULL
  AND NOT EXISTS (SELECT FROM phone_block b WHERE b.phone_id = p.phone_id))`;

/** SQL condition: the convocation `c` is still as the message `m` says. */
export const STILL_HOLDS = `(c.promise_version = m.promise_version AND c.state = CASE m.kind
  WHEN 'cancellation' THEN 'cancelled' WHEN 'after-absence' THEN 'missed' ELSE 'booked' END)`;

/** Of a message `m`: it announces the appointment and was held back. */
const HELD_BACK = `(m.state = 'suppressed' AND m.kind IN ('summons', 'reminder', 'rescheduling'))`;
/** Whoever is asked about a wrong number is not asked a second time to tell the same person the same. */
const ASKED_ALREADY = `(${HELD_BACK} AND ${WRONG_PERSON_ASKED})`;

/**
 * Locks messages whose consequence is not drawn yet, oldest first, those of other workers left to them.
 * @param except those that failed in this run
 */
export async function lockToFollowUp(
  tx: EntityManager,
  most: number,
  except: readonly string[],
): Promise<readonly string[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT id FROM message
      WHERE state IN ('undelivered', 'failed', 'suppressed', 'expired') AND followed_up_at IS NULL
        AND id <> ALL($2::uuid[])
      ORDER BY settled_at, id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [most, except],
  );
  return rows.map(({ id }) => id);
}

/** A convocation holds again: what did not arrive, and was followed up while it did not hold, is followed up anew. */
export async function followUpAnew(tx: EntityManager, convocationId: string): Promise<void> {
  await tx.query(
    `UPDATE message m SET followed_up_at = NULL, updated_at = app_now() FROM convocation c
      WHERE c.id = $1 AND m.convocation_id = c.id AND m.state IN ('undelivered', 'failed', 'suppressed', 'expired')
        AND m.followed_up_at IS NOT NULL AND m.useful_until > app_now() AND ${STILL_HOLDS}`,
    [convocationId],
  );
}

/** What was held back while an agent was asked about a wrong number is followed up now that they answered. */
export async function followHeldBack(tx: EntityManager, convocationId: string): Promise<void> {
  await tx.query(
    `UPDATE message m SET followed_up_at = NULL, updated_at = app_now() FROM convocation c
      WHERE c.id = $1 AND m.convocation_id = c.id AND ${HELD_BACK} AND m.followed_up_at IS NOT NULL
        AND m.useful_until > app_now() AND ${STILL_HOLDS}`,
    [convocationId],
  );
}

/** Read in a statement of its own, after the lock. */
export async function readFailures(tx: EntityManager, ids: readonly string[]): Promise<readonly FailedRow[]> {
  return tx.query(
    `SELECT m.id AS "messageId", c.id AS "convocationId", p.id AS "personId", m.state, m.reason, m.kind,
            m.ladder_step AS step, m.useful_until AS "usefulUntil", c.starts_at AS "startsAt",
            coalesce(m.settled_at, m.updated_at) AS "settledAt", m.first_due_at AS "firstDueAt",
            c.time_zone AS "timeZone", ${STILL_HOLDS} AS holds,
            EXISTS (SELECT FROM message own JOIN message later ON later.id = coalesce(own.told_by_message_id, own.id)
                     WHERE own.convocation_id = c.id AND later.id <> m.id AND own.promise_version = m.promise_version
                       AND own.first_due_at >= m.first_due_at AND ${hasArrived('later', 'own')}) AS "toldSince",
            ${SETTLED_BY_AGENT} OR ${ASKED_ALREADY} AS "settledByAgent",
            a.channel, a.operator, a.error_code AS "errorCode", a.recipient_id AS "recipientId",
            coalesce(tries.sms, 0) AS "smsTried", coalesce(tries.email, 0) AS "emailTried",
            coalesce(tries.failures, 0) <= 1 AS "firstFailure",
            EXISTS (SELECT FROM history_entry h WHERE h.convocation_id = c.id AND h.event = 'convocation.reopened'
                       AND h.at >= m.settled_at AND m.updated_at >= h.at) AS "drawnBefore",
            coalesce(a.channel = 'sms' AND a.recipient_id IS DISTINCT FROM p.phone_id, false) AS "numberChanged",
            ${SMS_POSSIBLE} AS "smsPossible", ${EMAIL_POSSIBLE} AS "hasEmail", o.calendar,
            o.sends_on_closed_days AS "sendsOnClosedDays", o.send_window AS "sendWindow"
       FROM message m
       JOIN convocation c ON c.id = m.convocation_id
       JOIN person p ON p.id = c.person_id
       JOIN organization o ON o.id = c.organization_id
       LEFT JOIN delivery_attempt a ON a.message_id = m.id AND a.number = m.attempts
       LEFT JOIN LATERAL (
         SELECT count(*) FILTER (WHERE x.channel = 'sms' AND x.result IN ('undelivered', 'refused'))::int AS sms,
                count(*) FILTER (WHERE x.channel = 'email' AND x.result IN ('undelivered', 'refused'))::int AS email,
                count(*) FILTER (WHERE x.channel = 'sms' AND x.recipient_id = a.recipient_id
                                   AND x.result IN ('undelivered', 'refused'))::int AS failures
           FROM delivery_attempt x WHERE x.message_id = m.id
       ) AS tries ON true
      WHERE m.id = ANY($1::uuid[])`,
    [ids],
  );
}
