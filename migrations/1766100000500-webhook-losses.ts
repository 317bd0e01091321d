import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The service that a convocation leaves is told of it as the one that it comes to; and a secret that is replaced twice
 * in a week signs on beside the two that came after it.
 *
 * Locking: two columns without default and one CHECK of a small table, two functions: an instant each. Undo: without
 * them; the older of two old secrets stops signing.
 */
export class WebhookLosses1766100000500 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const block of [OLDER_SECRET, TELL_BOTH]) await q.query(block);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const block of [TELL_ONE, WITHOUT_OLDER_SECRET]) await q.query(block);
  }
}

const OLDER_SECRET = `
ALTER TABLE webhook_endpoint
  ADD COLUMN older_secret_sealed bytea,
  ADD COLUMN older_secret_until timestamptz(3),
  ADD CHECK ((older_secret_sealed IS NULL) = (older_secret_until IS NULL));
COMMENT ON COLUMN webhook_endpoint.older_secret_sealed IS 'the one before the old one, replaced while it still signed';
`;

const WITHOUT_OLDER_SECRET = `
ALTER TABLE webhook_endpoint DROP COLUMN older_secret_sealed, DROP COLUMN older_secret_until;
`;

const PARAMETERS = 'told text, about uuid, held_by uuid, booked_by uuid, now_is text';

/** `before`: what the two functions say of the service of before, after what they say of the others. */
function telling(
  drop: string,
  before: { readonly parameter: string; readonly asked: string; readonly given: string },
) {
  return `
DROP FUNCTION write_webhook_deliveries(${drop});
CREATE FUNCTION write_webhook_deliveries(${PARAMETERS}${before.parameter})
RETURNS void LANGUAGE sql AS $$
  WITH one AS MATERIALIZED (SELECT gen_random_uuid() AS event_id)
  INSERT INTO webhook_delivery (endpoint_id, event_id, event, convocation_id, organization_id, state)
  SELECT e.id, one.event_id, told, about, held_by, now_is FROM webhook_endpoint e CROSS JOIN one
   WHERE e.disabled_at IS NULL AND e.organization_id IN (held_by, booked_by${before.asked}) AND told = ANY (e.events)
$$;
CREATE OR REPLACE FUNCTION tell_webhooks_of_convocation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM write_webhook_deliveries(
    CASE WHEN NEW.state IN ('attended', 'missed') THEN NEW.state ELSE 'changed' END,
    NEW.id, NEW.organization_id, NEW.created_by_organization_id, NEW.state${before.given});
  RETURN NULL;
END $$;
`;
}

const TELL_BOTH = telling('text, uuid, uuid, uuid, text', {
  parameter: ', held_before uuid DEFAULT NULL',
  asked: ', held_before',
  given: ', OLD.organization_id',
});
const TELL_ONE = telling('text, uuid, uuid, uuid, text, uuid', { parameter: '', asked: '', given: '' });
