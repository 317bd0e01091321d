import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Journal } from '../access/journal.js';
import { isUuid } from '../shared/ids.js';
import { findManagedEndpoint } from './webhook.queries.js';

export interface ReplayDeliveriesCommand {
  readonly endpointId: string;
  /** Null: all those given up. */
  readonly deliveryId: string | null;
}

/** Calls again about the same things, under the same ids: the receiver leaves out what it has. */
@Injectable()
export class ReplayDeliveries {
  constructor(private readonly journal: Journal) {}

  /** @returns how many leave again @throws NotFound */
  async execute(tx: EntityManager, command: ReplayDeliveriesCommand, actor: Actor): Promise<number> {
    const { id, organizationId } = await findManagedEndpoint(tx, actor, command.endpointId);
    const { deliveryId } = command;
    if (deliveryId !== null && !isUuid(deliveryId)) return 0;
    const [, count]: [unknown, number] = await tx.query(
      `UPDATE webhook_delivery SET status = 'waiting', attempts = 0, due_at = app_now(), settled_at = NULL
        WHERE endpoint_id = $1 AND (id = $2::uuid OR ($2::uuid IS NULL AND event <> 'test' AND status = 'dead'))
          AND status IN ('dead', 'delivered')`,
      [id, deliveryId],
    );
    if (count > 0)
      await this.journal.record(tx, {
        ...{ action: 'webhook.replayed', objectId: id, organizationId },
        detail: { count },
      });
    return count;
  }
}
