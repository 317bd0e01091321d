import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Journal } from '../access/journal.js';
import { DomainError } from '../shared/domain-error.js';
import type { CreatedWebhook } from './create-webhook.js';
import { OLD_SECRET_DAYS } from './domain/webhook.js';
import { findManagedEndpoint } from './webhook.queries.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** Two old secrets sign beside the new one: a fourth would end one that the receiver may still have. */
export class OldSecrets extends DomainError {
  readonly code = 'conflict';
  override readonly about = 'old-secrets';
  constructor() {
    super('two old secrets of the webhook still sign');
  }
}

/**
 * A new secret; the old one signs beside it for seven days, so that no call is refused meanwhile. Replaced again within
 * them, both sign on: nobody knows which one the receiver has, the new one of before may never have come to it.
 */
@Injectable()
export class RotateWebhookSecret {
  constructor(
    private readonly secrets: WebhookSecrets,
    private readonly journal: Journal,
  ) {}

  /** @throws NotFound, OldSecrets */
  async execute(tx: EntityManager, endpointId: string, actor: Actor): Promise<CreatedWebhook> {
    const { id, organizationId } = await findManagedEndpoint(tx, actor, endpointId);
    const secret = this.secrets.make();
    const sealed = this.secrets.seal(id, secret);
    const [, count]: [unknown, number] = await tx.query(ROTATE, [id, sealed, OLD_SECRET_DAYS]);
    if (count === 0) throw new OldSecrets();
    await this.journal.record(tx, {
      ...{ action: 'webhook.changed', objectId: id, organizationId },
      detail: { change: 'secret-rotated' },
    });
    return { id, secret };
  }
}

const ROTATE = `
UPDATE webhook_endpoint
   SET older_secret_sealed = CASE WHEN old_secret_until > app_now() THEN old_secret_sealed END,
       older_secret_until = CASE WHEN old_secret_until > app_now() THEN old_secret_until END,
       old_secret_sealed = secret_sealed, old_secret_until = app_now() + make_interval(days => $3),
       secret_sealed = $2
 WHERE id = $1 AND (older_secret_until IS NULL OR older_secret_until <= app_now())`;
