import type { EntityManager } from 'typeorm';
import { type Instant, instantOf } from '../../shared/time.js';
import { SMS_POSSIBLE, STILL_HOLDS } from './follow-up-facts.query.js';
import { type Leaving, leavesAt, planAgain } from '../plans/plan-again.js';
import type { SendingRules } from '../sending/sending-rules.js';

interface Row extends Leaving {
  readonly messageId: string;
  readonly usefulUntil: Date;
}

/**
 * A number was corrected while an agent was asked to reach the person otherwise: the text that missed the old number
 * leaves to the new one. The task closes when it arrives.
 */
export async function retargetMessages(tx: EntityManager, rules: SendingRules, now: Instant): Promise<void> {
  const rows: Row[] = await tx.query(
    `SELECT m.id AS "messageId", m.useful_until AS "usefulUntil", c.time_zone AS "timeZone", o.calendar,
            o.sends_on_closed_days AS "sendsOnClosedDays", o.send_window AS "sendWindow"
       FROM agent_task t
       JOIN message m ON m.id = t.message_id
       JOIN delivery_attempt a ON a.message_id = m.id AND a.number = m.attempts AND a.channel = 'sms'
       JOIN convocation c ON c.id = m.convocation_id
       JOIN person p ON p.id = c.person_id
       JOIN organization o ON o.id = c.organization_id
      WHERE t.closed_at IS NULL AND t.kind = 'reach-otherwise' AND m.state IN ('undelivered', 'failed')
        AND m.followed_up_at IS NOT NULL AND m.useful_until > app_now() AND ${STILL_HOLDS}
        AND coalesce(m.reason, 'operator-refused') = 'operator-refused'
        AND a.recipient_id <> p.phone_id AND ${SMS_POSSIBLE}
      ORDER BY m.id LIMIT 500 FOR UPDATE OF m SKIP LOCKED`,
  );
  await planAgain(
    tx,
    rows.flatMap((row) => {
      const dueAt = leavesAt(rules, row, { notBefore: now, usefulUntil: instantOf(row.usefulUntil) });
      return dueAt === undefined ? [] : [{ messageId: row.messageId, channel: 'sms' as const, dueAt }];
    }),
  );
}
