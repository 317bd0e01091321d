import { CALLS, type Invariant, MESSAGES, NOW } from './auditor-invariant.js';
import { PLAN_CHOICE } from '../plans/plan-choice.query.js';
import { IS_HELD } from './sending-hold.js';

/** An operator took the text, or may have. */
const CALLED = `('open', 'uncertain', 'accepted', 'delivered', 'undelivered', 'abandoned')`;
/** A change is committed while a call is under way: what was read before it may still leave. */
const UNDER_WAY = `interval '60 seconds'`;

/** No hold, nor a quarter of an hour ago. */
const UNHELD = `NOT ${IS_HELD}
  AND NOT EXISTS (SELECT FROM sending_hold WHERE released_at > ${NOW} - interval '15 minutes')`;
/** This operator answers, and did a quarter of an hour ago; one that never failed has no row. */
const answers = (operator: string) => `NOT EXISTS (SELECT FROM operator_state s WHERE s.operator = ${operator}
  AND (s.circuit <> 'closed' OR s.openings > 0 AND s.since >= now() - interval '15 minutes'))`;
/** Those that carry texts: compared when the workers started, or failing since. */
const OPERATORS = `(
  SELECT operator FROM operator_comparison
   WHERE compared_at > (SELECT max(compared_at) FROM operator_comparison) - interval '1 hour'
   UNION SELECT operator FROM operator_state WHERE operator <> 'smtp')`;
const SOME_OPERATOR_ANSWERS = `(NOT EXISTS (SELECT FROM ${OPERATORS} AS o)
  OR EXISTS (SELECT FROM ${OPERATORS} AS o WHERE ${answers('o.operator')}))`;

/** A reminder for all whose day came whole after the last change of the convocation and of the plans it could follow. */
const LEFT_IN_TIME = `step @> '{"kind": "reminder", "when": {"if": "always"}}'
  AND c.starts_at > make_interval(days => (step ->> 'offsetDays')::int + 1) + greatest(c.updated_at, (
    SELECT max(r.created_at) FROM reminder_plan r
     WHERE (r.organization_id IS NULL OR r.organization_id = c.organization_id)
       AND (r.type_code IS NULL OR r.type_code = c.type_code)))`;

const BEFORE_THE_HOUR = `('summons', 'reminder', 'rescheduling')`;

const NOTHING_LOST: readonly Invariant[] = [
  {
    invariant: 'I1',
    name: 'overdue',
    sentence: 'messages wait over 15 minutes after their hour, though nothing holds them back',
    sql: `SELECT m.id FROM message m WHERE m.state IN ('planned', 'queued')
            AND m.first_due_at < ${NOW} - interval '15 minutes' AND m.due_at < ${NOW} - interval '15 minutes'
            AND ${UNHELD} AND ${SOME_OPERATOR_ANSWERS}`,
  },
  {
    invariant: 'I1',
    name: 'undecided',
    sentence: 'calls have no known result after 15 minutes, though their operator answers',
    sql: `SELECT m.id FROM message m JOIN delivery_attempt a ON a.message_id = m.id AND a.number = m.attempts
           WHERE m.state IN ('sending', 'uncertain') AND a.started_at < ${NOW} - interval '15 minutes'
             AND ${UNHELD} AND ${answers('a.operator')}`,
  },
  {
    invariant: 'I1',
    name: 'never-leaves',
    sentence:
      'messages wait though they are useful no longer, and the sweep that tells an agent has run since',
    sql: `SELECT m.id FROM message m WHERE m.state IN ('planned', 'queued')
            AND m.useful_until < (SELECT last_run_at FROM task_run WHERE task = 'sweep') - interval '15 minutes'`,
  },
  {
    invariant: 'I1',
    name: 'no-message',
    sentence:
      'convocations to come have no message of their present promise, though their plan has a reminder for all',
    sql: `SELECT c.id FROM convocation c JOIN organization o ON o.id = c.organization_id
            CROSS JOIN LATERAL (${PLAN_CHOICE}) AS plan
           WHERE c.state = 'booked' AND c.starts_at > ${NOW}
             AND c.created_at >= coalesce(o.rolled_out_on, '-infinity'::date)
             AND EXISTS (SELECT FROM jsonb_array_elements(plan.steps) AS step WHERE ${LEFT_IN_TIME})
             AND NOT EXISTS (SELECT FROM message m WHERE m.convocation_id = c.id
                               AND m.promise_version = c.promise_version)`,
  },
];

const AT_MOST_ONE: readonly Invariant[] = [
  {
    invariant: 'I2',
    name: 'taken-twice',
    sentence: 'an operator took one message more than once, and it is not flagged as a possible duplicate',
    sql: `SELECT m.id FROM ${CALLS} WHERE a.result IN ('accepted', 'delivered')
           GROUP BY m.id, m.possible_duplicate HAVING count(*) > CASE WHEN m.possible_duplicate THEN 2 ELSE 1 END`,
  },
  {
    invariant: 'I2',
    name: 'called-again',
    sentence: 'a message was called again though an operator had taken it and had not said that it failed',
    sql: `SELECT DISTINCT m.id FROM ${CALLS}
           JOIN delivery_attempt later ON later.message_id = m.id AND later.number > a.number
          WHERE a.result IN ('accepted', 'delivered') AND a.answered_at < later.started_at AND NOT m.possible_duplicate`,
  },
  {
    invariant: 'I2',
    name: 'same-id',
    sentence: 'two calls hold the same id of the operator',
    sql: `SELECT operator_message_id AS id FROM ${CALLS} WHERE operator_message_id IS NOT NULL
           GROUP BY operator, operator_message_id HAVING count(*) > 1`,
  },
  {
    invariant: 'I2',
    name: 'same-intent',
    sentence: 'a promise has two messages of one kind and one occurrence',
    sql: `SELECT convocation_id AS id FROM ${MESSAGES}
           GROUP BY convocation_id, kind, occurrence, promise_version HAVING count(*) > 1`,
  },
];

const NEVER_WRONG: readonly Invariant[] = [
  {
    invariant: 'I3',
    name: 'after-cancel',
    sentence: 'a message of the promise left after the convocation was cancelled or excused',
    sql: `SELECT m.id FROM ${CALLS} JOIN convocation c ON c.id = m.convocation_id
           CROSS JOIN LATERAL (
             SELECT h.event, h.at FROM history_entry h WHERE h.convocation_id = c.id AND h.at < a.started_at
                AND h.event IN ('convocation.cancelled', 'convocation.excused', 'convocation.reopened')
              ORDER BY h.at DESC LIMIT 1) AS last
          WHERE c.state IN ('cancelled', 'excused') AND m.kind IN ${BEFORE_THE_HOUR} AND a.result IN ${CALLED}
            AND last.event <> 'convocation.reopened' AND a.started_at > last.at + ${UNDER_WAY}`,
  },
  {
    invariant: 'I3',
    name: 'old-promise',
    sentence: 'a message left for a date, hour or place that had been replaced',
    sql: `SELECT m.id FROM ${CALLS} JOIN convocation c ON c.id = m.convocation_id
           JOIN history_entry h ON h.convocation_id = c.id AND h.event = 'convocation.rescheduled'
            AND (h.detail #>> '{from,promiseVersion}')::int = m.promise_version
          WHERE m.promise_version < c.promise_version AND m.kind IN ${BEFORE_THE_HOUR} AND a.result IN ${CALLED}
            AND a.started_at > h.at + ${UNDER_WAY}`,
  },
  {
    invariant: 'I3',
    name: 'after-start',
    sentence: 'a message left when it was useful no longer, or after the hour it announces',
    sql: `SELECT m.id FROM ${CALLS} JOIN convocation c ON c.id = m.convocation_id
          WHERE a.result IN ${CALLED} AND (a.started_at > m.useful_until
             OR (m.kind IN ${BEFORE_THE_HOUR} AND m.promise_version = c.promise_version
                 AND a.started_at >= c.starts_at))`,
  },
  {
    invariant: 'I3',
    name: 'refused',
    sentence: 'a text left to somebody who had refused texts',
    sql: `SELECT m.id FROM ${CALLS} JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id
          WHERE a.channel = 'sms' AND a.result IN ${CALLED} AND a.started_at > p.sms_refused_at + ${UNDER_WAY}`,
  },
  {
    invariant: 'I3',
    name: 'wrong-person',
    sentence:
      'a message left to a number or an address whose holder had said that it was not theirs, or asked for nothing more',
    sql: `SELECT m.id FROM ${CALLS} JOIN phone_block b ON b.phone_id = a.recipient_id
          WHERE a.result IN ${CALLED} AND a.started_at > b.since + ${UNDER_WAY}`,
  },
  {
    invariant: 'I3',
    name: 'changed-contact',
    sentence: 'a message left to a number or an address that was the person’s no longer',
    sql: `SELECT m.id FROM ${CALLS} JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id
           CROSS JOIN LATERAL (
             SELECT max(h.at) AS at FROM history_entry h
              WHERE h.person_id = p.id AND h.event = 'person.updated'
                AND h.detail -> 'fields' ?| CASE a.channel WHEN 'sms' THEN ARRAY['phone', 'noPhone', 'territory']
                                                           ELSE ARRAY['email'] END) AS changed
          WHERE a.recipient_id IS DISTINCT FROM CASE a.channel WHEN 'sms' THEN p.phone_id ELSE p.email_id END
            AND a.result IN ${CALLED} AND a.started_at > changed.at + ${UNDER_WAY}`,
  },
  {
    invariant: 'I3',
    name: 'outside-window',
    sentence: 'a message left outside the hours of its service, in the last 24 hours',
    sql: `SELECT m.id FROM ${CALLS} JOIN convocation c ON c.id = m.convocation_id
           JOIN organization o ON o.id = c.organization_id
           CROSS JOIN LATERAL (SELECT to_char(a.started_at AT TIME ZONE c.time_zone, 'HH24:MI') AS local,
             coalesce(o.send_window, (SELECT send_window FROM setting)) AS hours) AS clock
          WHERE hours IS NOT NULL AND a.result IN ${CALLED} AND m.promise_version = c.promise_version
            AND a.started_at > ${NOW} - interval '24 hours'
            AND local NOT BETWEEN split_part(hours, '-', 1) AND split_part(hours, '-', 2)`,
  },
  {
    invariant: 'I3',
    name: 'closed-day',
    sentence:
      'a message left on a Sunday or a holiday of a service that lets nothing leave then, in the last 24 hours',
    sql: `SELECT m.id FROM ${CALLS} JOIN convocation c ON c.id = m.convocation_id
           JOIN organization o ON o.id = c.organization_id AND NOT o.sends_on_closed_days
           JOIN closed_day d ON d.calendar = o.calendar AND d.day = (a.started_at AT TIME ZONE c.time_zone)::date
          WHERE a.result IN ${CALLED} AND m.promise_version = c.promise_version
            AND a.started_at > ${NOW} - interval '24 hours'`,
  },
];

/** I1 nothing lost, I2 at most one, I3 never wrong. */
export const SENDING_INVARIANTS: readonly Invariant[] = [...NOTHING_LOST, ...AT_MOST_ONE, ...NEVER_WRONG];
