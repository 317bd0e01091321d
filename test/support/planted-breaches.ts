/** SQL that names rows of an `AuditedDatabase`. */
export const DELIVERED = `(SELECT id FROM message WHERE state = 'delivered')`;
export const PLANNED = `(SELECT id FROM message WHERE state = 'planned' ORDER BY id LIMIT 1)`;
const CONVOCATION = `(SELECT convocation_id FROM message WHERE state = 'delivered')`;
export const PERSON = `(SELECT person_id FROM convocation WHERE id = ${CONVOCATION})`;

/** The delivered message was called a second time, with such a result and id. */
export const again = (more: string) => `
  UPDATE message SET attempts = 2 WHERE state = 'delivered';
  INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
      segments, result, operator_message_id, started_at, real_started_at, answered_at)
  SELECT gen_random_uuid(), message_id, 2, channel, operator, sender, recipient_id, 'x', body_hash, 1, ${more},
         app_now(), app_now(), app_now() FROM delivery_attempt WHERE message_id = ${DELIVERED}`;
const history = (event: string, detail = '{}', hoursAgo = 1) =>
  `INSERT INTO history_entry (event, person_id, convocation_id, at, detail)
   SELECT '${event}', person_id, id, app_now() - interval '${hoursAgo} hours', '${detail}' FROM convocation WHERE id = ${CONVOCATION}`;
const slot = (taken: number) => `
  WITH made AS (INSERT INTO slot (agenda_id, type_code, local_date, local_time, time_zone, starts_at, duration_minutes,
      capacity, seats_taken) SELECT id, 'suivi-spip', '2030-01-01', '10:00', 'Europe/Paris', app_now(), 30, 3, ${taken}
      FROM agenda LIMIT 1 RETURNING id)
  UPDATE convocation SET slot_id = (SELECT id FROM made) WHERE id = ${CONVOCATION}`;

/** The person who was told is excused, an hour ago. */
export const EXCUSED = `${history('convocation.excused')}; UPDATE convocation SET state = 'excused' WHERE id = ${CONVOCATION}`;
/** Excused, reopened before the text left, and excused again since it did. */
export const EXCUSED_TWICE = `${EXCUSED};
  UPDATE history_entry SET at = app_now() - interval '3 hours' WHERE event = 'convocation.excused';
  ${history('convocation.reopened', '{}', 2)};
  ${history('convocation.excused', '{}', 0)}`;

/** The operator's last word is another than the one its call shows. */
const forgot = (status: string) => `
  UPDATE receipt SET status = '${status}' WHERE attempt_id = ${DELIVERED};
  UPDATE delivery_attempt SET result = 'accepted' WHERE message_id = ${DELIVERED};
  UPDATE message SET state = 'accepted' WHERE id = ${DELIVERED}`;

export const OTHER_CONTACT = `(SELECT phone_id FROM person WHERE id <> ${PERSON} ORDER BY id LIMIT 1)`;
const BY_EMAIL = `UPDATE delivery_attempt SET channel = 'email' WHERE message_id = ${DELIVERED}`;
/** That field of the person who was told changed an hour ago. */
export const updated = (field: string) =>
  `INSERT INTO history_entry (event, person_id, at, detail)
   VALUES ('person.updated', ${PERSON}, app_now() - interval '1 hour', '{"fields": ["${field}"]}')`;

/** The text left thirteen hours before the noon (Paris) of that date, in a service that lets nothing leave on closed days. */
export const leftBeforeNoonOf = (date: string) => `
  INSERT INTO clock_offset (shift) SELECT ('${date}'::date + time '12:00') AT TIME ZONE 'Europe/Paris' - now();
  UPDATE organization SET sends_on_closed_days = false;
  UPDATE message SET first_due_at = app_now() WHERE id = ${DELIVERED};
  UPDATE delivery_attempt SET started_at = app_now() - interval '13 hours' WHERE message_id = ${DELIVERED}`;

/** Texts that left in each of so many hours, twenty-five unless said, a share of them so late. */
export const leftLate = (hours: number, seconds: number, oneIn: number, inAnHour = 25) => `
  WITH made AS (
    INSERT INTO message (convocation_id, kind, occurrence, promise_version, state, attempts, due_at, first_due_at,
        useful_until, accepted_at, settled_at)
    SELECT ${CONVOCATION}, 'reminder', 100 + n, 1, 'delivered', 1, at, at, app_now() + interval '1 day', at, at
      FROM generate_series(0, ${inAnHour} * ${hours} - 1) AS n,
           LATERAL (SELECT date_trunc('hour', app_now()) - make_interval(hours => n % ${hours} + 1) + interval '5 minutes' AS at) AS t
    RETURNING id, due_at, occurrence
  )
  INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
      segments, result, operator_message_id, started_at, real_started_at, answered_at)
  SELECT m.id, m.id, 1, 'sms', 'twilio', 'X', (SELECT phone_id FROM person WHERE id = ${PERSON}), sha256(m.id::text::bytea),
         ''::bytea, 1, 'delivered', 'SM' || md5(m.id::text), at, at, at
    FROM made m, LATERAL (SELECT due_at + CASE WHEN occurrence / ${hours} % ${oneIn} = 0 THEN interval '${seconds} seconds'
                                               ELSE interval '1 second' END AS at) AS t`;

export const REFUSED = `sms_refused_at = app_now() - interval '5 days', sms_refused_origin = 'person'`;
export const WAITING = `(SELECT convocation_id FROM message WHERE id = ${PLANNED})`;
export const WAITING_PERSON = `(SELECT person_id FROM convocation WHERE id = ${WAITING})`;
/** Nobody was told, three hours before, and the task that asks an agent ran ten seconds ago. */
export const UNTOLD = `
  UPDATE convocation SET starts_at = app_now() + interval '3 hours' WHERE id = ${WAITING};
  INSERT INTO task_run (task, last_run_at) VALUES ('check-reach', app_now() - interval '10 seconds')`;

/** By name of the invariant: what breaks it. Several ways where one would leave half of it untested. */
export const PLANTS: Readonly<Record<string, readonly string[]>> = {
  overdue: [
    `UPDATE message SET due_at = app_now() - interval '16 minutes', first_due_at = app_now() - interval '16 minutes' WHERE id = ${PLANNED}`,
    `UPDATE message SET due_at = app_now() - interval '9 days', first_due_at = app_now() - interval '9 days', state = 'queued' WHERE id = ${PLANNED}`,
  ],
  undecided: [
    `UPDATE message SET state = 'uncertain' WHERE id = ${DELIVERED};
     UPDATE delivery_attempt SET result = 'uncertain', started_at = app_now() - interval '16 minutes' WHERE result = 'delivered'`,
  ],
  'no-message': [
    `UPDATE convocation SET starts_at = app_now() + interval '3 days', promise_version = 2 WHERE id = ${CONVOCATION}`,
  ],
  'taken-twice': [
    again(`'accepted', 'SM2'`),
    `UPDATE message SET possible_duplicate = true; ${again(`'accepted', 'SM2'`)};
     UPDATE message SET attempts = 3 WHERE id = ${DELIVERED};
     INSERT INTO delivery_attempt SELECT (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(),
       'number', 3, 'token_hash', '\\x03', 'operator_message_id', 'SM3'))).* FROM delivery_attempt a WHERE number = 2`,
  ],
  'called-again': [again(`'open', NULL`)],
  'same-id': [
    `ALTER TABLE delivery_attempt DROP CONSTRAINT delivery_attempt_operator_operator_message_id_key;
     UPDATE delivery_attempt SET operator_message_id = 'SM1'`,
  ],
  'same-intent': [
    `ALTER TABLE message DROP CONSTRAINT message_once; UPDATE message SET convocation_id = ${CONVOCATION}`,
  ],
  'after-cancel': [
    `${history('convocation.cancelled')}; UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = ${CONVOCATION}`,
    EXCUSED,
  ],
  'old-promise': [
    `${history('convocation.rescheduled', '{"from": {"promiseVersion": 1}}')};
     UPDATE convocation SET promise_version = 2 WHERE id = ${CONVOCATION}`,
  ],
  'after-start': [
    `UPDATE convocation SET starts_at = app_now() - interval '1 hour' WHERE id = ${CONVOCATION}`,
    `UPDATE message SET useful_until = app_now() - interval '1 hour' WHERE id = ${DELIVERED}`,
  ],
  refused: [
    `UPDATE person SET sms_refused_at = app_now() - interval '1 hour', sms_refused_origin = 'person' WHERE id = ${PERSON}`,
  ],
  'wrong-person': [
    `INSERT INTO phone_block (phone_id, since, origin) SELECT phone_id, app_now() - interval '1 hour', 'link' FROM person WHERE id = ${PERSON}`,
    `${BY_EMAIL}; INSERT INTO phone_block (phone_id, since, origin)
     SELECT phone_id, app_now() - interval '1 hour', 'link' FROM person WHERE id = ${PERSON}`,
  ],
  'changed-contact': [
    `${updated('phone')}; UPDATE person SET phone_id = ${OTHER_CONTACT} WHERE id = ${PERSON}`,
    `${updated('email')}; ${BY_EMAIL}; UPDATE person SET email_id = ${OTHER_CONTACT} WHERE id = ${PERSON}`,
    `${updated('noPhone')}; UPDATE person SET phone_id = NULL, phone_mobile = false, no_phone = true WHERE id = ${PERSON}`,
    `${updated('email')}; ${BY_EMAIL}`,
  ],
  'closed-day': [
    leftBeforeNoonOf('2027-03-08'),
    leftBeforeNoonOf('2027-05-28').replace('SET sends', `SET calendar = 'guadeloupe', sends`),
  ],
  'late-often': [leftLate(3, 20, 1), leftLate(4, 20, 5), leftLate(3, 61, 25), leftLate(3, 20, 1, 4)],
  'never-leaves': [
    `UPDATE message SET useful_until = app_now() - interval '16 minutes', due_at = app_now() + interval '1 hour'
      WHERE id = ${PLANNED}; INSERT INTO task_run (task, last_run_at) VALUES ('sweep', app_now())`,
  ],
  'reach-pending': [
    UNTOLD,
    `UPDATE convocation SET starts_at = app_now() + interval '3 hours' WHERE id = ${CONVOCATION};
     INSERT INTO phone_block (phone_id, origin, since) SELECT phone_id, 'link', app_now() - interval '5 minutes'
       FROM person WHERE id = ${PERSON};
     INSERT INTO task_run (task, last_run_at) VALUES ('check-reach', app_now() - interval '10 seconds')`,
  ],
  'outside-window': [
    `UPDATE organization SET send_window = to_char((app_now() + interval '2 minutes') AT TIME ZONE 'Europe/Paris', 'HH24:MI') || '-'
       || to_char((app_now() + interval '3 minutes') AT TIME ZONE 'Europe/Paris', 'HH24:MI')`,
  ],
  'not-followed-up': [`UPDATE message SET followed_up_at = NULL`],
  'state-without-call': [
    `UPDATE delivery_attempt SET result = 'refused' WHERE message_id = ${DELIVERED}; DELETE FROM receipt`,
    `UPDATE message SET state = 'sending' WHERE id = ${PLANNED}`,
  ],
  'call-without-state': [
    `UPDATE delivery_attempt SET result = 'open' WHERE message_id = ${DELIVERED};
     UPDATE message SET state = 'planned' WHERE id = ${DELIVERED}`,
  ],
  'taken-and-waiting': [
    `UPDATE message SET state = 'planned', first_due_at = app_now(), due_at = app_now() + interval '1 hour' WHERE id = ${DELIVERED}`,
    `UPDATE message SET state = 'queued' WHERE id = ${DELIVERED}`,
  ],
  'receipt-forgotten': [
    `UPDATE delivery_attempt SET result = 'accepted' WHERE message_id = ${DELIVERED};
     UPDATE message SET state = 'accepted' WHERE id = ${DELIVERED}`,
    ...['undelivered', 'failed', 'canceled'].map(forgot),
  ],
  'calls-miscounted': [`UPDATE message SET attempts = 2 WHERE id = ${DELIVERED}`],
  'no-history': [`UPDATE convocation SET promise_version = 2 WHERE id = ${CONVOCATION}`],
  seats: [
    slot(2),
    `ALTER TABLE slot DROP CONSTRAINT slot_capacity; ${slot(1)}; UPDATE slot SET capacity = 1, seats_taken = 2;
     UPDATE convocation SET slot_id = (SELECT id FROM slot)`,
  ],
  'queue-payload': [
    `UPDATE bullmq.job SET data = jsonb_set(data, '{messages,0,phone}', '"+33612345678"')`,
    `UPDATE bullmq.job SET data = jsonb_set(data, '{messages,0,epoch}', '"Kermadec"')`,
    `UPDATE bullmq.job SET data = jsonb_set(data, '{messages,0,epoch}', '612345678')`,
    `UPDATE bullmq.job SET name = 'Kermadec'`,
  ],
  'queue-words': [
    `UPDATE bullmq.job SET failed_reason = 'cannot reach +33612345678'`,
    `UPDATE bullmq.job SET failed_reason = 'cannot reach 06 12 34 56 78'`,
    `UPDATE bullmq.job SET failed_reason = 'cannot reach 0612345678'`,
    `UPDATE bullmq.job SET failed_reason = 'cannot reach 262692000010'`,
    `UPDATE bullmq.job SET stacktrace = (SELECT to_jsonb(ARRAY['at ' || first_name || ' ' || upper(last_name)]) FROM person WHERE id = ${PERSON})`,
    `INSERT INTO bullmq.event (queue, event, data, created_at_ms) SELECT 'messages', 'failed', jsonb_build_object('failedReason', '+262692000010'), 0`,
  ],
  'task-run': [`INSERT INTO task_run (task, last_run_at) VALUES ('Kermadec 0612345678', app_now())`],
  'metric-labels': [
    `UPDATE delivery_attempt SET operator = '+33612345678' WHERE message_id = ${DELIVERED}`,
    `INSERT INTO operator_state (operator, last_alert) VALUES ('twilio', 'Ada Kermadec cannot be reached')`,
  ],
};
