import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The first house: organizations, persons, convocations, messages and what proves them.
 *
 * Locking: creates only, on an empty database. Undo: drops everything it made.
 * Every instant is timestamptz(3): JavaScript keeps milliseconds, and `If-Match` compares them.
 */
export class Baseline1763700000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const block of [CLOCK, ORGANIZATIONS, AGENTS, PERSONS, SLOTS, CONVOCATIONS, MESSAGES, EDGE])
      await q.query(block);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      DROP TABLE task_run, idempotency_key, stop_link, receipt, delivery_attempt, message, template, history_entry,
        convocation, slot, weekly_slot, person_organization, person, api_key, sign_in_failure, session,
        sign_in_link, agent, appointment_type, agenda, place_closing_day, place, organization_link,
        organization, clock_offset, environment;
      DROP FUNCTION app_now();
      DROP FUNCTION refuse_clock_offset();
    `);
  }
}

/** `app_now()` is the only "now" of the service; its offset may exist in demo and test databases only. */
const CLOCK = `
CREATE TABLE environment (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  name text NOT NULL CHECK (name IN ('production', 'staging', 'demo', 'test'))
);
CREATE TABLE clock_offset (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  shift interval NOT NULL
);
CREATE FUNCTION refuse_clock_offset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM environment WHERE name IN ('demo', 'test')) THEN
    RAISE EXCEPTION 'the clock may be moved in a demo or test database only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER clock_offset_guard BEFORE INSERT OR UPDATE ON clock_offset
  FOR EACH ROW EXECUTE FUNCTION refuse_clock_offset();
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS
  $$ SELECT now() + coalesce((SELECT shift FROM clock_offset), interval '0') $$;
`;

const ORGANIZATIONS = `
CREATE TABLE organization (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('spip', 'tj')),
  time_zone text NOT NULL DEFAULT 'Europe/Paris',
  calendar text NOT NULL DEFAULT 'metropole',
  email text,
  sends_on_closed_days boolean NOT NULL DEFAULT true,
  rolled_out_on date,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  UNIQUE (id, kind)
);
CREATE TABLE organization_link (
  tj_id uuid NOT NULL,
  tj_kind text NOT NULL DEFAULT 'tj' CHECK (tj_kind = 'tj'),
  spip_id uuid NOT NULL,
  spip_kind text NOT NULL DEFAULT 'spip' CHECK (spip_kind = 'spip'),
  PRIMARY KEY (tj_id, spip_id),
  FOREIGN KEY (tj_id, tj_kind) REFERENCES organization (id, kind),
  FOREIGN KEY (spip_id, spip_kind) REFERENCES organization (id, kind)
);
CREATE INDEX organization_link_spip ON organization_link (spip_id);

CREATE TABLE place (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL REFERENCES organization,
  name text NOT NULL,
  address text NOT NULL,
  time_zone text NOT NULL,
  phone text,
  email text,
  contact_method text NOT NULL DEFAULT 'phone' CHECK (contact_method IN ('phone', 'email')),
  information_url text,
  archived_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  UNIQUE (organization_id, name),
  CHECK (CASE contact_method WHEN 'phone' THEN phone IS NOT NULL ELSE email IS NOT NULL END)
);
CREATE TABLE place_closing_day (
  place_id uuid NOT NULL REFERENCES place ON DELETE CASCADE,
  local_date date NOT NULL,
  label text NOT NULL,
  PRIMARY KEY (place_id, local_date)
);
CREATE TABLE agenda (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  place_id uuid NOT NULL REFERENCES place,
  name text NOT NULL,
  archived_at timestamptz(3),
  UNIQUE (place_id, name)
);

-- Behaviour hangs on these attributes, never on the code.
CREATE TABLE appointment_type (
  code text PRIMARY KEY,
  name text NOT NULL,
  position integer NOT NULL UNIQUE,
  needs_slot boolean NOT NULL DEFAULT false,
  on_weekends boolean NOT NULL DEFAULT false,
  shows_address boolean NOT NULL DEFAULT true,
  is_hearing_exit boolean NOT NULL DEFAULT false,
  is_assigned boolean NOT NULL DEFAULT false,
  place_kind text CHECK (place_kind IN ('spip', 'tj')),
  booked_by_tj text[] NOT NULL DEFAULT '{}',
  booked_by_spip text[] NOT NULL DEFAULT '{}'
);
COMMENT ON COLUMN appointment_type.is_hearing_exit IS 'a court books it in the slots of its linked SPIP';
COMMENT ON COLUMN appointment_type.is_assigned IS 'the agent who books it becomes its referent';
COMMENT ON COLUMN appointment_type.place_kind IS 'kind of organization whose places may hold it; null: any';
`;

const AGENTS = `
CREATE TABLE agent (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL REFERENCES organization,
  email text NOT NULL CHECK (email = lower(email)) UNIQUE,
  first_name text NOT NULL,
  last_name text NOT NULL,
  role text NOT NULL,
  password_hash text,
  disabled_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT app_now()
);
CREATE INDEX agent_organization ON agent (organization_id);
-- One-time link by which an agent chooses a first password; only its digest is kept.
CREATE TABLE sign_in_link (
  token_hash bytea PRIMARY KEY,
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3)
);
CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  csrf_token text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  last_seen_at timestamptz(3) NOT NULL DEFAULT app_now()
);
CREATE INDEX session_agent ON session (agent_id);
-- Throttling of sign-in: keys are keyed digests of an account or an address.
CREATE TABLE sign_in_failure (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_hash bytea NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT app_now()
);
CREATE INDEX sign_in_failure_key ON sign_in_failure (key_hash, at);
CREATE TABLE api_key (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL REFERENCES organization,
  role text NOT NULL,
  key_hash bytea NOT NULL UNIQUE,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  revoked_at timestamptz(3)
);
`;

const PERSONS = `
CREATE TABLE person (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  first_name text NOT NULL,
  last_name text NOT NULL,
  search_key text NOT NULL,
  birth_date date,
  phone_e164 text,
  phone_input text,
  phone_mobile boolean NOT NULL DEFAULT false,
  phone_territory text,
  no_phone boolean NOT NULL DEFAULT false,
  sms_refused_at timestamptz(3),
  sms_refused_origin text CHECK (sms_refused_origin IN ('agent', 'person', 'operator')),
  email text,
  appi_number text,
  language text NOT NULL DEFAULT 'fr',
  register text NOT NULL DEFAULT 'standard' CHECK (register IN ('standard', 'discreet')),
  referent_id uuid REFERENCES agent,
  created_by_organization_id uuid REFERENCES organization,
  archived_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  updated_at timestamptz(3) NOT NULL DEFAULT app_now(),
  CHECK ((sms_refused_at IS NULL) = (sms_refused_origin IS NULL)),
  CHECK (NOT (no_phone AND phone_e164 IS NOT NULL)),
  CHECK (phone_mobile = false OR phone_e164 IS NOT NULL)
);
COMMENT ON COLUMN person.search_key IS 'last and first name, lower case, without accents or punctuation';
CREATE UNIQUE INDEX person_appi ON person (appi_number);
-- Two persons of the same name and birth date are told apart by an APPI number only.
CREATE UNIQUE INDEX person_namesake ON person (search_key, birth_date)
  WHERE appi_number IS NULL AND birth_date IS NOT NULL;
CREATE INDEX person_search ON person (search_key text_pattern_ops);
CREATE INDEX person_words ON person USING gin (to_tsvector('simple', search_key));
CREATE INDEX person_phone ON person (phone_e164);
CREATE TABLE person_organization (
  person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organization,
  since timestamptz(3) NOT NULL DEFAULT app_now(),
  PRIMARY KEY (person_id, organization_id)
);
CREATE INDEX person_organization_service ON person_organization (organization_id);
`;

const SLOTS = `
-- A weekly opening; the nightly task opens its slots six months ahead.
CREATE TABLE weekly_slot (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agenda_id uuid NOT NULL REFERENCES agenda,
  type_code text NOT NULL REFERENCES appointment_type,
  weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  local_time time(0) NOT NULL,
  duration_minutes integer NOT NULL CHECK (duration_minutes BETWEEN 5 AND 600),
  capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 500),
  UNIQUE (agenda_id, type_code, weekday, local_time)
);
CREATE TABLE slot (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agenda_id uuid NOT NULL REFERENCES agenda,
  type_code text NOT NULL REFERENCES appointment_type,
  weekly_slot_id uuid REFERENCES weekly_slot,
  local_date date NOT NULL,
  local_time time(0) NOT NULL,
  time_zone text NOT NULL,
  starts_at timestamptz(3) NOT NULL,
  duration_minutes integer NOT NULL CHECK (duration_minutes BETWEEN 5 AND 600),
  capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 500),
  seats_taken integer NOT NULL DEFAULT 0,
  closed_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  CONSTRAINT slot_capacity CHECK (seats_taken BETWEEN 0 AND capacity),
  UNIQUE (weekly_slot_id, local_date)
);
CREATE INDEX slot_agenda ON slot (agenda_id, starts_at);
CREATE INDEX slot_type ON slot (type_code, starts_at);
CREATE INDEX slot_starts ON slot (starts_at, id);
`;

const CONVOCATIONS = `
CREATE TABLE convocation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  person_id uuid NOT NULL REFERENCES person,
  type_code text NOT NULL REFERENCES appointment_type,
  agenda_id uuid NOT NULL REFERENCES agenda,
  place_id uuid NOT NULL REFERENCES place,
  organization_id uuid NOT NULL REFERENCES organization,
  slot_id uuid REFERENCES slot,
  local_date date NOT NULL,
  local_time time(0) NOT NULL,
  time_zone text NOT NULL,
  starts_at timestamptz(3) NOT NULL,
  duration_minutes integer NOT NULL DEFAULT 30,
  promise_version integer NOT NULL DEFAULT 1,
  state text NOT NULL DEFAULT 'booked'
    CHECK (state IN ('booked', 'attended', 'missed', 'excused', 'cancelled')),
  created_by_organization_id uuid NOT NULL REFERENCES organization,
  created_by_agent_id uuid REFERENCES agent,
  assigned_to_agent_id uuid REFERENCES agent,
  cancelled_by text CHECK (cancelled_by IN ('service', 'person', 'court')),
  outcome_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  updated_at timestamptz(3) NOT NULL DEFAULT app_now(),
  CHECK ((state = 'cancelled') = (cancelled_by IS NOT NULL))
);
COMMENT ON COLUMN convocation.organization_id IS 'service of the place';
-- Nobody is summoned twice to the same agenda at the same hour, whatever the clicks.
CREATE UNIQUE INDEX convocation_once ON convocation (person_id, agenda_id, starts_at) WHERE state = 'booked';
CREATE INDEX convocation_person ON convocation (person_id, starts_at);
CREATE INDEX convocation_organization ON convocation (organization_id, starts_at);
CREATE INDEX convocation_agenda ON convocation (agenda_id, starts_at);
CREATE INDEX convocation_slot ON convocation (slot_id);
CREATE INDEX convocation_unmarked ON convocation (organization_id, starts_at) WHERE state = 'booked';

-- Append-only: the application role may insert and read, nothing else.
CREATE TABLE history_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz(3) NOT NULL DEFAULT app_now(),
  event text NOT NULL,
  person_id uuid NOT NULL,
  convocation_id uuid,
  agent_id uuid,
  api_key_id uuid,
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX history_person ON history_entry (person_id, at);
CREATE INDEX history_convocation ON history_entry (convocation_id, at);
`;

const MESSAGES = `
-- A message row is also its outbox row: planned in the transaction of the convocation, claimed when due.
CREATE TABLE message (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  convocation_id uuid NOT NULL REFERENCES convocation,
  kind text NOT NULL CHECK (kind IN ('summons', 'reminder', 'cancellation', 'rescheduling', 'after-absence')),
  occurrence integer NOT NULL DEFAULT 0 CHECK (occurrence >= 0),
  promise_version integer NOT NULL,
  state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'queued', 'sending', 'uncertain', 'accepted',
    'delivered', 'undelivered', 'failed', 'withdrawn', 'suppressed', 'expired')),
  reason text,
  due_at timestamptz(3) NOT NULL,
  first_due_at timestamptz(3) NOT NULL,
  useful_until timestamptz(3) NOT NULL,
  claim_epoch integer NOT NULL DEFAULT 0,
  claimed_at timestamptz(3),
  attempts integer NOT NULL DEFAULT 0,
  possible_duplicate boolean NOT NULL DEFAULT false,
  accepted_at timestamptz(3),
  settled_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  updated_at timestamptz(3) NOT NULL DEFAULT app_now(),
  CONSTRAINT message_once UNIQUE (convocation_id, kind, occurrence, promise_version)
);
COMMENT ON COLUMN message.first_due_at IS 'the hour promised when planned; due_at moves when a send is put off';
CREATE INDEX message_due ON message (due_at) WHERE state = 'planned';
CREATE INDEX message_queued ON message (claimed_at) WHERE state = 'queued';
CREATE INDEX message_useful ON message (useful_until) WHERE state IN ('planned', 'queued');
CREATE INDEX message_open ON message (updated_at) WHERE state IN ('sending', 'uncertain');
CREATE INDEX message_trouble ON message (settled_at) WHERE state IN ('undelivered', 'failed', 'expired', 'suppressed');

CREATE TABLE template (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('summons', 'reminder', 'cancellation', 'rescheduling', 'after-absence')),
  type_code text REFERENCES appointment_type,
  organization_id uuid REFERENCES organization,
  language text NOT NULL DEFAULT 'fr',
  register text NOT NULL DEFAULT 'standard' CHECK (register IN ('standard', 'discreet')),
  version integer NOT NULL DEFAULT 1,
  text text NOT NULL,
  created_by_agent_id uuid REFERENCES agent,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  UNIQUE NULLS NOT DISTINCT (kind, type_code, organization_id, language, register, version)
);
COMMENT ON COLUMN template.type_code IS 'null: every type that has no text of its own';

-- Committed before the call; body and token are kept as digests only.
CREATE TABLE delivery_attempt (
  id uuid PRIMARY KEY,
  message_id uuid NOT NULL REFERENCES message,
  number integer NOT NULL,
  channel text NOT NULL CHECK (channel IN ('sms', 'email')),
  operator text NOT NULL,
  sender text NOT NULL,
  recipient text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  body_hash bytea NOT NULL,
  segments integer NOT NULL,
  template_id uuid REFERENCES template,
  result text NOT NULL DEFAULT 'open' CHECK (result IN ('open', 'uncertain', 'accepted', 'delivered',
    'undelivered', 'refused', 'not-sent', 'abandoned')),
  operator_message_id text,
  error_code text,
  started_at timestamptz(3) NOT NULL,
  real_started_at timestamptz(3) NOT NULL,
  answered_at timestamptz(3),
  lookups integer NOT NULL DEFAULT 0,
  next_lookup_at timestamptz(3),
  conflicting_status text,
  UNIQUE (message_id, number),
  UNIQUE (operator, operator_message_id)
);
COMMENT ON COLUMN delivery_attempt.real_started_at IS 'never simulated: compared with the dates of the operator';
CREATE INDEX delivery_attempt_lookup ON delivery_attempt (next_lookup_at) WHERE result = 'uncertain';
CREATE INDEX delivery_attempt_open ON delivery_attempt (started_at) WHERE result = 'open';

CREATE TABLE receipt (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  attempt_id uuid NOT NULL REFERENCES delivery_attempt,
  operator_message_id text NOT NULL,
  status text NOT NULL,
  error_code text,
  received_at timestamptz(3) NOT NULL DEFAULT app_now(),
  UNIQUE (attempt_id, operator_message_id, status)
);

-- The link by which a person stops text messages; only the digest of its token is kept.
CREATE TABLE stop_link (
  token_hash bytea PRIMARY KEY,
  convocation_id uuid NOT NULL REFERENCES convocation,
  person_id uuid NOT NULL REFERENCES person,
  expires_at timestamptz(3) NOT NULL
);
`;

const EDGE = `
CREATE TABLE idempotency_key (
  caller text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status integer,
  body json,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
CREATE TABLE task_run (
  task text PRIMARY KEY,
  last_run_at timestamptz(3) NOT NULL
);
`;
