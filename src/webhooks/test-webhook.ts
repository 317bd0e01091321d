import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Conflict } from '../shared/domain-error.js';
import { findManagedEndpoint } from './webhook.queries.js';

/** A call about nothing, to see whether the receiver answers and checks the signature. */
@Injectable()
export class TestWebhook {
  /** @throws NotFound, Conflict when the endpoint is disabled */
  async execute(tx: EntityManager, endpointId: string, actor: Actor): Promise<void> {
    const { id, disabledAt } = await findManagedEndpoint(tx, actor, endpointId);
    if (disabledAt !== null) throw new Conflict('the webhook');
    await sendTest(tx, id);
  }
}

/** Leaves with the next round of deliveries, once. */
export async function sendTest(tx: EntityManager, endpointId: string): Promise<void> {
  await tx.query(
    `INSERT INTO webhook_delivery (endpoint_id, event_id, event, organization_id, state)
     SELECT id, gen_random_uuid(), 'test', organization_id, 'test' FROM webhook_endpoint WHERE id = $1`,
    [endpointId],
  );
}
