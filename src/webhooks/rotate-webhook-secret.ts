import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Journal } from '../access/journal.js';
import type { CreatedWebhook } from './create-webhook.js';
import { OLD_SECRET_DAYS } from './domain/webhook.js';
import { findEndpoint } from './webhook.queries.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** A new secret; the old one signs beside it for seven days, so that no call is refused meanwhile. */
@Injectable()
export class RotateWebhookSecret {
  constructor(
    private readonly secrets: WebhookSecrets,
    private readonly journal: Journal,
  ) {}

  /** @throws NotFound */
  async execute(tx: EntityManager, endpointId: string, actor: Actor): Promise<CreatedWebhook> {
    const { id, organizationId } = await findEndpoint(tx, actor, endpointId);
    const secret = this.secrets.make();
    await tx.query(
      `UPDATE webhook_endpoint SET old_secret_sealed = secret_sealed, secret_sealed = $2,
              old_secret_until = app_now() + make_interval(days => $3) WHERE id = $1`,
      [id, this.secrets.seal(id, secret), OLD_SECRET_DAYS],
    );
    await this.journal.record(tx, {
      ...{ action: 'webhook.changed', objectId: id, organizationId },
      detail: { change: 'secret-rotated' },
    });
    return { id, secret };
  }
}
