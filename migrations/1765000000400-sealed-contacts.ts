import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Telephone numbers and e-mail addresses of persons: sealed, each once, in a table of its own; everything else names
 * them by id.
 *
 * Why: a stolen copy of the database must not tell whom the service of probation writes to. One row per number, so
 * that two places that hold the same number stay equal while the keys are rotated, and a rotation does not rewrite
 * every attempt ever made.
 * SQL has no key: what is in clear is sealed by `cli migrate` afterwards (`src/platform/seal-clear-contacts.ts`), and
 * only then are the clear columns dropped, by `DROP_CLEAR_CONTACTS`; an empty database has them dropped here.
 * Locking: columns without a default, no rewrite; processes of the release before must be stopped, since they
 * would go on writing in clear. Undo: refused once something is sealed, as SQL cannot open it.
 */
export class SealedContacts1765000000400 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(CONTACTS);
    if (!(await holdsClearContacts(q))) await q.query(DROP_CLEAR_CONTACTS);
  }

  async down(q: QueryRunner): Promise<void> {
    const sealed = (await q.query('SELECT FROM contact LIMIT 1')) as unknown[];
    if (sealed.length > 0)
      throw new Error('contacts are sealed: SQL cannot open them, restore a backup instead');
    const columns = (await q.query(
      `SELECT FROM information_schema.columns WHERE table_name = 'person' AND column_name = 'phone_e164'`,
    )) as unknown[];
    if (columns.length === 0) await q.query(CLEAR_AGAIN);
    await q.query(UNDO);
  }
}

async function holdsClearContacts(q: QueryRunner): Promise<boolean> {
  const rows = (await q.query(`SELECT ${HOLDS_CLEAR_CONTACTS} AS held`)) as { held: boolean }[];
  return rows[0]?.held === true;
}

/** SQL condition: something is not sealed yet. Only while the clear columns exist. */
export const HOLDS_CLEAR_CONTACTS = `(
  EXISTS (SELECT FROM person WHERE phone_e164 IS NOT NULL AND phone_id IS NULL)
  OR EXISTS (SELECT FROM person WHERE email IS NOT NULL AND email_id IS NULL)
  OR EXISTS (SELECT FROM phone_block WHERE phone_id IS NULL)
  OR EXISTS (SELECT FROM inbound_message WHERE phone_id IS NULL)
  OR EXISTS (SELECT FROM delivery_attempt WHERE recipient_id IS NULL)
  OR EXISTS (SELECT FROM stop_link WHERE recipient IS NOT NULL AND recipient_id IS NULL)
  OR EXISTS (SELECT FROM idempotency_key WHERE body IS NOT NULL AND body_sealed IS NULL))`;

const CONTACTS = `
CREATE TABLE contact (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('phone', 'email')),
  value_sealed bytea NOT NULL,
  value_index bytea NOT NULL UNIQUE,
  tail_index bytea,
  created_at timestamptz(3) NOT NULL DEFAULT app_now()
);
COMMENT ON TABLE contact IS 'numbers and addresses of persons, each once; everything else names them by id';
COMMENT ON COLUMN contact.value_sealed IS 'AES-256-GCM; format, key id, nonce, tag, text; bound to the row';
COMMENT ON COLUMN contact.value_index IS 'key id, then HMAC-SHA256 of the value cut to 16 bytes';
COMMENT ON COLUMN contact.tail_index IS 'of a number: key id, then 16 bits of the HMAC-SHA256 of its last four digits';
CREATE INDEX contact_tail ON contact (tail_index) WHERE tail_index IS NOT NULL;

ALTER TABLE person ADD COLUMN phone_id uuid REFERENCES contact;
ALTER TABLE person ADD COLUMN email_id uuid REFERENCES contact;
CREATE INDEX person_phone_id ON person (phone_id);
CREATE INDEX person_email_id ON person (email_id) WHERE email_id IS NOT NULL;
ALTER TABLE phone_block DROP CONSTRAINT phone_block_pkey;
ALTER TABLE phone_block ALTER COLUMN phone_e164 DROP NOT NULL;
ALTER TABLE phone_block ADD COLUMN phone_id uuid REFERENCES contact;
ALTER TABLE inbound_message ALTER COLUMN phone_e164 DROP NOT NULL;
ALTER TABLE inbound_message ADD COLUMN phone_id uuid REFERENCES contact;
CREATE INDEX inbound_message_phone_id ON inbound_message (phone_id, received_at);
-- No foreign key: thousands of rows a second.
ALTER TABLE delivery_attempt ALTER COLUMN recipient DROP NOT NULL;
ALTER TABLE delivery_attempt ADD COLUMN recipient_id uuid;
CREATE INDEX delivery_attempt_recipient_id ON delivery_attempt (recipient_id, real_started_at);
ALTER TABLE stop_link ADD COLUMN recipient_id uuid;
CREATE INDEX stop_link_recipient_id ON stop_link (recipient_id);
COMMENT ON COLUMN stop_link.recipient_id IS 'number or address the text left for; null: before this was kept';

ALTER TABLE idempotency_key ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;
ALTER TABLE idempotency_key ADD COLUMN body_sealed bytea;
COMMENT ON COLUMN idempotency_key.request_hash IS 'keyed: a plain digest would let a telephone number be guessed';
`;

/** One transaction: nothing is dropped while anything is left in clear. */
export const DROP_CLEAR_CONTACTS = `
DO $$ BEGIN
  IF ${HOLDS_CLEAR_CONTACTS} THEN RAISE EXCEPTION 'contacts are left in clear'; END IF;
END $$;
ALTER TABLE person DROP COLUMN phone_e164, DROP COLUMN phone_input, DROP COLUMN email;
ALTER TABLE person ADD CONSTRAINT person_no_phone CHECK (NOT (no_phone AND phone_id IS NOT NULL));
ALTER TABLE person ADD CONSTRAINT person_mobile CHECK (phone_mobile = false OR phone_id IS NOT NULL);
ALTER TABLE phone_block DROP COLUMN phone_e164;
ALTER TABLE phone_block ADD PRIMARY KEY (phone_id);
ALTER TABLE inbound_message DROP COLUMN phone_e164;
ALTER TABLE inbound_message ALTER COLUMN phone_id SET NOT NULL;
ALTER TABLE delivery_attempt DROP COLUMN recipient;
ALTER TABLE delivery_attempt ALTER COLUMN recipient_id SET NOT NULL;
ALTER TABLE stop_link DROP COLUMN recipient;
ALTER TABLE idempotency_key DROP COLUMN body;
`;

/** The columns of the releases before, empty. */
const CLEAR_AGAIN = `
ALTER TABLE person DROP CONSTRAINT person_no_phone;
ALTER TABLE person DROP CONSTRAINT person_mobile;
ALTER TABLE person ADD COLUMN phone_e164 text, ADD COLUMN phone_input text, ADD COLUMN email text;
ALTER TABLE person ADD CHECK (NOT (no_phone AND phone_e164 IS NOT NULL));
ALTER TABLE person ADD CHECK (phone_mobile = false OR phone_e164 IS NOT NULL);
CREATE INDEX person_phone ON person (phone_e164);
ALTER TABLE phone_block DROP CONSTRAINT phone_block_pkey;
ALTER TABLE phone_block ADD COLUMN phone_e164 text;
ALTER TABLE inbound_message ADD COLUMN phone_e164 text;
CREATE INDEX inbound_message_phone ON inbound_message (phone_e164, received_at);
ALTER TABLE delivery_attempt ADD COLUMN recipient text;
CREATE INDEX delivery_attempt_recipient ON delivery_attempt (recipient, real_started_at);
ALTER TABLE stop_link ADD COLUMN recipient text;
ALTER TABLE idempotency_key ADD COLUMN body json;
`;

/** Nothing was ever sealed: no row of these tables names a contact. */
const UNDO = `
ALTER TABLE person DROP COLUMN phone_id, DROP COLUMN email_id;
ALTER TABLE phone_block DROP COLUMN phone_id;
ALTER TABLE phone_block ADD PRIMARY KEY (phone_e164);
ALTER TABLE inbound_message DROP COLUMN phone_id;
ALTER TABLE inbound_message ALTER COLUMN phone_e164 SET NOT NULL;
ALTER TABLE delivery_attempt DROP COLUMN recipient_id;
ALTER TABLE delivery_attempt ALTER COLUMN recipient SET NOT NULL;
ALTER TABLE stop_link DROP COLUMN recipient_id;
ALTER TABLE idempotency_key DROP COLUMN id, DROP COLUMN body_sealed;
DROP TABLE contact;
`;
