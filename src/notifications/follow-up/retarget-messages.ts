import type { EntityManager } from 'typeorm';
import { type Instant, instantOf } from '../../shared/time.js';
import type { Channel } from '../domain/notification.states.js';
import { SMS_POSSIBLE, STILL_HOLDS } from './follow-up-facts.query.js';
import { EMAIL_POSSIBLE } from './reach.query.js';
import { usefulUntil } from '../domain/cadence.js';
import { type Leaving, leavesAt, planAgain } from '../plans/plan-again.js';
import type { SendingRules } from '../sending/sending-rules.js';
import { HAS_SPARE, planSpareReminders } from './spare-reminder.js';

interface Row extends Leaving {
  readonly messageId: string;
  readonly usefulUntil: Date;
  readonly channel: Channel;
}

/** The contact to which a message was last tried this way. */
const lastTried = (channel: Channel) => `SELECT x.recipient_id FROM delivery_attempt x
  WHERE x.message_id = m.id AND x.channel = '${channel}' ORDER BY x.number DESC LIMIT 1`;

/** The last text went to another number, whatever was tried after it. */
const NUMBER_CHANGED = `(${SMS_POSSIBLE} AND coalesce((${lastTried('sms')}) <> p.phone_id, false))`;
/** The last e-mail went to another address, or none was tried; one planned that could not be tried is not again. */
const ADDRESS_CHANGED = `(${EMAIL_POSSIBLE}
  AND coalesce((${lastTried('email')}) <> p.email_id, m.wanted_channel IS DISTINCT FROM 'email'))`;

interface Retargeting {
  readonly rules: SendingRules;
  readonly mailIsOn: boolean;
  readonly now: Instant;
}

/**
 * A number or an address was noted or corrected while an agent was asked to reach the person otherwise: what missed
 * the old one leaves to the new one, and what could not even be tried is said by one more reminder. The task closes
 * when it arrives.
 */
export async function retargetMessages(tx: EntityManager, retargeting: Retargeting): Promise<void> {
  await sendToNewContact(tx, retargeting);
  await tellAtLast(tx, retargeting);
}

async function sendToNewContact(tx: EntityManager, { rules, mailIsOn, now }: Retargeting): Promise<void> {
  const rows: Row[] = await tx.query(
    `SELECT m.id AS "messageId", m.useful_until AS "usefulUntil", c.time_zone AS "timeZone", o.calendar,
            CASE WHEN ${NUMBER_CHANGED} THEN 'sms' ELSE 'email' END AS channel,
            o.sends_on_closed_days AS "sendsOnClosedDays", o.send_window AS "sendWindow"
       FROM agent_task t
       JOIN message m ON m.id = t.message_id
       JOIN convocation c ON c.id = m.convocation_id
       JOIN person p ON p.id = c.person_id
       JOIN organization o ON o.id = c.organization_id
      WHERE t.closed_at IS NULL AND t.kind = 'reach-otherwise' AND m.state IN ('undelivered', 'failed')
        AND m.followed_up_at IS NOT NULL AND m.useful_until > app_now() AND ${STILL_HOLDS}
        AND coalesce(m.reason, 'operator-refused') IN ('operator-refused', 'no-route')
        AND m.attempts > 0 AND (${NUMBER_CHANGED} OR $1::boolean AND ${ADDRESS_CHANGED})
      ORDER BY m.id LIMIT 500 FOR UPDATE OF m SKIP LOCKED`,
    [mailIsOn],
  );
  await planAgain(
    tx,
    rows.flatMap((row) => {
      const dueAt = leavesAt(rules, row, { notBefore: now, usefulUntil: instantOf(row.usefulUntil) });
      return dueAt === undefined ? [] : [{ messageId: row.messageId, channel: row.channel, dueAt }];
    }),
  );
}

/** Of a message: held back because of the number of then. */
const NUMBER_REASONS = `('no-phone', 'not-a-mobile', 'number-flagged', 'wrong-person')`;

/** A text of this promise went to another number, or to none, and none to the number of today. */
const MISSED_THE_NUMBER = `(EXISTS (
    SELECT FROM message x LEFT JOIN delivery_attempt a ON a.message_id = x.id AND a.channel = 'sms'
     WHERE x.convocation_id = c.id AND x.promise_version = c.promise_version
       AND (a.recipient_id <> p.phone_id OR x.state = 'suppressed' AND x.reason IN ${NUMBER_REASONS}))
  AND NOT EXISTS (
    SELECT FROM message x JOIN delivery_attempt a ON a.message_id = x.id AND a.channel = 'sms'
     WHERE x.convocation_id = c.id AND x.promise_version = c.promise_version AND a.recipient_id = p.phone_id))`;

/** Texts were refused when it was moved, and are wanted again: who knows the old hour comes at it. */
const MOVE_REFUSED = `m.kind = 'rescheduling' AND m.reason = 'sms-refused'`;

/** A text that leaves within a day says it anyway. */
const IS_ABOUT_TO_BE_TOLD = `EXISTS (
  SELECT FROM message x WHERE x.convocation_id = c.id AND x.promise_version = c.promise_version
     AND x.state IN ('planned', 'queued', 'sending', 'uncertain') AND x.due_at < app_now() + interval '1 day')`;

/** A task `t` about a wrong number, beside which no other was opened for what could not leave to it. */
const STANDS_FOR_IT = `(t.kind = 'wrong-person' AND EXISTS (
  SELECT FROM message held WHERE held.convocation_id = c.id AND held.promise_version = c.promise_version
     AND held.state = 'suppressed' AND held.reason IN ${NUMBER_REASONS}))`;

interface UntoldRow extends Leaving {
  readonly convocationId: string;
  readonly promiseVersion: number;
  readonly startsAt: Date;
}

/** The number of today takes texts, and the one of then took none: nothing that failed could be planned again. */
async function tellAtLast(tx: EntityManager, { rules, now }: Retargeting): Promise<void> {
  const rows: UntoldRow[] = await tx.query(
    `SELECT c.id AS "convocationId", c.promise_version AS "promiseVersion", c.starts_at AS "startsAt",
            c.time_zone AS "timeZone", o.calendar, o.sends_on_closed_days AS "sendsOnClosedDays",
            o.send_window AS "sendWindow"
       FROM agent_task t
       JOIN convocation c ON c.id = t.convocation_id
       JOIN person p ON p.id = c.person_id
       JOIN organization o ON o.id = c.organization_id
       LEFT JOIN message m ON m.id = t.message_id
      WHERE t.closed_at IS NULL AND (t.kind = 'reach-otherwise' OR ${STANDS_FOR_IT}) AND t.promise_version = c.promise_version
        AND c.state = 'booked' AND c.starts_at > app_now() + interval '1 hour' AND ${SMS_POSSIBLE}
        AND CASE WHEN m.id IS NULL THEN ${MISSED_THE_NUMBER}
                 ELSE m.state = 'suppressed' AND (m.reason IN ${NUMBER_REASONS} OR ${MOVE_REFUSED}) END
        AND NOT ${HAS_SPARE} AND NOT ${IS_ABOUT_TO_BE_TOLD}
      ORDER BY t.id LIMIT 500 FOR UPDATE OF t SKIP LOCKED`,
  );
  await planSpareReminders(
    tx,
    rows.flatMap((row) => {
      const until = usefulUntil('reminder', instantOf(row.startsAt));
      const dueAt = leavesAt(rules, row, { notBefore: now, usefulUntil: until });
      return dueAt === undefined ? [] : [{ ...row, dueAt, usefulUntil: until }];
    }),
  );
}
