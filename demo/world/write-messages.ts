import type { EntityManager } from 'typeorm';
import type { DemoPerson } from './persons.js';

/**
 * The messages of convocations just added, by the plan recommended to everybody (reminders at the promised hour 7, 3
 * and 1 days before, inside 08:00–20:00), for the last half-year; by a single reminder before that: what was due before now has its fate and its proof, what is due later is
 * planned and will really leave.
 *
 * Services tell nothing before their roll-out.
 */
export async function writeMessages(
  tx: EntityManager,
  persons: readonly DemoPerson[],
  convocationIds: readonly string[],
): Promise<void> {
  // Numbers are sealed: the endings at which the simulated operator misbehaves are told here.
  const odd = persons.filter(({ phone_e164 }) => /9[789]$/.test(phone_e164 ?? ''));
  const endings = [odd.map(({ id }) => id), odd.map(({ phone_e164 }) => phone_e164?.slice(-2))];
  for (let from = 0; from < convocationIds.length; from += AT_ONCE) {
    const some = convocationIds.slice(from, from + AT_ONCE);
    await tx.query(MESSAGES, [some, ...endings]);
    for (const step of [ATTEMPTS, RECEIPTS, REASONS, PROOFS]) await tx.query(step, [some]);
  }
}

/** Far below the time a statement may take, on a busy machine too. */
const AT_ONCE = 4_000;

/** A number from 0 to 999 that never changes for a row. */
const draw = (id: string, salt: string) =>
  `(('x' || substr(md5(${id}::text || '${salt}'), 1, 6))::bit(24)::integer % 1000)`;

const REACH = `CASE WHEN p.phone_mobile AND p.sms_refused_at IS NULL THEN 'sms' WHEN p.email_id IS NOT NULL THEN 'email' END`;
const NO_REACH = `CASE WHEN p.sms_refused_at IS NOT NULL THEN 'sms-refused' WHEN p.phone_id IS NULL THEN 'no-phone' ELSE 'not-a-mobile' END`;

/** Until then, the services had a single reminder, the day before. */
const TOLD_MORE_SINCE = `(SELECT app_now()) - interval '6 months'`;

/** First convocation of the person, or two absences in the year before it was booked. */
const NEW_OR_OFTEN_ABSENT = `(
  NOT EXISTS (SELECT FROM convocation x WHERE x.person_id = c.person_id AND x.starts_at < c.starts_at
                 AND x.state IN ('attended', 'missed', 'excused'))
  OR 2 <= (SELECT count(*) FROM convocation x WHERE x.person_id = c.person_id AND x.state = 'missed'
              AND x.starts_at BETWEEN c.created_at - interval '365 days' AND c.created_at))`;

/** What failed about convocations that are over asks nothing of anybody; the rest is the ladder's, at the first start. */
const ASKS_NOTHING = `told IN ('undelivered', 'failed', 'suppressed', 'expired')
    AND (starts_at < (SELECT app_now()) OR kind IN ('cancellation', 'after-absence'))`;

const MESSAGES = `
WITH c AS (
  SELECT c.*, ${REACH} AS channel, ${NO_REACH} AS no_reach, odd.ending
    FROM convocation c JOIN person p ON p.id = c.person_id JOIN organization o ON o.id = c.organization_id
    LEFT JOIN unnest($2::uuid[], $3::text[]) AS odd(person_id, ending) ON odd.person_id = c.person_id
   WHERE c.id = ANY($1) AND c.created_at >= o.rolled_out_on
), intent AS (
  SELECT c.*, 'summons' AS kind, 0 AS occurrence, created_at AS due, starts_at - interval '1 hour' AS useful
    FROM c WHERE ${draw('id', 'notify')} < 700 AND created_at > ${TOLD_MORE_SINCE}
  UNION ALL
  SELECT c.*, 'reminder', step.days, reminded.due, starts_at - interval '1 hour'
    FROM c LEFT JOIN trial_convocation tc ON tc.convocation_id = c.id
    LEFT JOIN trial_arm arm ON arm.trial_id = tc.trial_id AND arm.position = tc.arm
    CROSS JOIN LATERAL (
      SELECT usual.days FROM (VALUES (7), (3), (1)) AS usual(days) WHERE arm.reminders IS NULL
      UNION ALL SELECT (r ->> 'offsetDays')::integer FROM jsonb_array_elements(arm.reminders) AS r) AS step
    CROSS JOIN LATERAL (SELECT (local_date - step.days + least(greatest(local_time, '08:00'), '20:00'))
                                 AT TIME ZONE time_zone AS due) AS reminded
   WHERE (step.days = 1 OR created_at > ${TOLD_MORE_SINCE})
     AND (step.days <> 7 OR local_date - (created_at AT TIME ZONE time_zone)::date >= 10)
     AND (step.days <> 3 OR arm.reminders IS NOT NULL OR ${NEW_OR_OFTEN_ABSENT})
     AND (${draw('id', 'notify')} >= 700 OR reminded.due >= created_at + interval '12 hours')
  UNION ALL
  SELECT c.*, 'cancellation', 0, updated_at, starts_at FROM c WHERE state = 'cancelled'
  UNION ALL
  SELECT c.*, 'after-absence', 0, outcome_at, starts_at + interval '7 days'
    FROM c WHERE state = 'missed' AND ${draw('id', 'absence')} < 350
), fate AS MATERIALIZED (
  SELECT intent.*, ${draw('id', 'fate')} + 0 * occurrence AS chance FROM intent WHERE due >= created_at
), stated AS MATERIALIZED (
  SELECT fate.*, CASE
      WHEN kind = 'reminder' AND state = 'cancelled' AND updated_at < due THEN 'withdrawn'
      WHEN due > (SELECT app_now()) THEN 'planned'
      WHEN channel IS NULL THEN 'suppressed'
      WHEN channel = 'email' THEN 'accepted'
      WHEN ending = '98' THEN 'undelivered' WHEN ending = '99' THEN 'failed' WHEN ending = '97' THEN 'accepted'
      WHEN chance < 6 AND kind = 'reminder' THEN 'expired'
      WHEN chance < 50 THEN 'undelivered' WHEN chance < 60 THEN 'failed' WHEN chance < 85 THEN 'accepted'
      ELSE 'delivered' END AS told
    FROM fate
), settled AS MATERIALIZED (
  SELECT stated.*, CASE told WHEN 'withdrawn' THEN updated_at WHEN 'suppressed' THEN due + interval '1 second'
      WHEN 'failed' THEN due + interval '2 seconds' WHEN 'delivered' THEN due + interval '9 seconds'
      WHEN 'undelivered' THEN due + interval '40 seconds' WHEN 'expired' THEN useful END AS settled
    FROM stated
)
INSERT INTO message (convocation_id, kind, occurrence, promise_version, state, reason, due_at, first_due_at, useful_until,
  attempts, claim_epoch, accepted_at, settled_at, followed_up_at, created_at, updated_at)
SELECT id, kind, occurrence, promise_version, told,
  CASE WHEN told = 'suppressed' THEN no_reach WHEN told IN ('undelivered', 'failed') THEN CASE WHEN told = 'undelivered' THEN '30003' WHEN ending = '99' THEN '21610' ELSE '21614' END END,
  due, due, useful,
  (told IN ('accepted', 'delivered', 'undelivered', 'failed'))::integer,
  (told IN ('accepted', 'delivered', 'undelivered', 'failed'))::integer,
  CASE WHEN told IN ('accepted', 'delivered', 'undelivered') THEN due + interval '2 seconds' END,
  settled, CASE WHEN ${ASKS_NOTHING} THEN settled END,
  least(due, CASE WHEN kind IN ('summons', 'reminder') THEN created_at ELSE due END),
  least(due + interval '9 seconds', (SELECT app_now()))
FROM settled
ON CONFLICT ON CONSTRAINT message_once DO NOTHING`;

/** One call per message that left: what the operator answered. */
const ATTEMPTS = `
INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash, segments,
  result, operator_message_id, error_code, started_at, real_started_at, answered_at)
SELECT gen_random_uuid(), m.id, 1, reach.channel, CASE reach.channel WHEN 'sms' THEN 'twilio' ELSE 'smtp' END, 'Justice',
  CASE reach.channel WHEN 'sms' THEN p.phone_id ELSE p.email_id END,
  sha256(('token ' || m.id)::bytea), sha256(('body ' || m.id)::bytea), 2,
  CASE m.state WHEN 'failed' THEN 'refused' ELSE m.state END,
  CASE WHEN m.state <> 'failed' THEN 'SM' || md5(m.id::text) END,
  CASE WHEN m.state IN ('undelivered', 'failed') THEN m.reason END,
  m.due_at, m.due_at, m.due_at + interval '2 seconds'
FROM message m JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id
CROSS JOIN LATERAL (SELECT ${REACH} AS channel) AS reach
WHERE m.convocation_id = ANY($1) AND m.attempts = 1
  AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.message_id = m.id)`;

const RECEIPTS = `
INSERT INTO receipt (attempt_id, operator_message_id, status, error_code, received_at)
SELECT a.id, a.operator_message_id, s.status, CASE WHEN s.status = 'undelivered' THEN a.error_code END, m.settled_at
FROM message m JOIN delivery_attempt a ON a.message_id = m.id
CROSS JOIN LATERAL (VALUES ('sent'), (m.state)) AS s(status)
WHERE (s.status <> 'sent' OR m.due_at > ${TOLD_MORE_SINCE}) AND m.convocation_id = ANY($1) AND m.state IN ('delivered', 'undelivered') AND a.operator = 'twilio'
ON CONFLICT DO NOTHING`;

/** Numbers that receipts have proved. */
const PROOFS = `
UPDATE person p SET phone_reached_at = proof.at
  FROM (SELECT c.person_id, max(m.settled_at) AS at FROM message m JOIN convocation c ON c.id = m.convocation_id
         WHERE m.convocation_id = ANY($1) AND m.state = 'delivered' GROUP BY 1) AS proof
 WHERE proof.person_id = p.id AND (p.phone_reached_at IS NULL OR p.phone_reached_at < proof.at)`;

/** As the engine writes it: the operator's code stays with the attempt. */
const REASONS = `
UPDATE message SET reason = CASE state WHEN 'failed' THEN 'operator-refused' END
 WHERE convocation_id = ANY($1) AND state IN ('undelivered', 'failed')`;
