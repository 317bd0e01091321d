import type { EntityManager } from 'typeorm';
import { type Instant, instantOf } from '../../shared/time.js';
import type { Channel } from '../domain/notification.states.js';
import { SMS_POSSIBLE, STILL_HOLDS } from './follow-up-facts.query.js';
import { EMAIL_POSSIBLE } from './reach.query.js';
import { type Leaving, leavesAt, planAgain } from '../plans/plan-again.js';
import type { SendingRules } from '../sending/sending-rules.js';

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

/**
 * A number or an address was noted or corrected while an agent was asked to reach the person otherwise: what missed
 * the old one leaves to the new one. The task closes when it arrives.
 */
export async function retargetMessages(
  tx: EntityManager,
  {
    rules,
    mailIsOn,
    now,
  }: { readonly rules: SendingRules; readonly mailIsOn: boolean; readonly now: Instant },
): Promise<void> {
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
