import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Deletes deliveries of more than 30 days, whatever became of them: they hold ids only, and have served. */
@Injectable()
export class ForgetDeliveries {
  async execute(tx: EntityManager): Promise<void> {
    await tx.query(
      `DELETE FROM webhook_delivery WHERE occurred_at < app_now() - interval '30 days' AND status <> 'calling'`,
    );
    await tx.query(
      `UPDATE webhook_endpoint SET old_secret_sealed = NULL, old_secret_until = NULL
        WHERE old_secret_until < app_now()`,
    );
  }
}
