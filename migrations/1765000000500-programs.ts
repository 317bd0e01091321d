import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Other software: keys with a name, scopes, an end and a successor; webhooks that tell it what happened.
 *
 * A delivery is written by the database itself, in the transaction of what it tells, whoever writes: a use case, a
 * bulk, a receipt. Where no endpoint is active the triggers do nothing. The functions run as their owner: who books in a
 * linked service may not read the endpoints of that service, and its booking is told to them all the same.
 *
 * Locking: `api_key` is short; the two triggers take a short lock on `convocation` and `message`. Undo: drops all of
 * it; keys that were made meanwhile keep working and lose their limits.
 */
export class Programs1765000000500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const block of [KEYS, WEBHOOKS, TRIGGERS]) await q.query(block);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      DROP TRIGGER webhook_booked ON convocation; DROP TRIGGER webhook_changed ON convocation;
      DROP TRIGGER webhook_undelivered ON message;
      DROP FUNCTION tell_webhooks_of_bookings(), tell_webhooks_of_convocation(), tell_webhooks_of_message();
      DROP FUNCTION write_webhook_deliveries(text, uuid, uuid, uuid, text);
      DROP TABLE webhook_delivery, webhook_endpoint;
      ALTER TABLE api_key DROP COLUMN name, DROP COLUMN public_id, DROP COLUMN scopes, DROP COLUMN expires_at,
        DROP COLUMN last_used_at, DROP COLUMN created_by, DROP COLUMN replaced_by, DROP COLUMN revoked_by;
    `);
  }
}

const KEYS = `
ALTER TABLE api_key
  ADD COLUMN name text NOT NULL DEFAULT 'Clé sans nom' CHECK (length(name) BETWEEN 1 AND 80),
  ADD COLUMN public_id text NOT NULL DEFAULT left(md5(gen_random_uuid()::text), 8),
  ADD COLUMN scopes text[],
  ADD COLUMN expires_at timestamptz(3),
  ADD COLUMN last_used_at timestamptz(3),
  ADD COLUMN created_by uuid REFERENCES agent,
  ADD COLUMN replaced_by uuid REFERENCES api_key,
  ADD COLUMN revoked_by uuid REFERENCES agent;
-- A key of before does not say its public id: its digest tells it apart.
UPDATE api_key SET public_id = left(encode(key_hash, 'hex'), 8);
CREATE UNIQUE INDEX api_key_public_id ON api_key (public_id);
CREATE INDEX api_key_organization ON api_key (organization_id);
COMMENT ON COLUMN api_key.public_id IS 'stands in the key itself, after msj_: names it without giving it away';
COMMENT ON COLUMN api_key.scopes IS 'null: every scope, those to come included';
COMMENT ON COLUMN api_key.last_used_at IS 'written once a minute at most';
`;

const WEBHOOKS = `
CREATE TABLE webhook_endpoint (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id uuid NOT NULL REFERENCES organization,
  url text NOT NULL CHECK (length(url) <= 500),
  events text[] NOT NULL CHECK (cardinality(events) > 0
    AND events <@ ARRAY['booked', 'changed', 'attended', 'missed', 'delivery-failed']),
  secret_sealed bytea NOT NULL,
  old_secret_sealed bytea,
  old_secret_until timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT app_now(),
  created_by uuid REFERENCES agent,
  failing_since timestamptz(3),
  disabled_at timestamptz(3),
  disabled_reason text CHECK (disabled_reason IN ('agent', 'failing')),
  CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
  CHECK ((old_secret_sealed IS NULL) = (old_secret_until IS NULL))
);
COMMENT ON COLUMN webhook_endpoint.secret_sealed IS 'context webhook_endpoint:<id>:secret';
COMMENT ON COLUMN webhook_endpoint.failing_since IS 'first failure since the last success';
CREATE INDEX webhook_endpoint_active ON webhook_endpoint (organization_id) WHERE disabled_at IS NULL;

CREATE TABLE webhook_delivery (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  endpoint_id uuid NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
  event_id uuid NOT NULL,
  event text NOT NULL CHECK (event IN ('booked', 'changed', 'attended', 'missed', 'delivery-failed', 'test')),
  occurred_at timestamptz(3) NOT NULL DEFAULT app_now(),
  convocation_id uuid,
  organization_id uuid NOT NULL,
  state text NOT NULL,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'calling', 'delivered', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz(3) NOT NULL DEFAULT app_now(),
  called_at timestamptz(3),
  answer_status integer,
  answer_error text,
  latency_ms integer,
  settled_at timestamptz(3),
  CONSTRAINT webhook_delivery_once UNIQUE (endpoint_id, event_id)
);
COMMENT ON COLUMN webhook_delivery.organization_id IS 'service of the place of the convocation';
COMMENT ON COLUMN webhook_delivery.state IS 'of the convocation; of the message when a delivery failed';
COMMENT ON COLUMN webhook_delivery.answer_error IS 'a word of a closed list; what the receiver said is never kept';
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, due_at) WHERE status = 'waiting';
CREATE INDEX webhook_delivery_calling ON webhook_delivery (endpoint_id, called_at) WHERE status = 'calling';
CREATE INDEX webhook_delivery_dead ON webhook_delivery (endpoint_id) WHERE status = 'dead';
CREATE INDEX webhook_delivery_recent ON webhook_delivery (endpoint_id, occurred_at DESC);
`;

const TRIGGERS = `
CREATE FUNCTION write_webhook_deliveries(told text, about uuid, held_by uuid, booked_by uuid, now_is text)
RETURNS void LANGUAGE sql AS $$
  WITH one AS MATERIALIZED (SELECT gen_random_uuid() AS event_id)
  INSERT INTO webhook_delivery (endpoint_id, event_id, event, convocation_id, organization_id, state)
  SELECT e.id, one.event_id, told, about, held_by, now_is FROM webhook_endpoint e CROSS JOIN one
   WHERE e.disabled_at IS NULL AND e.organization_id IN (held_by, booked_by) AND told = ANY (e.events)
$$;

CREATE FUNCTION tell_webhooks_of_convocation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM write_webhook_deliveries(
    CASE WHEN NEW.state IN ('attended', 'missed') THEN NEW.state ELSE 'changed' END,
    NEW.id, NEW.organization_id, NEW.created_by_organization_id, NEW.state);
  RETURN NULL;
END $$;
-- Once for a statement, whatever the number of its rows. What is written with its outcome was not booked now: it is
-- history being brought in.
CREATE FUNCTION tell_webhooks_of_bookings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM webhook_endpoint WHERE disabled_at IS NULL) THEN RETURN NULL; END IF;
  WITH booked AS MATERIALIZED (SELECT gen_random_uuid() AS event_id, * FROM after_rows WHERE state = 'booked')
  INSERT INTO webhook_delivery (endpoint_id, event_id, event, convocation_id, organization_id, state)
  SELECT e.id, b.event_id, 'booked', b.id, b.organization_id, b.state
    FROM booked b JOIN webhook_endpoint e ON e.organization_id IN (b.organization_id, b.created_by_organization_id)
   WHERE e.disabled_at IS NULL AND 'booked' = ANY (e.events);
  RETURN NULL;
END $$;
CREATE TRIGGER webhook_booked AFTER INSERT ON convocation REFERENCING NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tell_webhooks_of_bookings();
CREATE TRIGGER webhook_changed AFTER UPDATE OF state, promise_version ON convocation FOR EACH ROW
  WHEN (OLD.state <> NEW.state OR OLD.promise_version <> NEW.promise_version)
  EXECUTE FUNCTION tell_webhooks_of_convocation();

CREATE FUNCTION tell_webhooks_of_message() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM write_webhook_deliveries('delivery-failed', c.id, c.organization_id, c.created_by_organization_id, NEW.state)
     FROM convocation c WHERE c.id = NEW.convocation_id;
  RETURN NULL;
END $$;
CREATE TRIGGER webhook_undelivered AFTER UPDATE OF state ON message FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND NEW.state IN ('undelivered', 'failed', 'expired'))
  EXECUTE FUNCTION tell_webhooks_of_message();
`;
