import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Deletes deliveries of more than 30 days, whatever became of them: they hold ids only, and have served. */
@Injectable()
export class ForgetDeliveries {
  async execute(tx: EntityManager): Promise<void> {
    await tx.query(
      `DELETE FROM webhook_delivery WHERE occurred_at < app_now() - interval '30 days' AND status <> 'calling'`,
    );
    for (const which of ['old', 'older'])
      await tx.query(
        `UPDATE webhook_endpoint SET ${which}_secret_sealed = NULL, ${which}_secret_until = NULL
          WHERE ${which}_secret_until < app_now()`,
      );
  }
}
