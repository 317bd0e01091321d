import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The journal of looks and acts, the chain that holds its entries together, and the certificates made from it.
 *
 * Locking: new tables only. Undo: drops them with everything they tell.
 */
export class Journal1765000000300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(ENTRIES);
    await q.query(CHAIN);
    await q.query(CERTIFICATES);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      DROP TABLE certificate, journal_unlinked, journal_link, journal_head, journal_entry;
      DROP FUNCTION pseudonymise_journal(integer);
      DROP FUNCTION guard_journal_entry();
      DROP FUNCTION guard_journal_head();
      DROP FUNCTION refuse_journal_change();
    `);
  }
}

const ENTRIES = `
-- No foreign key: an entry outlives whom it names, and nothing may reach it by a cascade.
CREATE TABLE journal_entry (
  id uuid PRIMARY KEY,
  at timestamptz(3) NOT NULL,
  action text NOT NULL,
  agent_id uuid,
  impersonator_id uuid,
  api_key_id uuid,
  person_id uuid,
  object_id uuid,
  organization_id uuid,
  request_id text,
  detail jsonb,
  agent_digest bytea,
  impersonator_digest bytea,
  api_key_digest bytea,
  person_digest bytea,
  object_digest bytea,
  detail_digest bytea NOT NULL,
  key_id text NOT NULL,
  mac bytea NOT NULL
);
COMMENT ON TABLE journal_entry IS 'who saw or did what, when; added to, never changed, pseudonymised after a year';
COMMENT ON COLUMN journal_entry.impersonator_id IS 'central administrator who acted under the name of the agent';
COMMENT ON COLUMN journal_entry.organization_id IS 'service of who acted, or the service concerned';
COMMENT ON COLUMN journal_entry.detail IS 'names of fields, codes, counts; null: pseudonymised';
COMMENT ON COLUMN journal_entry.agent_digest IS 'keyed per month; tells the same agent apart once the id is gone';
COMMENT ON COLUMN journal_entry.mac IS 'HMAC-SHA256 over the row with its digests in place of what they stand for';
COMMENT ON COLUMN journal_entry.key_id IS 'which of SECRET_KEYS its digests and its mac were made with';
CREATE INDEX journal_entry_person ON journal_entry (person_id, at DESC, id DESC) WHERE person_id IS NOT NULL;
CREATE INDEX journal_entry_agent ON journal_entry (agent_id, at DESC, id DESC) WHERE agent_id IS NOT NULL;
CREATE INDEX journal_entry_impersonator ON journal_entry (impersonator_id, at DESC, id DESC)
  WHERE impersonator_id IS NOT NULL;
-- Who opens unusually many files in one day.
CREATE INDEX journal_entry_reads ON journal_entry (at, agent_id, person_id)
  WHERE action = 'file.read' AND agent_id IS NOT NULL;
CREATE INDEX journal_entry_named ON journal_entry (at) WHERE detail IS NOT NULL;

-- Twelve months: NAMED_MONTHS of src/access/domain/journal-actions.ts. By shape and not by role: nobody at all may do
-- anything else, and who may do this (pseudonymise_journal) hides nothing that is younger.
CREATE FUNCTION guard_journal_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  named CONSTANT text[] := ARRAY['agent_id', 'impersonator_id', 'api_key_id', 'person_id', 'object_id', 'detail'];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.at < app_now() - interval '12 months'
       AND (NEW.agent_id, NEW.impersonator_id, NEW.api_key_id, NEW.person_id, NEW.object_id, NEW.detail) IS NULL
       AND to_jsonb(NEW) - named = to_jsonb(OLD) - named
    THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'the journal is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_entry_is_kept BEFORE UPDATE OR DELETE ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION guard_journal_entry();
CREATE TRIGGER journal_entry_is_not_emptied BEFORE TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION guard_journal_entry();

CREATE FUNCTION pseudonymise_journal(most integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH old AS (
    SELECT id FROM journal_entry WHERE detail IS NOT NULL AND at < app_now() - interval '12 months'
     ORDER BY at LIMIT most FOR UPDATE SKIP LOCKED
  ), forgotten AS (
    UPDATE journal_entry e
       SET agent_id = NULL, impersonator_id = NULL, api_key_id = NULL, person_id = NULL, object_id = NULL, detail = NULL
      FROM old WHERE e.id = old.id RETURNING e.id
  )
  SELECT count(*)::integer FROM forgotten
$$;
COMMENT ON FUNCTION pseudonymise_journal(integer) IS 'one batch of entries older than a year; answers how many';
`;

const CHAIN = `
-- What waits for its link: written with the entry, taken away when it is linked.
CREATE TABLE journal_unlinked (
  entry_id uuid PRIMARY KEY
);

CREATE TABLE journal_link (
  seq bigint PRIMARY KEY CHECK (seq > 0),
  day date NOT NULL,
  entry_id uuid NOT NULL UNIQUE,
  key_id text NOT NULL,
  hash bytea NOT NULL
);
COMMENT ON TABLE journal_link IS 'hash = HMAC-SHA256(key, previous hash, seq, day, mac of the entry)';
COMMENT ON COLUMN journal_link.day IS 'day (UTC) on which it was linked';

CREATE TABLE journal_head (
  day date PRIMARY KEY,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL CHECK (last_seq >= first_seq),
  hash bytea NOT NULL,
  key_id text NOT NULL,
  mac bytea NOT NULL
);
COMMENT ON TABLE journal_head IS 'where the chain of each day ends; moves on during its day, then stands';

CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_link_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_link
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change();
CREATE TRIGGER journal_head_stands BEFORE DELETE OR TRUNCATE ON journal_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change();

CREATE FUNCTION guard_journal_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.day = OLD.day AND NEW.first_seq = OLD.first_seq AND NEW.last_seq > OLD.last_seq
     AND NOT EXISTS (SELECT FROM journal_head WHERE day > OLD.day)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the journal is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_head_moves_on BEFORE UPDATE ON journal_head
  FOR EACH ROW EXECUTE FUNCTION guard_journal_head();
`;

const CERTIFICATES = `
-- What was certified is not copied here: its digest is, and the moment up to which it is to be read again.
CREATE TABLE certificate (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code text NOT NULL UNIQUE,
  person_id uuid NOT NULL,
  convocation_id uuid,
  organization_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  issued_at timestamptz(3) NOT NULL,
  message_ids uuid[] NOT NULL,
  content_digest bytea NOT NULL,
  key_id text NOT NULL,
  journal_day date,
  journal_seq bigint,
  journal_hash bytea
);
COMMENT ON COLUMN certificate.code IS 'HMAC-SHA256 over the row, cut to 80 bits: what is typed in to check it';
COMMENT ON COLUMN certificate.convocation_id IS 'only its messages; null: all of the person''s';
COMMENT ON COLUMN certificate.content_digest IS 'SHA-256 of the facts as they were known at issued_at';
COMMENT ON COLUMN certificate.journal_hash IS 'head of the journal when it was issued; null: no link yet';
CREATE INDEX certificate_person ON certificate (person_id, issued_at DESC);
CREATE TRIGGER certificate_is_kept BEFORE UPDATE OR TRUNCATE ON certificate
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change();
`;
