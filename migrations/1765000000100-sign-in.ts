import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Second factor, sessions that can be listed and proved again, password reset, known browsers, OpenID Connect.
 *
 * Locking: columns with constant or no defaults are added without rewriting `agent` and `organization`; `session`
 * holds a day of rows at most. Undo: drops them; links for a forgotten password die.
 */
export class SignIn1765000000100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(SESSIONS);
    await q.query(SECOND_FACTOR);
    await q.query(OPENID);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      DROP TABLE oidc_login, recovery_code, known_origin;
      ALTER TABLE organization DROP COLUMN siret, DROP COLUMN email_domains;
      ALTER TABLE agent DROP COLUMN totp_secret, DROP COLUMN totp_confirmed_at, DROP COLUMN totp_last_step, DROP COLUMN oidc_idp_id, DROP COLUMN oidc_sub;
      DELETE FROM sign_in_link WHERE purpose <> 'invitation';
      ALTER TABLE sign_in_link DROP COLUMN purpose, DROP COLUMN created_at;
      ALTER TABLE session DROP COLUMN id, DROP COLUMN proved_at, DROP COLUMN second_factor_at, DROP COLUMN browser,
        DROP COLUMN oidc_id_token, DROP COLUMN totp_pending;
    `);
  }
}

const SESSIONS = `
ALTER TABLE session
  ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  ADD COLUMN proved_at timestamptz(3) NOT NULL DEFAULT app_now(),
  ADD COLUMN second_factor_at timestamptz(3),
  ADD COLUMN browser text,
  ADD COLUMN oidc_id_token bytea,
  ADD COLUMN totp_pending bytea;
COMMENT ON COLUMN session.id IS 'names a session on a page; opens nothing';
COMMENT ON COLUMN session.proved_at IS 'last time the agent gave a password or a code in this session';
COMMENT ON COLUMN session.second_factor_at IS 'when the second factor was shown; null: not yet';
COMMENT ON COLUMN session.browser IS 'family of browser and system, for the list of sessions';
COMMENT ON COLUMN session.oidc_id_token IS 'sealed; hint for the logout at the OpenID provider';
COMMENT ON COLUMN session.totp_pending IS 'sealed; shown to this session only, waits for its first code';
ALTER TABLE sign_in_link
  ADD COLUMN purpose text NOT NULL DEFAULT 'invitation' CHECK (purpose IN ('invitation', 'reset')),
  ADD COLUMN created_at timestamptz(3) NOT NULL DEFAULT app_now();
CREATE INDEX sign_in_link_agent ON sign_in_link (agent_id);
-- Where an agent signed in before: a stranger's failures do not make these wait.
CREATE TABLE known_origin (
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  key_hash bytea NOT NULL,
  last_seen_at timestamptz(3) NOT NULL DEFAULT app_now(),
  PRIMARY KEY (agent_id, key_hash)
);
`;

const SECOND_FACTOR = `
ALTER TABLE agent
  ADD COLUMN totp_secret bytea,
  ADD COLUMN totp_confirmed_at timestamptz(3),
  ADD COLUMN totp_last_step bigint,
  ADD CONSTRAINT agent_totp_confirmed CHECK ((totp_secret IS NULL) = (totp_confirmed_at IS NULL));
COMMENT ON COLUMN agent.totp_secret IS 'sealed; in force once a first code confirmed it';
COMMENT ON COLUMN agent.totp_last_step IS 'newest step of 30 s whose code was accepted: no code serves twice';
CREATE TABLE recovery_code (
  agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  used_at timestamptz(3),
  PRIMARY KEY (agent_id, code_hash)
);
`;

const OPENID = `
ALTER TABLE agent
  ADD COLUMN oidc_idp_id text,
  ADD COLUMN oidc_sub text,
  ADD CONSTRAINT agent_oidc_whole CHECK ((oidc_idp_id IS NULL) = (oidc_sub IS NULL)),
  ADD CONSTRAINT agent_oidc_identity UNIQUE (oidc_idp_id, oidc_sub);
ALTER TABLE organization
  ADD COLUMN siret text CHECK (siret ~ '^[0-9]{14}$'),
  ADD COLUMN email_domains text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN organization.siret IS 'expected of an agent who first signs in through OpenID Connect';
COMMENT ON COLUMN organization.email_domains IS 'expected of that agent''s address when the provider gives no SIRET';
-- One login, one logout under way at the OpenID provider, tied to the browser that began it.
CREATE TABLE oidc_login (
  state_hash bytea PRIMARY KEY,
  browser_hash bytea NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('sign-in', 'sign-out')),
  nonce text,
  code_verifier text,
  return_to text NOT NULL,
  expires_at timestamptz(3) NOT NULL
);
`;
