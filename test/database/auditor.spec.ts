import { auditDatabase, INVARIANTS, latenessOf } from '../../src/notifications/surety/auditor.js';
import { AuditedDatabase } from '../support/audited-database.js';
import {
  again,
  DELIVERED,
  EXCUSED_TWICE,
  leftBeforeNoonOf,
  leftLate,
  OTHER_CONTACT,
  PERSON,
  PLANNED,
  PLANTS,
  REFUSED,
  UNTOLD,
  updated,
  WAITING,
  WAITING_PERSON,
} from '../support/planted-breaches.js';

let audited: AuditedDatabase;

beforeAll(async () => {
  audited = await AuditedDatabase.create();
});
afterAll(() => audited.drop());

describe('the auditor', () => {
  it('finds nothing in a healthy database, as the application role', async () => {
    expect(await auditDatabase(audited.manager)).toEqual([]);
  });

  it('has a breach planted for each of its invariants', () => {
    expect(Object.keys(PLANTS).sort()).toEqual(INVARIANTS.map(({ name }) => name).sort());
  });

  it.each(Object.entries(PLANTS).flatMap(([name, plants]) => plants.map((sql, nth) => [name, nth, sql])))(
    'finds %s (%i)',
    async (name, _nth, sql) => {
      const wanted = INVARIANTS.find((one) => one.name === name);
      const found = await audited.auditWith(String(sql));
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
    `INSERT INTO operator_state (operator, circuit) VALUES ('twilio', 'open'), ('smtp', 'closed')`,
  ])('does not call lost what is held back: %s', async (sql) => {
    expect(await audited.auditWith(`${PLANTS['overdue']?.[0] ?? ''}; ${sql}`)).toEqual([]);
  });

  const OTHER_IS_WELL = `INSERT INTO operator_comparison (operator, outcome) VALUES ('link-mobility', 'no-list')`;

  it('calls lost what waits though the second operator is well', async () => {
    const found = await audited.auditWith(
      `${PLANTS['overdue']?.[0] ?? ''}; INSERT INTO operator_state (operator, circuit) VALUES ('twilio', 'open'); ${OTHER_IS_WELL}`,
    );
    expect(found.map(({ invariant }) => invariant)).toContain('I1');
  });

  it.each([
    [`('twilio', 'open'), ('link-mobility', 'closed')`, 0],
    [`('link-mobility', 'open')`, 1],
  ])('asks for an end of a doubt of the operator that answers only: %s', async (circuits, count) => {
    const found = await audited.auditWith(
      `${PLANTS['undecided']?.[0] ?? ''}; INSERT INTO operator_state (operator, circuit) VALUES ${circuits}`,
    );
    expect(found.filter(({ invariant }) => invariant === 'I1')).toHaveLength(count);
  });

  it('waits for the reports of all parts of a text', async () => {
    const parts = (ids: string) => `
      UPDATE delivery_attempt SET operator = 'link-mobility', segments = 2, operator_message_id = '${ids}'
       WHERE message_id = ${DELIVERED};
      UPDATE receipt SET operator_message_id = 'L1' WHERE attempt_id IN (SELECT id FROM delivery_attempt WHERE message_id = ${DELIVERED});
      ${PLANTS['receipt-forgotten']?.[0] ?? ''}`;
    const forgotten = async (ids: string) =>
      (await audited.auditWith(parts(ids))).filter(({ invariant }) => invariant === 'I6');
    expect(await forgotten('L1,L2')).toEqual([]);
    expect(await forgotten('L1')).toHaveLength(1);
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
    const found = await audited.auditWith(
      sql.replaceAll(DELIVERED, `(SELECT id FROM message WHERE attempts = 2)`),
    );
    expect(found.filter(({ invariant }) => invariant === 'I2')).toEqual([]);
  });

  /** In three days, booked before anything was planned for it, by a plan of such an age with one reminder so many days before. */
  const unplanned = (offsetDays: number, hoursAgo: number) => `
    ${PLANTS['no-message']?.[0] ?? ''};
    UPDATE convocation SET updated_at = app_now() - interval '9 days';
    UPDATE reminder_plan SET created_at = app_now() - interval '9 days';
    INSERT INTO reminder_plan (type_code, steps, created_at) SELECT type_code,
      '[{"kind": "reminder", "offsetDays": ${offsetDays}, "when": {"if": "always"}, "channel": "auto", "hour": null,
         "usefulUntilHours": 1}]', app_now() - interval '${hoursAgo} hours'
      FROM convocation WHERE promise_version = 2`;

  it.each([
    ['a reminder that could have left', 1, 12, 1],
    ['a plan too new for its reminder', 3, 12, 0],
    ['a plan that was there in time', 3, 24 * 8, 1],
  ])('misses a message by the plan as it was in time: %s', async (_words, offsetDays, hoursAgo, count) => {
    expect(await audited.breachesOf('no-message', unplanned(offsetDays, hoursAgo))).toHaveLength(count);
  });

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
    expect(await audited.breachesOf('reach-pending', `${UNTOLD}; ${sql}`)).toEqual([]);
  });

  it('counts an address as a way to be told only where mail can be sent', async () => {
    const sql = `${UNTOLD}; UPDATE person SET ${REFUSED}, email_id = phone_id`;
    expect(await audited.breachesOf('reach-pending', sql)).toEqual([]);
    expect(await audited.breachesOf('reach-pending', sql, { mailIsOn: true })).toHaveLength(1);
  });

  it.each([
    ['two hours only: one outage', leftLate(2, 90, 1)],
    ['one in twenty-five, ten to sixty seconds', leftLate(3, 20, 25)],
    ['two of ten in an hour', leftLate(3, 90, 5, 10)],
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
    expect(await audited.breachesOf('late-often', sql)).toEqual([]);
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
    ['the convocation held again when the text left', 'after-cancel', EXCUSED_TWICE],
    [
      'the sweep has not run since',
      'never-leaves',
      `${PLANTS['never-leaves']?.[0] ?? ''}; UPDATE task_run SET last_run_at = app_now() - interval '1 hour'`,
    ],
  ])('says nothing when %s', async (_words, name, sql) => {
    expect(await audited.breachesOf(name, sql)).toEqual([]);
  });

  it('never tells a name or a number', async () => {
    const told = JSON.stringify(await audited.auditWith(PLANTS['queue-words']?.[0] ?? ''));
    expect(told).toContain('keeps a telephone number');
    expect(told).not.toContain('612345678');
  });

  it('tells how late messages left, breach or not', async () => {
    expect(await latenessOf(audited.manager)).toEqual({ left: 2, within10s: 1, within60s: 1 });
  });
});
