import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import type { Actor } from '../access/actor.js';
import { reaches } from '../access/domain/rights.js';
import { Journal } from '../access/journal.js';
import { type FieldError, NotFound, ValidationFailed } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { isWebhookEvent } from './domain/webhook.js';
import { checkWebhookUrl } from './domain/webhook-url.js';
import { sendTest } from './test-webhook.js';
import { WebhookSecrets } from './webhook-secrets.js';

export interface CreateWebhookCommand {
  readonly organizationId: string;
  readonly url: string;
  readonly events: readonly string[];
}

export interface CreatedWebhook {
  readonly id: string;
  /** Shown once. */
  readonly secret: string;
}

/** A receiver of what happens at a service; it is called at once, as a test. */
@Injectable()
export class CreateWebhook {
  constructor(
    private readonly env: Env,
    private readonly secrets: WebhookSecrets,
    private readonly journal: Journal,
  ) {}

  /** @throws NotFound, ValidationFailed */
  async execute(tx: EntityManager, command: CreateWebhookCommand, actor: Actor): Promise<CreatedWebhook> {
    const { organizationId } = command;
    if (!isUuid(organizationId) || !reaches(actor, 'webhook.manage', organizationId))
      throw new NotFound('organization');
    const url = this.checked(command);
    const id = randomUUID();
    const secret = this.secrets.make();
    const rows: unknown[] = await tx.query(
      `INSERT INTO webhook_endpoint (id, organization_id, url, events, secret_sealed, created_by)
       SELECT $1, o.id, $3, $4, $5, $6 FROM organization o WHERE o.id = $2 RETURNING id`,
      [id, organizationId, url, [...new Set(command.events)], this.secrets.seal(id, secret), actor.agentId],
    );
    if (rows.length === 0) throw new NotFound('organization');
    await sendTest(tx, id);
    await this.journal.record(tx, {
      ...{ action: 'webhook.changed', objectId: id, organizationId },
      detail: { change: 'created', events: command.events },
    });
    return { id, secret };
  }

  private checked({ url, events }: CreateWebhookCommand): string {
    const isRelaxed = this.env.APP_ENV === 'demo' || this.env.APP_ENV === 'test';
    const checked = checkWebhookUrl(url, { isRelaxed });
    const faults: FieldError[] = checked instanceof URL ? [] : [checked];
    if (events.length === 0 || !events.every(isWebhookEvent))
      faults.push({ field: 'events', code: 'isIn', message: 'at least one known event' });
    if (faults.length > 0 || !(checked instanceof URL)) throw new ValidationFailed(faults);
    return checked.href;
  }
}
