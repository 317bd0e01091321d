import { DECIDED_HOURS } from '../domain/reach.js';
import { REACH_FACTS, REACH_FACTS_FROM } from '../follow-up/reach.query.js';
import { CALLS, type Invariant, MESSAGES, NOW, RECENT } from './auditor-invariant.js';

const hasCall = (results: string) =>
  `EXISTS (SELECT FROM delivery_attempt a WHERE a.message_id = m.id AND a.result IN (${results}))`;

/** Nothing of what decides was written since, nor while that run began: it judged by what is still so. */
const UNCHANGED_SINCE = (at: string) => `
  c.updated_at < ${at} AND p.updated_at < ${at}
  AND NOT EXISTS (SELECT FROM history_entry h WHERE h.person_id = p.id AND h.at >= ${at})
  AND NOT EXISTS (SELECT FROM agent_task t WHERE t.convocation_id = c.id AND t.closed_at >= ${at})
  AND NOT EXISTS (SELECT FROM message own JOIN message x ON x.id = coalesce(own.told_by_message_id, own.id)
                   WHERE own.convocation_id = c.id AND greatest(own.updated_at, x.updated_at) >= ${at})`;

const TOLD: readonly Invariant[] = [
  {
    invariant: 'I5',
    name: 'not-followed-up',
    sentence:
      'messages did not arrive over a minute ago, and neither the next step was taken nor an agent told',
    sql: `SELECT m.id FROM message m WHERE m.state IN ('undelivered', 'failed', 'suppressed', 'expired')
            AND m.followed_up_at IS NULL AND greatest(m.settled_at, m.updated_at) < ${NOW} - interval '1 minute'
            AND NOT EXISTS (SELECT FROM agent_task t WHERE t.message_id = m.id)`,
  },
  {
    invariant: 'I5',
    name: 'reach-pending',
    sentence: `${DECIDED_HOURS} hours before an appointment the person is neither told, nor an agent asked, nor known to refuse or to be unreachable`,
    sql: `SELECT one."convocationId" AS id FROM (
            SELECT ${REACH_FACTS} FROM ${REACH_FACTS_FROM}
             CROSS JOIN (SELECT last_run_at AS at FROM task_run WHERE task = 'check-reach') AS run
             WHERE c.state = 'booked' AND c.starts_at > ${NOW} AND run.at <= ${NOW}
               AND c.starts_at BETWEEN run.at AND run.at + interval '${DECIDED_HOURS} hours'
               AND ${UNCHANGED_SINCE(`run.at - interval '1 minute'`)}) AS one
           WHERE NOT ("taskOpen" OR arrived OR "toldByAgent" OR "gaveUp")
             AND ("hasEmail" OR ("hasPhone" AND NOT "smsRefused"))`,
  },
];

const MONOTONE: readonly Invariant[] = [
  {
    invariant: 'I6',
    name: 'state-without-call',
    sentence: 'a message is in a state that none of its calls explains',
    sql: `SELECT m.id FROM ${MESSAGES} WHERE m.state NOT IN ('planned', 'queued') AND NOT CASE m.state
            WHEN 'sending' THEN ${hasCall(`'open'`)}
            WHEN 'uncertain' THEN ${hasCall(`'uncertain'`)}
            WHEN 'accepted' THEN ${hasCall(`'accepted', 'delivered', 'undelivered'`)}
            WHEN 'delivered' THEN ${hasCall(`'delivered'`)}
            WHEN 'undelivered' THEN ${hasCall(`'undelivered'`)}
            ELSE true END`,
  },
  {
    invariant: 'I6',
    name: 'call-without-state',
    sentence: 'a call is open or in doubt, and its message is not',
    sql: `SELECT m.id FROM delivery_attempt a JOIN message m ON m.id = a.message_id
           WHERE a.result IN ('open', 'uncertain') AND m.state IN ('planned', 'queued', 'withdrawn', 'suppressed')`,
  },
  {
    invariant: 'I6',
    name: 'taken-and-waiting',
    sentence: 'an operator took a text, and its message waits as though it had not left',
    sql: `SELECT m.id FROM ${CALLS} WHERE m.state IN ('planned', 'queued') AND NOT m.possible_duplicate
            AND a.number = m.attempts AND a.result IN ('accepted', 'delivered')`,
  },
  {
    invariant: 'I6',
    name: 'receipt-forgotten',
    sentence: 'an operator said what became of a text, and its call does not say it',
    sql: `SELECT DISTINCT a.message_id AS id FROM receipt r JOIN delivery_attempt a ON a.id = r.attempt_id
           WHERE r.received_at > ${RECENT} AND r.status IN ('delivered', 'undelivered', 'failed', 'canceled')
             AND a.result NOT IN ('delivered', 'undelivered')
             -- Kept until the call has ended: its answer names what they are about.
             AND a.result NOT IN ('open', 'uncertain')
             -- Of a text in parts that each have an id, one that arrived is not the whole.
             AND (r.status <> 'delivered'
               OR (SELECT count(DISTINCT part.operator_message_id) FROM receipt part
                    WHERE part.attempt_id = a.id AND part.status = 'delivered')
                  >= coalesce(cardinality(string_to_array(a.operator_message_id, ',')), a.segments))`,
  },
  {
    invariant: 'I6',
    name: 'calls-miscounted',
    sentence: 'a message counts other calls than those it made',
    sql: `SELECT m.id FROM ${CALLS} GROUP BY m.id, m.attempts HAVING max(a.number) <> m.attempts OR count(*) <> max(a.number)`,
  },
  {
    invariant: 'I6',
    name: 'no-history',
    sentence: 'a convocation was moved and its history does not say so',
    sql: `SELECT c.id FROM convocation c WHERE c.promise_version > 1 AND c.starts_at > ${RECENT}
            AND NOT EXISTS (SELECT FROM history_entry h WHERE h.convocation_id = c.id
                              AND h.event = 'convocation.rescheduled')`,
  },
];

const CAPACITY: readonly Invariant[] = [
  {
    invariant: 'I7',
    name: 'seats',
    sentence: 'a slot counts other seats than its convocations hold, or more than it has',
    sql: `SELECT s.id FROM slot s WHERE s.starts_at > ${RECENT} AND (s.seats_taken > s.capacity
            OR s.seats_taken <> (SELECT count(*) FROM convocation c WHERE c.slot_id = s.id
                                   AND c.state IN ('booked', 'attended', 'missed')))`,
  },
];

/** Ids, epochs and our own words; whatever is left over is something else. */
const NOT_OURS = `regexp_replace(data::text,
  '"(messages|messageId|epoch)"|"[0-9a-f]{8}-[0-9a-f-]{27}"|\\m[0-9]{1,7}\\M|[][{}:, ]', '', 'g') <> ''`;
/** What a failed job or an event of the queue says in words. */
const WORDS_OF_QUEUE = `
  SELECT id, concat_ws(' ', failed_reason, stacktrace, return_value, progress, deferred_failure) AS words FROM bullmq.job
  UNION ALL SELECT job_id, row FROM bullmq.job_log
  UNION ALL SELECT id::text, data::text FROM bullmq.event WHERE data::text ~ '[+]\\d{8}' OR event IN ('failed', 'progress')`;

/** Numbers are sealed, none can be compared: whatever is written as one is told. */
const NUMBER = String.raw`[+]\d{8,15}|\m(00)?(33|26[29]|59[046]|508|68[1789])[ .]?\d{9}\M|\m0[1-9]([ .-]?\d{2}){4}\M`;

const NO_LEAK: readonly Invariant[] = [
  {
    invariant: 'I8',
    name: 'queue-payload',
    sentence: 'a job of the queue holds something else than ids and epochs',
    sql: `SELECT id FROM bullmq.job WHERE ${NOT_OURS} OR name <> 'send' OR id !~ '^[a-z]+-[0-9a-f-]{36}-[0-9]+$'`,
  },
  {
    invariant: 'I8',
    name: 'queue-words',
    sentence: 'the queue keeps a telephone number or the name of a person',
    sql: `WITH said AS (${WORDS_OF_QUEUE}),
            names AS (SELECT DISTINCT said.id, lower(words) AS words, token
                        FROM said, regexp_split_to_table(lower(words), '[^[:alpha:]]+') AS token WHERE length(token) > 2)
          SELECT id FROM said WHERE words ~ '${NUMBER}'
          UNION
          SELECT n.id FROM names n JOIN person p ON lower(substring(p.last_name FROM '[[:alpha:]]+')) = n.token
           WHERE strpos(n.words, lower(p.last_name)) > 0 AND strpos(n.words, lower(p.first_name)) > 0`,
  },
  {
    invariant: 'I8',
    name: 'task-run',
    sentence: 'a repeated task has a name that is not ours',
    sql: `SELECT task AS id FROM task_run WHERE task !~ '^[a-z][a-z-]{2,30}$'`,
  },
  {
    invariant: 'I8',
    name: 'metric-labels',
    sentence: 'a label of the metrics is not a short code',
    sql: `SELECT label AS id FROM (
            SELECT unnest(ARRAY[channel, operator, label]) AS label FROM engine_tally
            UNION SELECT operator FROM operator_state UNION SELECT last_alert FROM operator_state
          ) AS labels WHERE label <> '' AND label !~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,30}$' OR label ~ '\\d{8}'`,
  },
];

/** I5 told, I6 monotone, I7 capacity, I8 no leak. */
export const STATE_INVARIANTS: readonly Invariant[] = [...TOLD, ...MONOTONE, ...CAPACITY, ...NO_LEAK];
