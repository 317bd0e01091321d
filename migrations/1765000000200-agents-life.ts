import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What happens to an agent between the invitation and the departure: charter, absence, mutation, impersonation,
 * alerts.
 *
 * Locking: adds columns to `agent`, `session` and `person`; the generated search key rewrites `agent`, a table of
 * some thousand rows. Undo: drops what it made.
 */
export class AgentsLife1765000000200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const block of [AGENT, TRANSFER, ABSENCE, IMPERSONATION, ALERT, MAIL]) await q.query(block);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE session DROP COLUMN impersonation_id, DROP COLUMN impersonation_csrf;
      DROP TABLE agent_mail, agent_alert_read, agent_alert, impersonation, agent_absence, agent_transfer;
      ALTER TABLE person DROP COLUMN referent_left_at;
      ALTER TABLE agent DROP COLUMN search_key, DROP COLUMN phone, DROP COLUMN share_email,
        DROP COLUMN share_phone, DROP COLUMN charter_version, DROP COLUMN charter_accepted_at,
        DROP COLUMN last_signed_in_at;
    `);
  }
}

const AGENT = `
ALTER TABLE agent
  ADD COLUMN phone text,
  ADD COLUMN share_email boolean NOT NULL DEFAULT false,
  ADD COLUMN share_phone boolean NOT NULL DEFAULT false,
  ADD COLUMN charter_version integer,
  ADD COLUMN charter_accepted_at timestamptz(3),
  ADD COLUMN last_signed_in_at timestamptz(3),
  ADD COLUMN search_key text GENERATED ALWAYS AS (' ' || lower(regexp_replace(regexp_replace(
    normalize(last_name || ' ' || first_name, NFD), '[\\u0300-\\u036f]', '', 'g'), '[^[:alnum:]]+', ' ', 'g'))) STORED,
  ADD CONSTRAINT agent_charter CHECK ((charter_version IS NULL) = (charter_accepted_at IS NULL));
COMMENT ON COLUMN agent.search_key IS 'a space before each word of the last and first name, without accents';
COMMENT ON COLUMN agent.share_email IS 'shown to the persons this agent follows; the agent decides';
CREATE INDEX agent_name ON agent (search_key, id);
ALTER TABLE person ADD COLUMN referent_left_at timestamptz(3);
COMMENT ON COLUMN person.referent_left_at IS 'the referent went and nobody was named: the service has to';
CREATE INDEX person_left ON person (referent_left_at) WHERE referent_left_at IS NOT NULL AND referent_id IS NULL;
`;

const TRANSFER = `
-- A move to another service of the same kind, asked by one side and confirmed by the other. An address that names
-- nobody who may be moved is kept all the same: whoever asks sees one and the same answer.
CREATE TABLE agent_transfer (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agent_id uuid REFERENCES agent ON DELETE CASCADE,
  asked_email text NOT NULL,
  from_organization_id uuid REFERENCES organization,
  to_organization_id uuid NOT NULL REFERENCES organization,
  side text NOT NULL CHECK (side IN ('receiving', 'leaving')),
  asked_by_agent_id uuid NOT NULL REFERENCES agent,
  asked_at timestamptz(3) NOT NULL DEFAULT app_now(),
  heirs jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'confirmed', 'refused', 'withdrawn')),
  decided_by_agent_id uuid REFERENCES agent,
  decided_at timestamptz(3),
  CHECK ((agent_id IS NULL) = (from_organization_id IS NULL)),
  CHECK (from_organization_id IS DISTINCT FROM to_organization_id),
  CHECK ((state = 'pending') = (decided_at IS NULL))
);
COMMENT ON COLUMN agent_transfer.heirs IS 'who takes over, as the leaving side chose it: ids only';
CREATE UNIQUE INDEX agent_transfer_once ON agent_transfer (asked_email, to_organization_id) WHERE state = 'pending';
CREATE INDEX agent_transfer_from ON agent_transfer (from_organization_id) WHERE state = 'pending';
CREATE INDEX agent_transfer_to ON agent_transfer (to_organization_id) WHERE state = 'pending';
CREATE INDEX agent_transfer_agent ON agent_transfer (agent_id);
`;

const ABSENCE = `
-- Days at the service, both included; the instants are their ends, so that it stops by itself.
CREATE TABLE agent_absence (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  replacement_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  starts_at timestamptz(3) NOT NULL,
  ends_at timestamptz(3) NOT NULL,
  written_by_agent_id uuid REFERENCES agent,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  CHECK (agent_id <> replacement_id),
  CHECK (starts_on <= ends_on)
);
CREATE INDEX agent_absence_agent ON agent_absence (agent_id, ends_at);
CREATE INDEX agent_absence_replacement ON agent_absence (replacement_id, ends_at);
`;

const IMPERSONATION = `
CREATE TABLE impersonation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  impersonator_id uuid NOT NULL REFERENCES agent,
  agent_id uuid NOT NULL REFERENCES agent,
  reason text NOT NULL,
  started_at timestamptz(3) NOT NULL DEFAULT app_now(),
  ends_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  CHECK (impersonator_id <> agent_id)
);
CREATE INDEX impersonation_agent ON impersonation (agent_id, started_at);
-- The session stays the administrator's; its forms carry another token while it acts for somebody else, so that a
-- form of one is never taken for a form of the other.
ALTER TABLE session
  ADD COLUMN impersonation_id uuid REFERENCES impersonation ON DELETE SET NULL,
  ADD COLUMN impersonation_csrf text;
`;

const ALERT = `
CREATE TABLE agent_alert (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  level text NOT NULL CHECK (level IN ('info', 'success', 'warning')),
  text text NOT NULL,
  organization_id uuid REFERENCES organization,
  roles text[] NOT NULL DEFAULT '{}',
  starts_at timestamptz(3) NOT NULL,
  ends_at timestamptz(3) NOT NULL,
  written_by_agent_id uuid NOT NULL REFERENCES agent,
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  withdrawn_at timestamptz(3),
  CHECK (starts_at < ends_at)
);
COMMENT ON COLUMN agent_alert.organization_id IS 'null: every service';
COMMENT ON COLUMN agent_alert.roles IS 'empty: every role';
CREATE INDEX agent_alert_current ON agent_alert (ends_at) WHERE withdrawn_at IS NULL;
CREATE TABLE agent_alert_read (
  alert_id uuid NOT NULL REFERENCES agent_alert ON DELETE CASCADE,
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  read_at timestamptz(3) NOT NULL DEFAULT app_now(),
  PRIMARY KEY (alert_id, agent_id)
);
CREATE INDEX agent_alert_read_agent ON agent_alert_read (agent_id);
`;

const MAIL = `
-- What agents are told by e-mail. The link of an invitation is made when it leaves: no token waits in a row.
CREATE TABLE agent_mail (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('invitation', 'transfer-asked', 'transfer-confirmed', 'transfer-refused', 'moved',
    'password-reset')),
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  claimed_at timestamptz(3),
  tries integer NOT NULL DEFAULT 0,
  sent_at timestamptz(3)
);
CREATE INDEX agent_mail_waiting ON agent_mail (created_at) WHERE sent_at IS NULL;
CREATE INDEX agent_mail_agent ON agent_mail (agent_id);
`;
