import { DataSource, type EntityManager } from 'typeorm';
import {
  auditDatabase,
  type AuditSettings,
  type Breach,
  INVARIANTS,
  latenessOf,
} from '../../src/notifications/surety/auditor.js';
import { databaseOptions } from '../../src/platform/database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';

/** One message that arrived, one that did not and was followed up, one to come. */
const HEALTHY = `
  UPDATE convocation SET created_at = app_now() - interval '10 days', updated_at = app_now() - interval '10 days';
  UPDATE person SET created_at = app_now() - interval '10 days', updated_at = app_now() - interval '10 days';
  WITH ranked AS (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message)
  UPDATE message m SET state = CASE rank WHEN 1 THEN 'delivered' WHEN 2 THEN 'undelivered' ELSE 'planned' END,
         attempts = CASE WHEN rank <= 2 THEN 1 ELSE 0 END, due_at = app_now() - interval '10 minutes',
         first_due_at = app_now() - interval '10 minutes', updated_at = app_now() - interval '9 minutes',
         accepted_at = CASE WHEN rank <= 2 THEN app_now() - interval '10 minutes' + interval '2 seconds' END,
         settled_at = CASE WHEN rank <= 2 THEN app_now() - interval '9 minutes' END,
         followed_up_at = CASE WHEN rank = 2 THEN app_now() - interval '9 minutes' END
    FROM ranked WHERE ranked.id = m.id;
  INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
      segments, result, operator_message_id, started_at, real_started_at, answered_at)
  SELECT m.id, m.id, 1, 'sms', 'twilio', 'X', p.phone_id, sha256(m.id::text::bytea), ''::bytea, 1, m.state,
         'SM' || md5(m.id::text), m.first_due_at, m.first_due_at, m.accepted_at
    FROM message m JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id
   WHERE m.state <> 'planned';
  INSERT INTO receipt (attempt_id, operator_message_id, status)
  SELECT id, operator_message_id, result FROM delivery_attempt;
  INSERT INTO bullmq.job (queue, id, seq, name, state, data, added_at_ms, failed_reason)
  SELECT 'messages', 'send-' || id || '-1', 1, 'send', 'failed',
         jsonb_build_object('messages', jsonb_build_array(jsonb_build_object('messageId', id, 'epoch', 12))), 1763700000000,
         'Error: connect ECONNREFUSED 127.0.0.1:5432 at Client.connect'
    FROM message LIMIT 1;
  INSERT INTO task_run (task, last_run_at) VALUES ('relay', app_now());`;

const DELIVERED = `(SELECT id FROM message WHERE state = 'delivered')`;
const PLANNED = `(SELECT id FROM message WHERE state = 'planned' ORDER BY id LIMIT 1)`;
const CONVOCATION = `(SELECT convocation_id FROM message WHERE state = 'delivered')`;
const PERSON = `(SELECT person_id FROM convocation WHERE id = ${CONVOCATION})`;

const again = (more: string) => `
  UPDATE message SET attempts = 2 WHERE state = 'delivered';
  INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
      segments, result, operator_message_id, started_at, real_started_at, answered_at)
  SELECT gen_random_uuid(), message_id, 2, channel, operator, sender, recipient_id, 'x', body_hash, 1, ${more},
         app_now(), app_now(), app_now() FROM delivery_attempt WHERE message_id = ${DELIVERED}`;
const history = (event: string, detail = '{}') =>
  `INSERT INTO history_entry (event, person_id, convocation_id, at, detail)
   SELECT '${event}', person_id, id, app_now() - interval '1 hour', '${detail}' FROM convocation WHERE id = ${CONVOCATION}`;
const slot = (taken: number) => `
  WITH made AS (INSERT INTO slot (agenda_id, type_code, local_date, local_time, time_zone, starts_at, duration_minutes,
      capacity, seats_taken) SELECT id, 'suivi-spip', '2030-01-01', '10:00', 'Europe/Paris', app_now(), 30, 3, ${taken}
      FROM agenda LIMIT 1 RETURNING id)
  UPDATE convocation SET slot_id = (SELECT id FROM made) WHERE id = ${CONVOCATION}`;

const OTHER_CONTACT = `(SELECT phone_id FROM person WHERE id <> ${PERSON} ORDER BY id LIMIT 1)`;
const BY_EMAIL = `UPDATE delivery_attempt SET channel = 'email' WHERE message_id = ${DELIVERED}`;
const updated = (field: string) =>
  `INSERT INTO history_entry (event, person_id, at, detail)
   VALUES ('person.updated', ${PERSON}, app_now() - interval '1 hour', '{"fields": ["${field}"]}')`;

/** The text left thirteen hours before the noon (Paris) of that date, in a service that lets nothing leave on closed days. */
const leftBeforeNoonOf = (date: string) => `
  INSERT INTO clock_offset (shift) SELECT ('${date}'::date + time '12:00') AT TIME ZONE 'Europe/Paris' - now();
  UPDATE organization SET sends_on_closed_days = false;
  UPDATE message SET first_due_at = app_now() WHERE id = ${DELIVERED};
  UPDATE delivery_attempt SET started_at = app_now() - interval '13 hours' WHERE message_id = ${DELIVERED}`;

/** Twenty-five texts that left in each of so many hours, a share of them so late. */
const leftLate = (hours: number, seconds: number, oneIn: number) => `
  WITH made AS (
    INSERT INTO message (convocation_id, kind, occurrence, promise_version, state, attempts, due_at, first_due_at,
        useful_until, accepted_at, settled_at)
    SELECT ${CONVOCATION}, 'reminder', 100 + n, 1, 'delivered', 1, at, at, app_now() + interval '1 day', at, at
      FROM generate_series(0, 25 * ${hours} - 1) AS n,
           LATERAL (SELECT date_trunc('hour', app_now()) - make_interval(hours => n % ${hours} + 1) + interval '5 minutes' AS at) AS t
    RETURNING id, due_at, occurrence
  )
  INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
      segments, result, operator_message_id, started_at, real_started_at, answered_at)
  SELECT m.id, m.id, 1, 'sms', 'twilio', 'X', (SELECT phone_id FROM person WHERE id = ${PERSON}), sha256(m.id::text::bytea),
         ''::bytea, 1, 'delivered', 'SM' || md5(m.id::text), at, at, at
    FROM made m, LATERAL (SELECT due_at + CASE WHEN occurrence / ${hours} % ${oneIn} = 0 THEN interval '${seconds} seconds'
                                               ELSE interval '1 second' END AS at) AS t`;

const REFUSED = `sms_refused_at = app_now() - interval '5 days', sms_refused_origin = 'person'`;
const WAITING = `(SELECT convocation_id FROM message WHERE id = ${PLANNED})`;
const WAITING_PERSON = `(SELECT person_id FROM convocation WHERE id = ${WAITING})`;
/** Nobody was told, three hours before, and the task that asks an agent ran ten seconds ago. */
const UNTOLD = `
  UPDATE convocation SET starts_at = app_now() + interval '3 hours' WHERE id = ${WAITING};
  INSERT INTO task_run (task, last_run_at) VALUES ('check-reach', app_now() - interval '10 seconds')`;

/** By name of the invariant: what breaks it. Several ways where one would leave half of it untested. */
const PLANTS: Readonly<Record<string, readonly string[]>> = {
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
  ],
  'closed-day': [
    leftBeforeNoonOf('2027-03-08'),
    leftBeforeNoonOf('2027-05-28').replace('SET sends', `SET calendar = 'guadeloupe', sends`),
  ],
  'late-often': [leftLate(3, 20, 1), leftLate(4, 20, 5), leftLate(3, 61, 25)],
  'never-leaves': [
    `UPDATE message SET useful_until = app_now() - interval '16 minutes', due_at = app_now() + interval '1 hour'
      WHERE id = ${PLANNED}; INSERT INTO task_run (task, last_run_at) VALUES ('sweep', app_now())`,
  ],
  'reach-pending': [UNTOLD],
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
  'receipt-forgotten': [
    `UPDATE delivery_attempt SET result = 'accepted' WHERE message_id = ${DELIVERED};
     UPDATE message SET state = 'accepted' WHERE id = ${DELIVERED}`,
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

let database: TestDatabase;
let owner: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  await planDueNow(database.dataSource, 4);
  owner = await new DataSource(databaseOptions(database.ownerUrl, 2, 'msj-test-owner')).initialize();
  await owner.query(HEALTHY);
});
afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

class Undone extends Error {}

/** What the auditor says of the database with this change; nothing of it is kept. */
async function auditWith(sql: string, settings: AuditSettings = {}): Promise<readonly Breach[]> {
  let breaches: readonly Breach[] = [];
  const work = async (tx: EntityManager) => {
    await tx.query(sql);
    breaches = await auditDatabase(tx, settings);
    throw new Undone();
  };
  await owner.transaction(work).catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  return breaches;
}

describe('the auditor', () => {
  it('finds nothing in a healthy database, as the application role', async () => {
    expect(await auditDatabase(database.dataSource.manager)).toEqual([]);
  });

  it('has a breach planted for each of its invariants', () => {
    expect(Object.keys(PLANTS).sort()).toEqual(INVARIANTS.map(({ name }) => name).sort());
  });

  it.each(Object.entries(PLANTS).flatMap(([name, plants]) => plants.map((sql, nth) => [name, nth, sql])))(
    'finds %s (%i)',
    async (name, _nth, sql) => {
      const wanted = INVARIANTS.find((one) => one.name === name);
      const found = await auditWith(String(sql));
      const breach = found.find(({ sentence }) => sentence === wanted?.sentence);
      expect(breach).toMatchObject({ invariant: wanted?.invariant });
      expect(breach?.ids.length).toBeGreaterThan(0);
      expect(breach?.count).toBeGreaterThanOrEqual(breach?.ids.length ?? 0);
    },
  );

  it.each([
    `INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'cli')`,
    `INSERT INTO sending_hold (reason, set_by, released_at, released_by) VALUES ('command', 'cli', app_now(), 'cli')`,
    `INSERT INTO operator_state (operator, circuit) VALUES ('twilio', 'open')`,
  ])('does not call lost what is held back: %s', async (sql) => {
    expect(await auditWith(`${PLANTS['overdue']?.[0] ?? ''}; ${sql}`)).toEqual([]);
  });

  it.each([
    [
      'flagged as a possible duplicate',
      `UPDATE message SET possible_duplicate = true; ${again(`'accepted', 'SM2'`)}`,
    ],
    [
      'sent again by the ladder after it did not arrive',
      again(`'accepted', 'SM2'`).replace(/'delivered'/g, `'undelivered'`),
    ],
  ])('does not call doubled what was %s', async (_words, sql) => {
    const found = await auditWith(sql.replaceAll(DELIVERED, `(SELECT id FROM message WHERE attempts = 2)`));
    expect(found.filter(({ invariant }) => invariant === 'I2')).toEqual([]);
  });

  const named = async (name: string, sql: string, settings: AuditSettings = {}) => {
    const wanted = INVARIANTS.find((one) => one.name === name);
    return (await auditWith(sql, settings)).filter(({ sentence }) => sentence === wanted?.sentence);
  };
  const NOW_TASK = `INSERT INTO agent_task (kind, reason, person_id, convocation_id, promise_version, organization_id)
    SELECT 'reach-otherwise', 'not-confirmed', person_id, id, 1, organization_id FROM convocation WHERE id = ${WAITING}`;

  it.each([
    ['an agent is asked', NOW_TASK],
    [
      'it is more than four hours ahead',
      `UPDATE convocation SET starts_at = app_now() + interval '4 hours' WHERE id = ${WAITING}`,
    ],
    ['texts are refused', `UPDATE person SET ${REFUSED}`],
    ['there is no number', `UPDATE person SET phone_mobile = false, phone_id = NULL`],
    ['the convocation changed since', `UPDATE convocation SET updated_at = app_now() WHERE id = ${WAITING}`],
    ['the person changed since', `UPDATE person SET updated_at = app_now() WHERE id = ${WAITING_PERSON}`],
    ['a message changed since', `UPDATE message SET updated_at = app_now() WHERE id = ${PLANNED}`],
    [
      'a task was closed since',
      `${NOW_TASK}; UPDATE agent_task SET closed_at = app_now(), outcome = 'no-longer-needed'`,
    ],
    [
      'a refusal was lifted since',
      `INSERT INTO history_entry (event, person_id) VALUES ('messages.resumed', ${WAITING_PERSON})`,
    ],
    ['the clock was set back', `UPDATE task_run SET last_run_at = app_now() + interval '1 minute'`],
  ])('does not miss anybody when %s', async (_words, sql) => {
    expect(await named('reach-pending', `${UNTOLD}; ${sql}`)).toEqual([]);
  });

  it('counts an address as a way to be told only where mail can be sent', async () => {
    const sql = `${UNTOLD}; UPDATE person SET ${REFUSED}, email_id = phone_id`;
    expect(await named('reach-pending', sql)).toEqual([]);
    expect(await named('reach-pending', sql, { mailIsOn: true })).toHaveLength(1);
  });

  it.each([
    ['two hours only: one outage', leftLate(2, 90, 1)],
    ['one in twenty-five, ten to sixty seconds', leftLate(3, 20, 25)],
    [
      'held meanwhile',
      `${leftLate(3, 90, 1)}; INSERT INTO sending_hold (reason, set_by, since, released_at, released_by)
       VALUES ('command', 'cli', app_now() - interval '5 hours', app_now(), 'cli')`,
    ],
    [
      'put off on purpose',
      `${leftLate(3, 90, 1)}; UPDATE message SET due_at = due_at + interval '85 seconds'`,
    ],
    ['bulk', `${leftLate(3, 90, 1)}; UPDATE message SET lane = 1`],
  ])('does not call late what left late: %s', async (_words, sql) => {
    expect(await named('late-often', sql)).toEqual([]);
  });

  it.each([
    [
      'the number changed after the call',
      'changed-contact',
      `UPDATE delivery_attempt SET started_at = app_now() - interval '2 hours';
       ${updated('phone')}; UPDATE person SET phone_id = ${OTHER_CONTACT} WHERE id = ${PERSON}`,
    ],
    [
      'the service sends on closed days',
      'closed-day',
      `${leftBeforeNoonOf('2027-03-08')}; UPDATE organization SET sends_on_closed_days = true`,
    ],
    ['the day is open', 'closed-day', leftBeforeNoonOf('2027-03-10')],
    [
      'the sweep has not run since',
      'never-leaves',
      `${PLANTS['never-leaves']?.[0] ?? ''}; UPDATE task_run SET last_run_at = app_now() - interval '1 hour'`,
    ],
  ])('says nothing when %s', async (_words, name, sql) => {
    expect(await named(name, sql)).toEqual([]);
  });

  it('never tells a name or a number', async () => {
    const told = JSON.stringify(await auditWith(PLANTS['queue-words']?.[0] ?? ''));
    expect(told).toContain('keeps a telephone number');
    expect(told).not.toContain('612345678');
  });

  it('tells how late messages left, breach or not', async () => {
    expect(await latenessOf(database.dataSource.manager)).toEqual({ left: 2, within10s: 1, within60s: 1 });
  });
});
