import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the engine of messages knows besides the messages: plans, territories, operators, tasks for agents, wrong
 * numbers, replies, holds, and templates by language with their review.
 *
 * Locking: new tables; on existing ones only columns with a constant default or none, so no rewrite and a short
 * exclusive lock each. Undo: drops all of it.
 */
export class Engine1763800000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const block of [HOLD, PLANS, OPERATORS, MESSAGES, TASKS, PHONES, TEMPLATES]) await q.query(block);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      DELETE FROM template WHERE text IS NULL OR reviewed_at IS NULL;
      ALTER TABLE template ALTER COLUMN text SET NOT NULL, DROP COLUMN reviewed_at, DROP COLUMN reviewed_by_agent_id;
      DROP TABLE inbound_message_person, inbound_message, phone_block, agent_task;
      DROP INDEX convocation_coming;
      ALTER TABLE stop_link DROP COLUMN recipient;
      ALTER TABLE person DROP COLUMN phone_failures, DROP COLUMN phone_flagged_at, DROP COLUMN phone_flag_reason,
        DROP COLUMN phone_reached_at;
      ALTER TABLE message DROP COLUMN lane, DROP COLUMN wanted_channel, DROP COLUMN ladder_step,
        DROP COLUMN told_by_message_id, DROP COLUMN followed_up_at;
      CREATE INDEX message_due ON message (due_at) WHERE state = 'planned';
      DROP TABLE operator_state, territory_setting, reminder_plan, sending_hold;
      ALTER TABLE organization DROP COLUMN send_window, DROP COLUMN sms_price_cents;
      ALTER TABLE environment DROP COLUMN installed_at;
    `);
  }
}

const HOLD = `
-- Real time, never simulated: compared with the dates of the operator's own messages.
ALTER TABLE environment ADD COLUMN installed_at timestamptz(3) NOT NULL DEFAULT now();
-- While a row is not released, nothing leaves.
CREATE TABLE sending_hold (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reason text NOT NULL CHECK (reason IN ('command', 'restored-backup', 'environment-mismatch')),
  detail text,
  since timestamptz(3) NOT NULL DEFAULT app_now(),
  set_by text NOT NULL,
  released_at timestamptz(3),
  released_by text
);
CREATE UNIQUE INDEX sending_hold_active ON sending_hold ((true)) WHERE released_at IS NULL;
`;

const PLANS = `
ALTER TABLE organization ADD COLUMN send_window text;
COMMENT ON COLUMN organization.send_window IS 'HH:mm-HH:mm at the place; null: the window of the environment';
ALTER TABLE organization ADD COLUMN sms_price_cents numeric(6, 3) NOT NULL DEFAULT 4.5
  CHECK (sms_price_cents >= 0);
COMMENT ON COLUMN organization.sms_price_cents IS 'euro cents for one part, set by the service';
-- The newest version holds; steps null: what stands above it (type over all types, service over the nation).
CREATE TABLE reminder_plan (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid REFERENCES organization,
  type_code text REFERENCES appointment_type,
  version integer NOT NULL DEFAULT 1,
  steps jsonb,
  weekly_limit integer NOT NULL DEFAULT 4 CHECK (weekly_limit BETWEEN 1 AND 21),
  created_by_agent_id uuid REFERENCES agent,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  UNIQUE NULLS NOT DISTINCT (organization_id, type_code, version)
);
-- The plan recommended to everybody; administrators change it on its page, by a newer version.
INSERT INTO reminder_plan (steps) VALUES ('[
  {"kind": "summons", "channel": "auto"},
  {"kind": "reminder", "offsetDays": 7, "when": {"if": "booked-ahead", "days": 10}, "channel": "auto", "hour": null,
   "usefulUntilHours": 1},
  {"kind": "reminder", "offsetDays": 3, "when": {"if": "first-or-two-absences"}, "channel": "auto", "hour": null,
   "usefulUntilHours": 1},
  {"kind": "reminder", "offsetDays": 1, "when": {"if": "always"}, "channel": "auto", "hour": null,
   "usefulUntilHours": 1},
  {"kind": "after-absence", "channel": "auto", "hour": null, "usefulUntilHours": 168}
]');
CREATE TABLE territory_setting (
  territory text PRIMARY KEY,
  operator text CHECK (operator IN ('twilio', 'link-mobility')),
  poor_coverage boolean NOT NULL DEFAULT false,
  earlier_hours integer NOT NULL DEFAULT 3 CHECK (earlier_hours BETWEEN 0 AND 48),
  updated_at timestamptz(3) NOT NULL DEFAULT app_now(),
  updated_by_agent_id uuid REFERENCES agent
);
COMMENT ON COLUMN territory_setting.operator IS 'first route of its numbers; null: the order of SMS_PROVIDERS';
`;

const OPERATORS = `
-- Shared by every worker: the circuit of each operator, by the application's clock, and its bucket of messages a
-- second, in real time (tokens, refilled_at, due_turns_until, bulk_turns_until).
CREATE TABLE operator_state (
  operator text PRIMARY KEY,
  circuit text NOT NULL DEFAULT 'closed' CHECK (circuit IN ('closed', 'open', 'half-open')),
  since timestamptz(3) NOT NULL DEFAULT app_now(),
  opened_at timestamptz(3),
  window_started_at timestamptz(3) NOT NULL DEFAULT app_now(),
  calls integer NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  successes integer NOT NULL DEFAULT 0,
  unreachable integer NOT NULL DEFAULT 0,
  probe_at timestamptz(3),
  openings integer NOT NULL DEFAULT 0,
  last_error_code text,
  last_alert text,
  last_alert_at timestamptz(3),
  tokens double precision NOT NULL DEFAULT 0,
  refilled_at timestamptz(3) NOT NULL DEFAULT now(),
  due_turns_until timestamptz(3) NOT NULL DEFAULT now(),
  bulk_turns_until timestamptz(3) NOT NULL DEFAULT now()
);
COMMENT ON COLUMN operator_state.calls IS 'closed: calls of the window; half-open: probes let through';
COMMENT ON COLUMN operator_state.openings IS 'of the same trouble: each doubles the delay before the next probe';
COMMENT ON COLUMN operator_state.last_alert IS 'error code that asks for an operator of ours, not for a retry';
`;

const MESSAGES = `
ALTER TABLE message ADD COLUMN lane smallint NOT NULL DEFAULT 0 CHECK (lane IN (0, 1));
COMMENT ON COLUMN message.lane IS '0: due for its own sake; 1: bulk, leaves when nothing of lane 0 waits';
ALTER TABLE message ADD COLUMN wanted_channel text CHECK (wanted_channel IN ('sms', 'email'));
COMMENT ON COLUMN message.wanted_channel IS 'asked by the plan or by the ladder; null: the mobile first';
ALTER TABLE message ADD COLUMN ladder_step integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN message.ladder_step IS 'how often it was sent again by another way after it did not arrive';
ALTER TABLE message ADD COLUMN told_by_message_id uuid REFERENCES message;
COMMENT ON COLUMN message.told_by_message_id IS 'withdrawn because this other text of the same day says it too';
ALTER TABLE message ADD COLUMN followed_up_at timestamptz(3);
COMMENT ON COLUMN message.followed_up_at IS 'the next step of the ladder was taken, or a task opened, or none was needed';
-- What failed before the ladder existed and is useful no longer asks nothing of anybody.
UPDATE message SET followed_up_at = app_now()
 WHERE state IN ('undelivered', 'failed', 'suppressed', 'expired') AND useful_until < app_now();
CREATE INDEX message_to_follow_up ON message (settled_at)
  WHERE state IN ('undelivered', 'failed', 'suppressed', 'expired') AND followed_up_at IS NULL;
DROP INDEX message_due;
CREATE INDEX message_due ON message (lane, due_at) WHERE state = 'planned';
CREATE INDEX message_told_by ON message (told_by_message_id) WHERE told_by_message_id IS NOT NULL;
CREATE INDEX delivery_attempt_recipient ON delivery_attempt (recipient, real_started_at);
CREATE INDEX receipt_received ON receipt (received_at);
`;

const TASKS = `
-- What a human must do because a message could not, or because a person answered.
CREATE TABLE agent_task (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('reach-otherwise', 'correct-number', 'wrong-person', 'call-back', 'reply')),
  reason text NOT NULL,
  person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
  convocation_id uuid REFERENCES convocation,
  -- Of the convocation when the task was opened: what was done about an older promise says nothing of this one.
  promise_version integer,
  message_id uuid REFERENCES message,
  organization_id uuid NOT NULL REFERENCES organization,
  assigned_to_agent_id uuid REFERENCES agent,
  opened_at timestamptz(3) NOT NULL DEFAULT app_now(),
  act_before timestamptz(3),
  closed_at timestamptz(3),
  closed_by_agent_id uuid REFERENCES agent,
  outcome text,
  CHECK ((closed_at IS NULL) = (outcome IS NULL))
);
COMMENT ON COLUMN agent_task.reason IS 'a code: screens say it in words';
COMMENT ON COLUMN agent_task.outcome IS 'a code: reached, could-not-reach, corrected, done, no-longer-needed';
CREATE UNIQUE INDEX agent_task_once ON agent_task (kind, person_id, convocation_id) NULLS NOT DISTINCT
  WHERE closed_at IS NULL;
CREATE INDEX agent_task_open ON agent_task (organization_id, act_before) WHERE closed_at IS NULL;
CREATE INDEX agent_task_assigned ON agent_task (assigned_to_agent_id) WHERE closed_at IS NULL;
CREATE INDEX agent_task_convocation ON agent_task (convocation_id);
CREATE INDEX agent_task_person ON agent_task (person_id);
CREATE INDEX agent_task_message ON agent_task (message_id);
-- Who must be reached in the coming hours.
CREATE INDEX convocation_coming ON convocation (starts_at) WHERE state = 'booked';
`;

const PHONES = `
ALTER TABLE person ADD COLUMN phone_failures integer NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN phone_flagged_at timestamptz(3);
ALTER TABLE person ADD COLUMN phone_flag_reason text;
ALTER TABLE person ADD COLUMN phone_reached_at timestamptz(3);
COMMENT ON COLUMN person.phone_failures IS 'messages in a row that did not arrive at this number';
-- What receipts have proved already of the numbers known today.
UPDATE person p SET phone_reached_at = proof.at
  FROM (SELECT c.person_id, a.recipient, max(m.settled_at) AS at
          FROM delivery_attempt a JOIN message m ON m.id = a.message_id JOIN convocation c ON c.id = m.convocation_id
         WHERE a.channel = 'sms' AND a.result = 'delivered' GROUP BY 1, 2) AS proof
 WHERE proof.person_id = p.id AND proof.recipient = p.phone_e164;
COMMENT ON COLUMN person.phone_reached_at IS 'last proof of reach: a receipt, or the person opened the link';
-- A number whose holder said "it is not me": nothing leaves to it, whoever is registered with it.
CREATE TABLE phone_block (
  phone_e164 text PRIMARY KEY,
  since timestamptz(3) NOT NULL DEFAULT app_now(),
  origin text NOT NULL CHECK (origin IN ('link', 'reply', 'agent')),
  first_lift_by_agent_id uuid REFERENCES agent,
  first_lift_at timestamptz(3)
);
COMMENT ON TABLE phone_block IS 'lifted by two different agents: the second one deletes the row';
CREATE TABLE inbound_message (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  operator text NOT NULL,
  operator_message_id text NOT NULL,
  phone_e164 text NOT NULL,
  body text NOT NULL,
  intent text NOT NULL CHECK (intent IN ('stop', 'yes', 'no', 'help', 'wrong-person', 'free')),
  received_at timestamptz(3) NOT NULL DEFAULT app_now(),
  UNIQUE (operator, operator_message_id)
);
CREATE INDEX inbound_message_phone ON inbound_message (phone_e164, received_at);
-- Who was registered with the number when it came: a number changes hands, a reply does not.
CREATE TABLE inbound_message_person (
  inbound_message_id uuid NOT NULL REFERENCES inbound_message ON DELETE CASCADE,
  person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
  PRIMARY KEY (inbound_message_id, person_id)
);
CREATE INDEX inbound_message_person_replies ON inbound_message_person (person_id);
-- Whoever holds the number a link was sent to may say it is a wrong one, even when the person has another since.
ALTER TABLE stop_link ADD COLUMN recipient text;
COMMENT ON COLUMN stop_link.recipient IS 'number or address the text left for; null: before this release';
`;

const TEMPLATES = `
-- The newest version holds; text null: back to the default. Not reviewed: kept, shown, never sent.
ALTER TABLE template ALTER COLUMN text DROP NOT NULL;
ALTER TABLE template ADD COLUMN reviewed_by_agent_id uuid REFERENCES agent;
ALTER TABLE template ADD COLUMN reviewed_at timestamptz(3) DEFAULT app_now();
`;
