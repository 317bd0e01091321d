import type { EntityManager } from 'typeorm';
import {
  type CallResult,
  FAILING_DAYS,
  isTaken,
  retryDelaySeconds,
  type WebhookPayload,
} from './domain/webhook.js';

export interface RecordedDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly event: WebhookPayload['event'];
  /** Which call this was; a later one has taken over when it differs. */
  readonly attempts: number;
}

/** `disabled`: the endpoint too, after a week of failures without one success. */
export type CallEnd = 'delivered' | 'retried' | 'dead' | 'disabled';

/** Writes what came of a call. A test is tried once. */
export async function recordCall(
  tx: EntityManager,
  delivery: RecordedDelivery,
  result: CallResult,
): Promise<CallEnd> {
  const taken = isTaken(result);
  const delay = delivery.event === 'test' ? null : retryDelaySeconds(delivery.attempts);
  const status = taken ? 'delivered' : delay === null ? 'dead' : 'waiting';
  await tx.query(
    `UPDATE webhook_delivery
        SET status = $3, answer_status = $4, answer_error = $5, latency_ms = $6,
            due_at = CASE $3 WHEN 'waiting' THEN app_now() + make_interval(secs => $7::int) ELSE due_at END,
            settled_at = CASE WHEN $3 <> 'waiting' THEN app_now() END
      WHERE id = $1 AND attempts = $2 AND status = 'calling'`,
    [delivery.id, delivery.attempts, status, result.status, result.error, result.latencyMs, delay],
  );
  if (taken) {
    await endFailures(tx, delivery.endpointId);
    return 'delivered';
  }
  if (await noteFailure(tx, delivery.endpointId, await isRetrying(tx, delivery))) return 'disabled';
  return status === 'dead' ? 'dead' : 'retried';
}

/** Failures of before count on while one of them is still being called again; later they are an old story. */
async function isRetrying(
  tx: EntityManager,
  { id, endpointId, attempts }: RecordedDelivery,
): Promise<boolean> {
  if (attempts > 1) return true;
  const others: unknown[] = await tx.query(
    `SELECT FROM webhook_delivery WHERE endpoint_id = $1 AND id <> $2
        AND (status = 'waiting' AND attempts > 0 OR status = 'calling' AND attempts > 1) LIMIT 1`,
    [endpointId, id],
  );
  return others.length > 0;
}

async function endFailures(tx: EntityManager, endpointId: string): Promise<void> {
  await tx.query(
    'UPDATE webhook_endpoint SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL',
    [endpointId],
  );
}

/**
 * @param isRetrying whether the failures of before count on
 * @returns true when the endpoint was disabled by this very failure
 */
async function noteFailure(tx: EntityManager, endpointId: string, isRetrying: boolean): Promise<boolean> {
  const [rows]: [{ isDisabled: boolean }[], number] = await tx.query(
    `UPDATE webhook_endpoint
        SET failing_since = CASE WHEN $3::boolean THEN coalesce(failing_since, app_now()) ELSE app_now() END,
            disabled_at = CASE WHEN ${IS_OVER} THEN app_now() END,
            disabled_reason = CASE WHEN ${IS_OVER} THEN 'failing' END
      WHERE id = $1 AND disabled_at IS NULL
      RETURNING disabled_at IS NOT NULL AS "isDisabled"`,
    [endpointId, FAILING_DAYS, isRetrying],
  );
  return rows[0]?.isDisabled === true;
}

const IS_OVER = '$3::boolean AND failing_since < app_now() - make_interval(days => $2)';
